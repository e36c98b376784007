"""Halls that only the registry knows: no schema, no domain. Audiences, lists and previews need no more."""

from collections.abc import Iterable
from functools import cache

from django.db.models import Max

from foundation.rows import draw_id
from foundation.sounds import spelled_out
from province.halls.models import Division, DivisionCode, Hall, HallGeneration, HallKind
from province.halls.states import HallState
from standards.numbers.divisions import PREFIX_LENGTH
from tests.factories.copies import save_with_copies
from tests.factories.halls import FOUNDED

# in place of the number in a name
_NUMBER = "*"


def register_halls(places: Iterable[tuple[str, HallKind]]) -> list[Hall]:
    """One live hall for each division prefix and kind."""
    first, *others = places
    last = Hall.objects.aggregate(number=Max("number"))["number"]
    made = [_rows(place, last + number) for number, place in enumerate((first, *others), start=1)]
    for place, model in enumerate((Division, DivisionCode, Hall, HallGeneration)):
        head, *rest = [rows[place] for rows in made]
        save_with_copies(model(**head), rest)
    return list(Hall.objects.filter(number__gt=last).select_related("division").order_by("number"))


@cache
def _sounds() -> tuple[str, str]:
    """How the names of a division and its hall sound, but for the number in them: to spell out the names of ten
    thousand halls takes seconds of the processor."""
    return spelled_out(f"区划{_NUMBER}"), spelled_out(f"区划{_NUMBER}服务厅")


def _rows(place: tuple[str, HallKind], number: int) -> tuple[dict[str, object], ...]:
    """Of the division, its code, its hall and the hall's generation."""
    prefix, kind = place
    name = f"区划{prefix}"
    of_division, of_hall = (sounds.replace(_NUMBER, prefix) for sounds in _sounds())
    division_id, hall_id = draw_id(), draw_id()
    code = {"code": prefix.ljust(12, "0"), "name": name, "valid_from": FOUNDED}
    hall = {
        "id": hall_id,
        "number": number,
        "schema_name": f"unmade_{prefix}",
        "name": f"{name}服务厅",
        "sounds": of_hall,
        "short_name": name,
        "kind": kind,
        "division_id": division_id,
        "prefixes": [prefix[:length] for length in PREFIX_LENGTH.values() if length <= len(prefix)],
        "slug": f"registered-{prefix}",
        "state": HallState.LIVE,
    }
    division = {"id": division_id, "sounds": of_division, "level": kind} | code
    return division, {"id": draw_id(), "division_id": division_id} | code, hall, {"hall_id": hall_id}
