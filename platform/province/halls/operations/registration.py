"""Enter new halls into the registry, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from province.audit.operations import record_act
from province.halls.models import Division, Hall, HallDomain, HallFigures, HallGeneration, HallKind
from province.halls.queries.naming import hall_name, place_name
from province.halls.queries.prefixes import prefixes_of_divisions
from province.halls.states import HALL_TRANSITIONS, HallState
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role
from standards.numbers.divisions import PREFIX_LENGTH, DivisionLevel

declare(
    "halls.manage", "管理区划与服务厅", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR, Role.SYSTEM_ADMINISTRATOR}
)

# what a new hall takes over from the hall of its county (or, where that has none, of its city)
_INHERITED = ("accent_colour", "emblem_key", "organiser", "site_code", "icp_number", "police_number")
_SHORT = 20


@dataclass(frozen=True, slots=True)
class NewHall:
    """A hall to be: what is settled of it before it is made."""

    division: Division
    kind: HallKind
    number: int
    slug: str


@transaction.atomic
def register_halls(*, by: Actor, new: Sequence[NewHall], columns: dict[str, dict[str, str]]) -> list[Hall]:
    """Rows, domains, generations and figures of new halls, which are on trial from now on.

    The caller makes their schemas in the same transaction. ``columns``: kind -> code -> name of the columns that the
    site begins with.
    """
    require(by, "halls.manage")
    HALL_TRANSITIONS.check(HallState.PLANNED, HallState.TRIAL)
    prefixes = prefixes_of_divisions([one.division.pk for one in new])
    branding = _branding_above(new)
    halls = Hall.objects.bulk_create(
        Hall(
            number=one.number,
            schema_name=f"hall_{one.number:06d}",
            name=hall_name(one.division, one.kind),
            short_name=place_name(one.division)[:_SHORT],
            kind=one.kind,
            division=one.division,
            prefixes=prefixes[one.division.pk],
            slug=one.slug,
            state=HallState.TRIAL,
            **branding[one.division.pk],
        )
        for one in new
    )
    HallDomain.objects.bulk_create(
        HallDomain(tenant=hall, domain=f"{hall.slug}.{settings.BASE_DOMAIN}", is_primary=True) for hall in halls
    )
    HallGeneration.objects.bulk_create(HallGeneration(hall=hall) for hall in halls)
    HallFigures.objects.bulk_create(HallFigures(hall=hall, columns=_figures(columns[hall.kind])) for hall in halls)
    for hall in halls:
        record_act(
            by=by,
            act="halls.provision",
            object_type="hall",
            object_id=hall.id,
            hall_id=hall.id,
            changes={"state": [HallState.PLANNED, HallState.TRIAL]},
        )
    return halls


def _figures(columns: dict[str, str]) -> dict[str, dict[str, object]]:
    return {code: {"name": name, "articles": 0, "last_published_at": None} for code, name in columns.items()}


def _branding_above(new: Sequence[NewHall]) -> dict[object, dict[str, str]]:
    """For each division, what the nearest hall of a county or city above it looks like."""
    above = {one.division.pk: _codes_above(one.division) for one in new}
    wanted = {code for codes in above.values() for code in codes}
    governing = (HallKind.COUNTY, HallKind.CITY)
    halls = {
        hall.division.code: hall
        for hall in Hall.objects.filter(division__code__in=wanted, kind__in=governing).select_related("division")
    }
    names = dict(
        Division.objects.filter(code__in=wanted, valid_to=None, is_government=True).values_list("code", "name")
    )
    branding: dict[object, dict[str, str]] = {}
    for one in new:
        codes = above[one.division.pk]
        nearest = next((halls[code] for code in codes if code in halls and halls[code].division != one.division), None)
        inherited = {name: getattr(nearest, name) for name in _INHERITED} if nearest else {}
        if not inherited.get("organiser"):
            government = next((names[code] for code in codes if code in names), one.division.name)
            inherited["organiser"] = f"{government}人民政府"
        branding[one.division.pk] = inherited
    return branding


def _codes_above(division: Division) -> list[str]:
    """Of the county and the city that a division lies in (or is), nearest first."""
    governing = (DivisionLevel.COUNTY, DivisionLevel.CITY)
    lengths = [PREFIX_LENGTH[level] for level in governing if PREFIX_LENGTH[level] <= PREFIX_LENGTH[division.level]]
    return [division.code[:length].ljust(len(division.code), "0") for length in lengths]
