"""地点清单: the places that the hall keeps, for its desk and for its forms."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from province.designers.queries.places import OfferedPlaces, places_of_field
from standards.forms.fields.base import Value
from standards.forms.fields.places import DATUM_LABELS, Datum, MappedPlace, MapPlaceField
from standards.forms.filling import KnownPlace
from tenants.workflow.models import FormVersion, HallPlace
from tenants.workflow.queries.forms import definition_of

NO_PLACE: Final = "没有这个地点，它可能属于其他服务厅。"
_LONGEST_SEARCH: Final = 60
STATES: Final = {"used": "在用", "ended": "停用"}
_DEFAULT_DATUM: Final[Datum] = "cgcs2000"


def places_at_desk(*, search: str = "", state: str = "", kind: str = "") -> QuerySet[HallPlace]:
    """The list, by its names. ``state``: used or ended; ``kind``: of this kind alone, "" for all."""
    found = HallPlace.objects.order_by("-is_in_use", "name", "pk")
    if kind:
        found = found.filter(kind=kind)
    for word in search[:_LONGEST_SEARCH].split():
        found = found.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(keeper__icontains=word))
    return found.filter(is_in_use=state == "used") if state in STATES else found


def place_with_id(place_id: UUID) -> HallPlace:
    """Raises NotFound, also for another hall's."""
    found = HallPlace.objects.filter(pk=place_id).first()
    if found is None:
        raise NotFound(NO_PLACE)
    return found


def places_in_use() -> QuerySet[HallPlace]:
    """Those that forms offer, by their names."""
    return HallPlace.objects.filter(is_in_use=True).order_by("name", "pk")


def offered_places() -> OfferedPlaces:
    """One query."""
    rows = list(places_in_use())
    return OfferedPlaces(
        places=tuple(
            MappedPlace(
                code=str(one.pk),
                label=one.name,
                address=one.address,
                longitude=_degrees(one.longitude),
                latitude=_degrees(one.latitude),
            )
            for one in rows
        ),
        datum=next((_datum(one.datum) for one in rows if one.longitude is not None), _DEFAULT_DATUM),
        hints={str(one.pk): _hint(one) for one in rows},
        kinds={str(one.pk): one.kind for one in rows},
    )


def kinds_in_list() -> list[str]:
    """Of all places of the list, by their words."""
    return sorted(set(HallPlace.objects.exclude(kind="").values_list("kind", flat=True)))


def kinds_in_use() -> list[str]:
    """Of the places that forms offer, by their words; those that have none are not among them."""
    return sorted(set(places_in_use().exclude(kind="").order_by().values_list("kind", flat=True)))


def with_places(version: FormVersion) -> dict[str, Any]:
    """Its definition as another hall can use it, which does not have this one's list: fields that choose from the list
    have its places written into them. One query where there is such a field."""
    made: dict[str, Any] = version.definition
    fields = [one for one in definition_of(version).fields if isinstance(one, MapPlaceField) and one.is_of_hall]
    offered = offered_places() if fields else None
    if offered is None:
        return made
    written = {one.name: _written(places_of_field(one, offered)) for one in fields}
    parts = [part | {"fields": [_with_written(one, written) for one in part["fields"]]} for part in made["parts"]]
    return made | {"parts": parts}


def _written(offered: OfferedPlaces) -> dict[str, Any]:
    """As the field has them in a definition; nothing where there are none."""
    if not offered.places:
        return {}
    return {"places": [one.model_dump(exclude_none=True) for one in offered.places], "datum": offered.datum}


def _with_written(one: dict[str, Any], written: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """A field with its places, which needs no kinds any more."""
    if not (places := written.get(one["name"])):
        return one
    return {name: value for name, value in one.items() if name != "kinds"} | places


class KnownPlaces:
    """The places that may stand in a form, read at the first question.

    ``kept``: values of the form's fields that were sent or carried here already: what was chosen then stays as it was,
    however the list has changed since. ``is_carried``: whether it was chosen at another hall, or in another form, so
    that a place may have gone out of use, or become one of another kind, on the way.
    """

    def __init__(self, kept: Iterable[Value] = (), *, is_carried: bool = False) -> None:
        self._kept = dict(_kept_place(value) for value in kept if isinstance(value, Mapping) and value.get("name"))
        self._is_carried = is_carried
        self._found: dict[str, HallPlace] | None = None

    def place(self, code: str, kinds: Collection[str]) -> KnownPlace | None:
        if kept := self._kept.get(code):
            return kept
        if self._found is None:
            rows = HallPlace.objects.all() if self._is_carried else places_in_use()
            self._found = {str(one.pk): one for one in rows}
        found = self._found.get(code)
        is_offered = found and (self._is_carried or not kinds or found.kind in kinds)
        return _known(found) if found and is_offered else None


def _known(one: HallPlace) -> KnownPlace:
    return KnownPlace(one.name, one.address, _degrees(one.longitude), _degrees(one.latitude), one.datum)


def _kept_place(value: Mapping[str, Any]) -> tuple[str, KnownPlace]:
    degrees = (value.get(name) for name in ("longitude", "latitude"))
    longitude, latitude = (one if isinstance(one, int | float) else None for one in degrees)
    known = KnownPlace(str(value["name"]), str(value.get("address") or ""), longitude, latitude)
    return str(value.get("code") or ""), replace(known, datum=_datum(str(value.get("datum"))))


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)


def _datum(text: str) -> Datum:
    return next((one for one in DATUM_LABELS if one == text), _DEFAULT_DATUM)


def _hint(one: HallPlace) -> str:
    phone = f"电话：{one.phone}" if one.phone else ""
    return "，".join(said for said in (one.address, phone) if said)
