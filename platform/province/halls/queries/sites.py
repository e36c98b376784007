"""Where halls' sites are, for readers who look for theirs."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from province.halls.models import Division, Hall, HallDomain, HallKind
from province.halls.states import HallState

OPEN_STATES = (HallState.TRIAL, HallState.LIVE)
LONGEST_LIST = 400
_MOST_FOUND = 60
# digits of a county's prefix
_COUNTY = 6
_STANDARD_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site, as the public index shows it. ``address``: of its home page; ``street`` and ``phone``: of the hall."""

    name: str
    code: str
    kind: str
    state: str
    address: str
    parent_name: str
    street: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SiteGroup:
    """A city (or a county that stands under none) with its own site, if it has one, and those of its counties."""

    head: SiteLine | None
    name: str
    code: str
    sites: list[SiteLine]


def site_address(domain: str) -> str:
    """``https://dangyang.example.cn``: the address of a hall's home page, without a slash at the end."""
    port = settings.PUBLIC_PORT
    is_standard = port == _STANDARD_PORT.get(settings.PUBLIC_SCHEME)
    return f"{settings.PUBLIC_SCHEME}://{domain}{'' if is_standard else f':{port}'}"


def with_domain(halls: QuerySet[Hall]) -> QuerySet[Hall]:
    """The halls, each with its primary ``domain_name`` (or None)."""
    primary = HallDomain.objects.filter(tenant_id=OuterRef("pk"), is_primary=True).values("domain")[:1]
    return halls.annotate(domain_name=Subquery(primary))


def site_of_hall(hall: Hall) -> str:
    """The address of its site, "" where that is not open."""
    found = with_domain(Hall.objects.filter(pk=hall.pk, state__in=OPEN_STATES)).first()
    return site_address(str(found.domain_name)) if found else ""


def open_addresses(hall_ids: Collection[UUID]) -> dict[UUID, str]:
    """Id of a hall → the address of its site, of those of these halls whose site is open: one query, none where nobody
    is asked for."""
    if not hall_ids:
        return {}
    halls = with_domain(Hall.objects.filter(pk__in=hall_ids, state__in=OPEN_STATES))
    return {one.pk: site_address(str(one.domain_name)) for one in halls}


def site_index() -> list[SiteGroup]:
    """Open sites of cities and counties, grouped by city: two queries."""
    lines = _lines(_open_halls().filter(kind__in=(HallKind.CITY, HallKind.COUNTY)).order_by("division__code"))
    cities = Division.objects.filter(level="city", valid_to=None).order_by("code").values_list("code", "name")
    by_city: dict[str, list[SiteLine]] = {}
    for line in lines:
        by_city.setdefault(line.code[:4], []).append(line)
    groups = []
    for code, name in cities:
        found = by_city.pop(code[:4], [])
        head = next((line for line in found if line.kind == HallKind.CITY), None)
        if found:
            groups.append(SiteGroup(head, name, code, [line for line in found if line is not head]))
    return groups


def sites_below(code: str) -> list[SiteLine]:
    """Open sites below a county or township, townships first: at most 400."""
    division = Division.objects.filter(code=code, valid_to=None).first()
    if division is None:
        return []
    halls = _open_halls().filter(division__code__startswith=division.prefix).exclude(division__code=code)
    return _lines(halls.order_by("division__level", "division__code")[:LONGEST_LIST])


def sites_above(hall: Hall, *, among: QuerySet[Any, Any]) -> list[SiteLine]:
    """Open sites of the places in which this hall lies, the nearest first. ``among``: the ids of those that count."""
    return _lines(_halls_above(hall).filter(pk__in=among))


def sites_above_by_id(hall: Hall) -> dict[UUID, SiteLine]:
    """Id of a hall -> its open site, for the places in which this hall lies, the nearest first: one query."""
    return {found.pk: _line(found) for found in _halls_above(hall).select_related("division")}


def open_halls_below(hall: Hall) -> QuerySet[Hall]:
    """The halls with an open site in the places below this one."""
    return _open_halls().filter(prefixes__contains=[hall.prefixes[-1]]).exclude(pk=hall.pk)


def sites_near(hall: Hall, words: str, *, most: int) -> list[SiteLine]:
    """Open sites of this hall's county, or of its city where it is the city's, whose name or place holds the words; the
    higher a place, the earlier. What it costs depends on the county, not on how many halls there are."""
    county = next((one for one in hall.prefixes if len(one) == _COUNTY), hall.prefixes[-1])
    halls = _open_halls().filter(prefixes__contains=[county]).exclude(pk=hall.pk)
    halls = halls.filter(Q(name__icontains=words) | Q(division__name__icontains=words))
    return _lines(halls.order_by("division__level", "division__code")[:most])


def find_sites(words: str, *, most: int = _MOST_FOUND) -> list[SiteLine]:
    """Open sites whose name or place holds all the words; the higher a place, the earlier."""
    halls = _open_halls()
    for word in words.split()[:4]:
        halls = halls.filter(Q(name__icontains=word) | Q(division__name__icontains=word) | Q(division__code=word))
    return _lines(halls.order_by("division__level", "division__code")[:most])


def sites_among(among: QuerySet[Any, Any], words: str, *, most: int) -> list[SiteLine]:
    """Open sites of these halls (their ids) whose name or place holds the words; the higher a place, the earlier."""
    halls = _open_halls().filter(pk__in=among)
    if words:
        halls = halls.filter(Q(name__icontains=words) | Q(division__name__icontains=words))
    return _lines(halls.order_by("division__level", "division__code")[:most])


def _halls_above(hall: Hall) -> QuerySet[Hall]:
    return _open_halls().filter(prefixes__contained_by=hall.prefixes).exclude(pk=hall.pk).order_by("-division__code")


def _open_halls() -> QuerySet[Hall]:
    halls = Hall.objects.filter(state__in=OPEN_STATES, division__valid_to=None, domains__is_primary=True)
    return with_domain(halls).annotate(parent_name=F("division__parent__name"))


def _lines(halls: QuerySet[Hall]) -> list[SiteLine]:
    return [_line(hall) for hall in halls.select_related("division")]


def _line(hall: Any) -> SiteLine:
    """Of a hall of ``_open_halls``, with its division."""
    address = site_address(hall.domain_name)
    return SiteLine(
        hall.name,
        hall.division.code,
        hall.kind,
        hall.state,
        address,
        hall.parent_name or "",
        hall.address,
        hall.phone,
    )
