"""Cities and counties by light: green where nothing is wrong, yellow and red with what is."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone

from province.console.queries.pictures import Reason, findings, light_of, reasons_of
from province.console.slots import Area, FindingKind, Light, LightPart, PlaceFinding
from province.halls.models import Division, Hall, HallKind
from province.halls.queries.columns import columns_sql
from province.halls.queries.site_checks import IS_CHECKED_SQL, LIGHTS_SQL
from province.halls.states import HallState

_CITY = 4


@dataclass(slots=True)
class PlaceLight:
    """One place. ``halls``: those that stand open, of it and below it. ``below``: the places of a city."""

    name: str
    code: str
    halls: int
    light: Light
    reasons: list[Reason]
    below: list["PlaceLight"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AreaLights:
    """The places of an area, each with its own; ``counts``: how many of those compared have which light."""

    places: list[PlaceLight]
    counts: Mapping[Light, int]


def area_lights(area: Area) -> AreaLights:
    """Of the province its cities with their counties; of a county its townships. Some ten queries, whatever the number
    of halls."""
    halls = _open_halls(area)
    found = findings(area)
    divisions = _divisions(area)
    places = [_place(one, halls, found, area) for one in divisions if one.code[: area.digits] in halls]
    counts = Counter(place.light for place in places)
    if area.digits > 6:  # noqa: PLR2004 - townships and villages stand in no further order
        return AreaLights(places, counts)
    return AreaLights(list(_by_city(places, found, area)), counts)


def _by_city(places: list[PlaceLight], found: Mapping[str, Mapping[str, int]], area: Area) -> Iterator[PlaceLight]:
    """Each city with what is wrong in itself and in its counties."""
    cities = {one.prefix: one for one in Division.objects.filter(level="city", valid_to=None)}
    for prefix in sorted({place.code[:_CITY] for place in places}):
        below = [place for place in places if place.code[:_CITY] == prefix and not place.code[_CITY:].startswith("00")]
        own = [place for place in places if place.code[:_CITY] == prefix and place.code[_CITY:].startswith("00")]
        city = cities.get(prefix)
        code = city.code if city else f"{prefix:0<12}"
        total: Counter[str] = Counter()
        for key, counted in found.items():
            if key[:_CITY] == prefix:
                total.update(counted)
        reasons = reasons_of(total, code=code, area=area)
        number = sum(place.halls for place in (*below, *own))
        yield PlaceLight(city.name if city else code, code, number, light_of(reasons), reasons, below)


def _place(
    division: Division, halls: Mapping[str, int], found: Mapping[str, Mapping[str, int]], area: Area
) -> PlaceLight:
    key = division.code[: area.digits]
    reasons = reasons_of(found.get(key, {}), code=division.code, area=area)
    return PlaceLight(division.name, division.code, halls[key], light_of(reasons), reasons)


def _divisions(area: Area) -> list[Division]:
    """What is compared: counties (and the cities themselves, for their own halls), or the townships of a county."""
    rest = "0" * (12 - area.digits)
    ends = Q(code__endswith=rest) & ~Q(level="province")
    found = Division.objects.filter(ends, code__startswith=area.prefix, valid_to=None)
    return list(found.exclude(code=area.prefix.ljust(12, "0") if area.digits > 6 else "").order_by("code"))  # noqa: PLR2004


def _open_halls(area: Area) -> dict[str, int]:
    halls = _within(area).exclude(state__in=(HallState.PLANNED, HallState.RETIRED))
    return dict(halls.values_list("place").annotate(Count("pk")))


def _within(area: Area) -> QuerySet[Any, Any]:
    halls = Hall.objects.order_by().annotate(place=Left("division__code", area.digits))
    return halls.filter(division__code__startswith=area.prefix)


# -- what halls themselves contribute


def find_in_halls(area: Area) -> Iterator[PlaceFinding]:
    """Suspended halls, suspensions that should have ended, hosts that do not answer, sites that fail their checks."""
    suspended = _within(area).filter(state=HallState.SUSPENDED)
    late = Q(suspended_until__lt=timezone.now())
    counts = suspended.values_list("place").annotate(every=Count("pk"), overdue=Count("pk", filter=late))
    for place, every, overdue in counts:
        yield PlaceFinding("halls.suspended", place, every - overdue)
        yield PlaceFinding("halls.overdue", place, overdue)
    with connection.cursor() as cursor:
        cursor.execute(_failing_sql(), {"digits": area.digits, "prefix": area.prefix})
        rows = cursor.fetchall()
    for place, closed, own, others in rows:
        yield PlaceFinding("halls.closed", place, closed)
        yield PlaceFinding("halls.own_site", place, own)
        yield PlaceFinding("halls.lower_sites", place, others)


_OWN_KINDS = ", ".join(f"'{kind}'" for kind in (HallKind.CITY, HallKind.COUNTY))
_IS_WITHIN = "starts_with((SELECT code FROM halls_division WHERE id = h.division_id), %(prefix)s)"


def _failing_sql() -> str:
    """Not a constant: which tables fill columns is known once all apps have contributed."""
    return f"""
    {columns_sql(f"{IS_CHECKED_SQL} AND {_IS_WITHIN}")} {LIGHTS_SQL}
    SELECT left(division.code, %(digits)s), coalesce(sum(lights.closed), 0)::int,
        count(*) FILTER (WHERE closed = 0 AND hall.kind IN ({_OWN_KINDS})),
        count(*) FILTER (WHERE closed = 0 AND hall.kind NOT IN ({_OWN_KINDS}))
    FROM lights JOIN halls_hall AS hall ON hall.id = lights.hall_id
        JOIN halls_division AS division ON division.id = hall.division_id
    WHERE light = 'red' GROUP BY 1
    """  # noqa: S608 - only constants of ours


def _halls_page(**asked: str) -> Callable[[str], str]:
    def address(code: str) -> str:
        return reverse("console-halls", query={**asked, "under": code})

    return address


HALL_LIGHTS = LightPart(
    {
        "halls.closed": FindingKind(Light.RED, "个域名打不开", _halls_page(light="red")),
        "halls.overdue": FindingKind(Light.RED, "个服务厅暂停已过预计恢复时间", _halls_page(state="suspended")),
        "halls.own_site": FindingKind(Light.RED, "个市县级网站检查不合格", _halls_page(light="red")),
        "halls.suspended": FindingKind(Light.YELLOW, "个服务厅暂停", _halls_page(state="suspended")),
        "halls.lower_sites": FindingKind(Light.YELLOW, "个乡镇、村网站检查不合格", _halls_page(light="red")),
    },
    find_in_halls,
)
