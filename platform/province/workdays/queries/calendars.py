"""The calendar of a place: the one way in which anything counts working days.

Every process keeps the published calendars, under the generation that they were read with: one query says whether they
are still the newest, for one hall or for thirty thousand.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.written import rows_once
from province.workdays.models import CalendarDay, CalendarGeneration, YearCalendar
from province.workdays.states import CalendarState
from standards.workdays import WorkCalendar

WHOLE_COUNTRY = ""


@dataclass(frozen=True, slots=True)
class ArrangedYear:
    """What one authority has arranged for a year."""

    prefix: str
    year: int
    days: tuple[tuple[date, bool, str], ...]


@dataclass(slots=True)
class KeptCalendars:
    """What a process has read, and of which generation. ``merged``: by the prefixes that hold at a place."""

    mark: UUID | None
    years: tuple[ArrangedYear, ...]
    merged: dict[tuple[str, ...], WorkCalendar] = field(default_factory=dict)

    def of(self, code: str) -> WorkCalendar:
        prefixes = tuple(sorted({one.prefix for one in self.years if code.startswith(one.prefix)}))
        found = self.merged.get(prefixes)
        if found is None:
            found = self.merged[prefixes] = merged(one for one in self.years if one.prefix in prefixes)
        return found


_kept: list[KeptCalendars] = []


def calendar_of(code: str, *, at: datetime | None = None) -> WorkCalendar:
    """The working days of the place with this division code: those of the whole country, and what the province and the
    areas to which it belongs have arranged besides. One query; three where a calendar was published since.

    ``at``: as it was known at that moment (three queries, never kept).
    """
    if at is not None:
        was_there = Q(published_at__lte=at) & (Q(replaced_at=None) | Q(replaced_at__gt=at))
        return KeptCalendars(None, _read(was_there)).of(code)
    return calendar_at_mark(generation_of_calendars(), code)


def national_calendar() -> WorkCalendar:
    """The State Council's alone."""
    return calendar_of(WHOLE_COUNTRY)


def calendar_at_mark(mark: UUID | None, code: str) -> WorkCalendar:
    """As ``calendar_of``, for who has read the generation already: no query where nothing was published since. Newer
    calendars under an old mark are read again, never the other way round."""
    kept = _kept[0] if _kept else None
    if kept is None or kept.mark != mark:
        kept = KeptCalendars(mark, _read(Q(state=CalendarState.PUBLISHED)))
        _kept[:] = [kept]
    return kept.of(code)


def generation_of_calendars() -> UUID | None:
    return next((mark for (mark,) in rows_once(_marks)), None)


def _marks() -> QuerySet[CalendarGeneration, UUID]:
    return CalendarGeneration.objects.order_by("pk").values_list("mark", flat=True)[:1]


def merged(years: Iterable[ArrangedYear]) -> WorkCalendar:
    """One calendar: the wider place's first, so that the narrower place's word holds for a day that both name."""
    off: dict[date, str] = {}
    made_up: set[date] = set()
    published: set[int] = set()
    for one in sorted(years, key=lambda one: (len(one.prefix), one.year)):
        if one.prefix == WHOLE_COUNTRY:
            published.add(one.year)
        for day, is_off, name in one.days:
            if is_off:
                off[day] = name or off.get(day, "") or "放假"
                made_up.discard(day)
            else:
                made_up.add(day)
                off.pop(day, None)
    return WorkCalendar(off, frozenset(made_up), frozenset(published))


def arranged_years(*, but: YearCalendar | None = None) -> list[ArrangedYear]:
    """All that is published, without the version of one place and year: two queries."""
    found = _read(Q(state=CalendarState.PUBLISHED))
    return [one for one in found if but is None or (one.prefix, one.year) != (but.prefix, but.year)]


def arranged(calendar: YearCalendar) -> ArrangedYear:
    """What this version says: one query."""
    lines = calendar.days.order_by("day").values_list("day", "is_off", "name")
    return ArrangedYear(calendar.prefix, calendar.year, tuple(lines))


def _read(wanted: Q) -> tuple[ArrangedYear, ...]:
    calendars = list(YearCalendar.objects.filter(wanted))
    days: dict[UUID, list[tuple[date, bool, str]]] = {}
    lines = CalendarDay.objects.filter(calendar_id__in=[one.pk for one in calendars])
    for calendar_id, day, is_off, name in lines.values_list("calendar_id", "day", "is_off", "name"):
        days.setdefault(calendar_id, []).append((day, is_off, name))
    return tuple(ArrangedYear(one.prefix, one.year, tuple(days.get(one.pk, ()))) for one in calendars)
