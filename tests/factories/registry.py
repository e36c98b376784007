"""Halls that only the registry knows: no schema, no domain. Audiences, lists and previews need no more."""

from collections.abc import Iterable

from django.db.models import Max

from province.halls.models import Division, DivisionCode, Hall, HallGeneration, HallKind
from province.halls.states import HallState
from standards.numbers.divisions import PREFIX_LENGTH
from tests.factories.halls import FOUNDED


def register_halls(places: Iterable[tuple[str, HallKind]]) -> list[Hall]:
    """One live hall for each division prefix and kind."""
    wanted = list(places)
    last = Hall.objects.aggregate(number=Max("number"))["number"]
    divisions = Division.objects.bulk_create(
        Division(code=prefix.ljust(12, "0"), name=f"区划{prefix}", level=kind, valid_from=FOUNDED)
        for prefix, kind in wanted
    )
    DivisionCode.objects.bulk_create(
        DivisionCode(division=division, code=division.code, name=division.name, valid_from=FOUNDED)
        for division in divisions
    )
    halls = Hall.objects.bulk_create(
        Hall(
            number=last + place,
            schema_name=f"unmade_{prefix}",
            name=f"{division.name}服务厅",
            short_name=division.name,
            kind=kind,
            division=division,
            prefixes=[prefix[:length] for length in PREFIX_LENGTH.values() if length <= len(prefix)],
            slug=f"registered-{prefix}",
            state=HallState.LIVE,
        )
        for place, ((prefix, kind), division) in enumerate(zip(wanted, divisions, strict=True), start=1)
    )
    HallGeneration.objects.bulk_create(HallGeneration(hall=hall) for hall in halls)
    return halls
