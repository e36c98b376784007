"""Years for which nobody has published the State Council's notice, well before they begin."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone

from province.console.slots import Area, FindingKind, Light, LightPart, PlaceFinding, Waiting
from province.halls.models import Hall
from province.halls.states import HallState
from province.rights.actors import Actor
from province.rights.queries import may
from province.workdays.models import YearCalendar
from province.workdays.queries.calendars import WHOLE_COUNTRY
from province.workdays.states import CalendarState

# month and day. The notice comes in late October or November; a limit of thirty days set in December needs it
ASKED_FROM = (11, 1)
LATE_FROM = (12, 15)


@dataclass(frozen=True, slots=True)
class MissingYear:
    """``is_late``: the year has begun, or begins within some two weeks."""

    year: int
    is_late: bool


def missing_years(today: date | None = None) -> list[MissingYear]:
    """This year, and from November the next, as far as nothing is published for them: one query."""
    today = today or timezone.localdate()
    this, following = today.year, today.year + 1
    wanted = {this: True}
    if (today.month, today.day) >= ASKED_FROM:
        wanted[following] = (today.month, today.day) >= LATE_FROM
    there = YearCalendar.objects.filter(prefix=WHOLE_COUNTRY, state=CalendarState.PUBLISHED, year__in=wanted)
    known = set(there.values_list("year", flat=True))
    return [MissingYear(year, is_late) for year, is_late in wanted.items() if year not in known]


def calendars_waiting(by: Actor) -> Iterator[Waiting]:
    """For who keeps the calendars."""
    if may(by, "workdays.manage"):
        for one in missing_years():
            yield Waiting(f"{one.year}年放假安排未录入", 1, _page(one.year))


def find_missing(area: Area) -> Iterator[PlaceFinding]:
    """Every place with halls lacks the year: limits are counted there by the week alone."""
    missing = missing_years()
    if not missing:
        return
    halls = Hall.objects.order_by().filter(division__code__startswith=area.prefix)
    open_halls = halls.exclude(state__in=(HallState.PLANNED, HallState.RETIRED))
    places = set(open_halls.annotate(place=Left("division__code", area.digits)).values_list("place", flat=True))
    for kind, number in (
        ("workdays.late", sum(one.is_late for one in missing)),
        ("workdays.missing", sum(not one.is_late for one in missing)),
    ):
        if number:
            yield from (PlaceFinding(kind, place, number) for place in places)


def _page(year: int) -> str:
    return reverse("console-workdays", query={"year": year})


def _page_of(_: str) -> str:
    """The calendars' page names the years; the whole country has one."""
    return reverse("console-workdays")


CALENDAR_LIGHTS = LightPart(
    {
        "workdays.late": FindingKind(Light.RED, "个年度的放假安排还没有录入，期限只能预计", _page_of),
        "workdays.missing": FindingKind(Light.YELLOW, "个年度的放假安排等待录入", _page_of),
    },
    find_missing,
)
