"""A year of a place, day by day, and which versions of it there are."""

from calendar import Calendar, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.halls.models import Division
from province.workdays.models import YearCalendar
from province.workdays.queries.calendars import (
    WHOLE_COUNTRY,
    ArrangedYear,
    KeptCalendars,
    arranged,
    arranged_years,
)
from province.workdays.states import CalendarState
from standards.workdays import WorkCalendar, is_weekend

FIRST_YEAR: Final = 2004
LAST_YEAR: Final = 2099
STATE_COUNCIL: Final = "国务院办公厅"
COUNTRY: Final = "全国"
_SHORTEST_CODE: Final = 2


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day of the page. ``look``: work, rest (a weekend), off (a holiday), made_up or half; ``is_own``: this authority
    says so itself; ``is_new``: the draft says otherwise than what is in force."""

    day: date
    look: str
    name: str
    is_own: bool
    is_new: bool

    @property
    def word(self) -> str:
        return {"half": "半天办公", "work": "上班", "rest": "周末", "off": "放假", "made_up": "调休上班"}[self.look]


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """``weeks``: of seven days from Monday, None for those of other months."""

    number: int
    weeks: list[list[ShownDay | None]]
    workdays: int


@dataclass(frozen=True, slots=True)
class YearOfPlace:
    """What is shown and edited: the draft where there is one, else what is in force. ``is_known``: the State Council's
    notice for the year is published."""

    prefix: str
    place: str
    year: int
    draft: YearCalendar | None
    published: YearCalendar | None
    calendar: WorkCalendar
    months: list[ShownMonth]
    is_known: bool

    @property
    def shown(self) -> YearCalendar | None:
        return self.draft or self.published

    @property
    def revision(self) -> int:
        """That an editor has seen: 0 where there is no draft yet."""
        return self.draft.revision if self.draft else 0

    @property
    def workdays(self) -> int:
        return sum(one.workdays for one in self.months)


def year_of_place(prefix: str, year: int) -> YearOfPlace:
    """At most six queries. Raises NotFound for a place or a year that there is not."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(f"工作日历从 {FIRST_YEAR} 年到 {LAST_YEAR} 年。")
    place = place_name(prefix)
    states = (CalendarState.DRAFT, CalendarState.PUBLISHED)
    found = {one.state: one for one in YearCalendar.objects.filter(prefix=prefix, year=year, state__in=states)}
    draft, published = found.get(CalendarState.DRAFT), found.get(CalendarState.PUBLISHED)
    in_force = arranged_years()
    before = _of(in_force, prefix)
    own = next((one for one in in_force if (one.prefix, one.year) == (prefix, year)), None)
    after = before
    if draft:
        own = arranged(draft)
        after = _of([*(one for one in in_force if (one.prefix, one.year) != (prefix, year)), own], prefix)
    is_known = before.is_published(year)
    own_days = frozenset(line[0] for line in own.days) if own else frozenset()
    months = list(_months(year, after, before, own_days))
    return YearOfPlace(prefix, place, year, draft, published, after, months, is_known)


def months_of_year(year: int, calendar: WorkCalendar) -> list[ShownMonth]:
    """A year by this calendar. Raises NotFound for a year that there is not."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(f"工作日历从 {FIRST_YEAR} 年到 {LAST_YEAR} 年。")
    return list(_months(year, calendar, calendar, frozenset()))


def place_name(prefix: str) -> str:
    """Raises NotFound for digits that are no place's."""
    if prefix == WHOLE_COUNTRY:
        return COUNTRY
    found = Division.objects.filter(code=prefix.ljust(12, "0"), valid_to=None).first()
    if found is None or found.prefix != prefix or len(prefix) < _SHORTEST_CODE:
        raise NotFound("没有这个地方，可能区划代码输入有误。")
    return str(found.name)


def calendar_with_id(calendar_id: UUID) -> YearCalendar:
    """Raises NotFound."""
    found = YearCalendar.objects.filter(pk=calendar_id).first()
    if found is None:
        raise NotFound("没有这份工作日历，可能网址输入有误。")
    return found


def calendars_table(*, prefix: str | None = None, year: int | None = None) -> QuerySet[YearCalendar]:
    """All versions, or those of a place, of a year; the newest first."""
    rows = YearCalendar.objects.order_by("-year", "prefix", "-version")
    if prefix is not None:
        rows = rows.filter(prefix=prefix)
    return rows.filter(year=year) if year is not None else rows


def places_with_calendars() -> list[tuple[str, str]]:
    """Prefix and name of every place that has one, from the province down."""
    found = YearCalendar.objects.exclude(prefix=WHOLE_COUNTRY).values_list("prefix", flat=True).distinct()
    prefixes = sorted(found)
    named = Division.objects.filter(code__in=[one.ljust(12, "0") for one in prefixes], valid_to=None)
    names = dict(named.values_list("code", "name"))
    return [(one, names.get(one.ljust(12, "0"), one)) for one in prefixes]


def look_of(calendar: WorkCalendar, day: date) -> str:
    """How a day is shown: off, made_up, rest, half or work."""
    if calendar.is_made_up(day):
        return "made_up"
    if day in calendar.off:
        return "off"
    if is_weekend(day):
        return "rest"
    return "half" if day in calendar.half_days else "work"


def _of(years: list[ArrangedYear], prefix: str) -> WorkCalendar:
    return KeptCalendars(None, tuple(years)).of(prefix)


def _months(year: int, after: WorkCalendar, before: WorkCalendar, own_days: frozenset[date]) -> Iterator[ShownMonth]:
    for month in range(1, 13):
        weeks = [
            [_shown(day, after, before, own_days) if day.month == month else None for day in week]
            for week in Calendar().monthdatescalendar(year, month)
        ]
        days = (date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1))
        yield ShownMonth(month, weeks, sum(after.is_workday(day) for day in days))


def _shown(day: date, after: WorkCalendar, before: WorkCalendar, own_days: frozenset[date]) -> ShownDay:
    is_new = after.is_workday(day) != before.is_workday(day)
    name = after.holiday_name(day) or after.half_days.get(day, "")
    return ShownDay(day, look_of(after, day), name, day in own_days, is_new)
