"""Places to choose from, as fields offer them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from standards.forms.fields.places import Datum, MappedPlace, MapPlaceField


@dataclass(frozen=True, slots=True)
class OfferedPlaces:
    """Places to choose from, all in one ``datum``. By the code of each: ``hints``, what is said beneath it; ``kinds``,
    of which kind it is, where it is the hall's."""

    places: tuple[MappedPlace, ...]
    datum: Datum
    hints: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=dict)


def places_of_field(one: MapPlaceField, of_hall: OfferedPlaces | None) -> OfferedPlaces:
    """What a field lets people choose from; ``of_hall``: the hall's list, None where the field has places of its
    own."""
    if of_hall and one.is_of_hall:
        fitting = (place for place in of_hall.places if not one.kinds or of_hall.kinds[place.code] in one.kinds)
        return replace(of_hall, places=tuple(fitting))
    return OfferedPlaces(one.places, one.datum, {place.code: place.address for place in one.places})
