"""Clocks as pages show them: how they stand, in one sentence each, how many working days are left, how many of a hall
are due soon."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from foundation.written import models_once
from province.halls.models import Hall
from province.workdays.models import Clock, ClockRecount
from province.workdays.queries.hall_days import calendar_of_hall, calendars_of_halls
from province.workdays.states import ClockState
from standards.workdays import ClockPause, Limit, WorkCalendar, due_of, paused_story, words_of_day

# days: nothing is near its end for longer, over any holidays
_NEAR_AT_MOST: Final = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class ClockCounts:
    """How many clocks of a hall run that are due soon, and how many have run out."""

    due_soon: int
    overdue: int


def clocks_of(owner_kind: str, owner_ids: Collection[UUID]) -> dict[UUID, list[Clock]]:
    """By owner, all its clocks, those that ended too, in the order in which they began. One query for a page."""
    found: dict[UUID, list[Clock]] = {one: [] for one in owner_ids}
    for clock in models_once(Clock, _asked_of(owner_kind), list(found)) if found else ():
        found[clock.owner_id].append(clock)
    return found


@cache
def _asked_of(owner_kind: str) -> Callable[[Sequence[UUID]], QuerySet[Clock]]:
    """One function for each kind of owner: its statement is put together once."""
    return lambda owner_ids: Clock.objects.filter(owner_kind=owner_kind, owner_id__in=owner_ids).order_by(
        "began_on", "pk"
    )


def stories(clocks: Collection[Clock]) -> dict[UUID, str]:
    """By id, when each clock ends and how that came about, in one sentence for a citizen. Three queries whatever their
    number, four where a recount has moved one."""
    calendars = calendars_of_halls({one.hall_id for one in clocks})
    causes = ClockRecount.objects.in_bulk({one.moved_by_id for one in clocks if one.moved_by_id})
    return {one.pk: _story(one, calendars[one.hall_id], causes) for one in clocks}


def days_left(
    clocks: Collection[Clock], *, today: date | None = None, hall: Hall | None = None
) -> dict[UUID, int | None]:
    """By id, how many working days are left after today; 0: today is the last one; negative: so many late. None for
    what is paused or has ended. Three queries whatever their number; two where all are of one ``hall``."""
    now = today or timezone.localdate()
    calendars = {hall.pk: calendar_of_hall(hall)} if hall else calendars_of_halls({one.hall_id for one in clocks})
    return {one.pk: _days_left(one, calendars[one.hall_id], now) for one in clocks}


def hall_counts(hall_id: UUID, *, today: date | None = None) -> ClockCounts:
    """Of one hall, by its index alone."""
    return counts_by_hall([hall_id], today=today).get(hall_id, ClockCounts(0, 0))


def counts_by_hall(hall_ids: Iterable[UUID], *, today: date | None = None) -> dict[UUID, ClockCounts]:
    """Of many halls, those that have any: one query, which reads their index alone."""
    now = today or timezone.localdate()
    rows = Clock.objects.filter(hall_id__in=hall_ids, state=ClockState.RUNNING, due_on__lte=now + _NEAR_AT_MOST)
    counted = (
        rows.order_by()
        .values_list("hall_id")
        .annotate(
            soon=Count("due_on", filter=Q(due_on__gte=now, near_on__lte=now)),
            overdue=Count("due_on", filter=Q(due_on__lt=now)),
        )
    )
    return {hall_id: ClockCounts(soon, overdue) for hall_id, soon, overdue in counted}


def moved_clocks(recount_id: UUID, hall_id: UUID) -> QuerySet[Clock]:
    """The open clocks of a hall whose last day this recount has moved last, for who tells their owners."""
    running = Clock.objects.filter(hall_id=hall_id, state=ClockState.RUNNING, due_on__isnull=False)
    return running.filter(moved_by_id=recount_id).order_by("due_on", "pk")


def due_today(clock: Clock, calendar: WorkCalendar, today: date) -> date | None:
    """Its last day; of one that is paused for longer than it may, as it counts since. None while it is paused."""
    if clock.due_on or not (pauses := _over(clock, calendar, today)):
        return clock.due_on
    limit = Limit.read(clock.limit)
    return due_of(clock.began_on, limit, calendar=calendar, pauses=pauses, extensions=clock.extensions).due


def _days_left(clock: Clock, calendar: WorkCalendar, today: date) -> int | None:
    due_on = due_today(clock, calendar, today) if clock.is_open else None
    if due_on is None:
        return None
    if due_on < today:
        return -calendar.workdays_between(due_on, today)
    return calendar.workdays_between(today, due_on)


def _over(clock: Clock, calendar: WorkCalendar, today: date) -> tuple[ClockPause, ...]:
    """All pauses of a clock, where the one that is open has lasted for longer than it may; () where it goes on."""
    since = clock.open_pause
    if since and replace(since, ends_on=max(today, since.begins_on)).is_too_long(calendar):
        return (*clock.closed_pauses, since)
    return ()


def _story(clock: Clock, calendar: WorkCalendar, causes: dict[UUID, ClockRecount]) -> str:
    limit, pauses = Limit.read(clock.limit), clock.closed_pauses
    since = clock.open_pause
    if since:
        pauses = _over(clock, calendar, timezone.localdate())
        if not pauses:
            return paused_story(
                clock.began_on,
                limit,
                calendar=calendar,
                pauses=clock.closed_pauses,
                extensions=clock.extensions,
                since=since,
            )
    due = due_of(clock.began_on, limit, calendar=calendar, pauses=pauses, extensions=clock.extensions)
    told = due.story
    if clock.due_on and clock.due_on < due.due and clock.within_id:
        told = f"{words_of_day(clock.due_on)}到期，以整件的时限为准；单独计算为{told}"
    elif clock.due_on and clock.due_on != due.due:
        # it ended before a later correction of the calendar
        told = f"{words_of_day(clock.due_on)}到期：自{words_of_day(clock.began_on)}起{limit.words}。"
    cause = causes.get(clock.moved_by_id) if clock.moved_by_id else None
    if cause and clock.moved_from and clock.moved_from != clock.due_on:
        told = f"{told.removesuffix('。')}，原为{words_of_day(clock.moved_from)}，因{cause.why}重算。"
    return told
