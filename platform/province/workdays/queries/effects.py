"""What the publication of a calendar would do to limits that are open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from province.halls.models import Hall
from province.halls.queries.divisions import names_of_codes
from province.workdays.models import HallDays, YearCalendar
from province.workdays.queries.calendars import WHOLE_COUNTRY, KeptCalendars, arranged, arranged_years, calendar_of
from province.workdays.queries.hall_days import calendar_of_hall, days_of, hall_days, moving_days_below, with_hall_days
from province.workdays.slots import LIMITS, LimitGroup
from standards.workdays import WorkCalendar, due_of

MOST_SHOWN: Final = 50
_COUNTY: Final = 6


@dataclass(frozen=True, slots=True)
class MovedGroup:
    """So many limits alike in one place that move from one day to another."""

    place: str
    before: date
    after: date
    number: int
    is_overdue: bool


@dataclass(slots=True)
class KindEffect:
    """Limits of one kind: how many are open and reach the days that change, how many of them move, and how many are
    overdue at once. ``groups``: of those that move, at most ``MOST_SHOWN``, the overdue first."""

    label: str
    open: int = 0
    moved: int = 0
    overdue: int = 0
    groups: list[MovedGroup] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CalendarEffects:
    """``changed``: days that count from now on and did not, or the other way round. ``first`` and ``last``: limits that
    reach neither these days nor what lies between are not touched."""

    changed: tuple[tuple[date, bool], ...]
    first: date
    last: date
    kinds: list[KindEffect]

    @property
    def moved(self) -> int:
        return sum(one.moved for one in self.kinds)

    @property
    def overdue(self) -> int:
        return sum(one.overdue for one in self.kinds)


def effects_of(calendar: YearCalendar) -> CalendarEffects:
    """What would happen if it were published now. Six queries and one a kind of limit."""
    others = arranged_years(but=calendar)
    in_force = KeptCalendars(None, tuple(arranged_years()))
    then = KeptCalendars(None, (*others, arranged(calendar)))
    before, after = in_force.of(calendar.prefix), then.of(calendar.prefix)
    day, end = date(calendar.year - 1, 12, 1), date(calendar.year, 12, 31)
    changed = []
    while day <= end:
        if before.is_workday(day) != after.is_workday(day):
            changed.append((day, after.is_workday(day)))
        day += timedelta(days=1)
    first, last = (changed[0][0], changed[-1][0]) if changed else (end, date(calendar.year, 1, 1))
    if calendar.prefix == WHOLE_COUNTRY and not before.is_published(calendar.year):
        # nothing that reaches the year is assumed any more
        first, last = min(first, date(calendar.year, 1, 1)), end
    digits = max(_COUNTY, *(len(one.prefix) for one in then.years))
    own = moving_days_below(calendar.prefix) if first <= last else {}
    calendars = {code: with_hall_days(then.of(code), days) for code, days in own.items()}
    return _effects(changed, first, last, calendar.prefix, digits, lambda code: calendars.get(code) or then.of(code))


def effects_of_hall_days(hall: Hall, *, adds: HallDays | None = None, lifts: HallDays | None = None) -> CalendarEffects:
    """What would happen if the hall arranged these days besides, or took those back. Four queries and one a kind of
    limit."""
    before = calendar_of_hall(hall)
    kept = [one for one in hall_days(hall.pk) if lifts is None or one.pk != lifts.pk]
    place = calendar_of(hall.division.code)
    after = with_hall_days(place, [*kept, adds] if adds else kept)
    touched = adds or lifts
    days = list(days_of(touched)) if touched else []
    changed = [(day, after.is_workday(day)) for day in days if before.is_workday(day) != after.is_workday(day)]
    # without a change the first is after the last, and nothing is asked
    first, last = (changed[0][0], changed[-1][0]) if changed else (date.max, date.min)
    code = hall.division.code
    return _effects(changed, first, last, code, len(code), lambda _: after)


def _effects(
    changed: list[tuple[date, bool]],
    first: date,
    last: date,
    prefix: str,
    digits: int,
    calendar_at: Callable[[str], WorkCalendar],
) -> CalendarEffects:
    kinds = []
    for kind in LIMITS.entries():
        groups = kind.open_limits(prefix, digits, first, last) if first <= last else ()
        kinds.append(_effect(kind.label, groups, calendar_at))
    _name_places(kinds)
    return CalendarEffects(tuple(changed), first, last, kinds)


def _effect(label: str, groups: Iterable[LimitGroup], calendar_at: Callable[[str], WorkCalendar]) -> KindEffect:
    found, today = KindEffect(label), timezone.localdate()
    known: dict[tuple[object, ...], tuple[WorkCalendar, date]] = {}
    moved: list[MovedGroup] = []
    for one in groups:
        found.open += one.number
        due_on = _due_on(one, calendar_at(one.code), known)
        if due_on == one.due_on:
            continue
        is_overdue = due_on < today <= one.due_on
        found.moved += one.number
        found.overdue += one.number if is_overdue else 0
        moved.append(MovedGroup(one.code, one.due_on, due_on, one.number, is_overdue))
    found.groups = sorted(moved, key=lambda one: (not one.is_overdue, one.before, one.place))[:MOST_SHOWN]
    return found


def _due_on(
    one: LimitGroup, calendar: WorkCalendar, known: dict[tuple[object, ...], tuple[WorkCalendar, date]]
) -> date:
    """``known``: what was counted before, for places that share a calendar."""
    key = id(calendar), one.begins_on, one.limit, one.pauses, one.extensions
    if key not in known:
        due = due_of(one.begins_on, one.limit, calendar=calendar, pauses=one.pauses, extensions=one.extensions)
        # with the calendar: its id stays its own as long as it is kept
        known[key] = calendar, due.due
    return known[key][1]


def _name_places(kinds: list[KindEffect]) -> None:
    codes = {group.place.ljust(12, "0") for kind in kinds for group in kind.groups}
    names = names_of_codes(codes) if codes else {}
    for kind in kinds:
        kind.groups = [replace(one, place=names.get(one.place.ljust(12, "0"), one.place)) for one in kind.groups]
