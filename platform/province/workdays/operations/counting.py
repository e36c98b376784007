"""For those who count a limit and keep the day that comes out."""

from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.queries.calendars import calendar_at_mark
from province.workdays.queries.clock_ends import end_of
from province.workdays.queries.hall_days import hall_days, with_hall_days
from province.workdays.states import ClockState, ClockTold
from standards.workdays import WorkCalendar


def hold_calendar(hall: Hall) -> WorkCalendar:
    """The working days by which the hall's limits are counted, which stay as they are until the transaction ends: a
    publication, and a change of the hall's own days, wait for it and find the limit that was counted. Readers and other
    counts wait for nothing. Two queries; four where a calendar was published since."""
    with connection.cursor() as cursor:
        # the name of hold_hall_days, shared; the hall's days are read by a statement of its own, after the wait
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0)),"
            " (SELECT mark FROM workdays_calendargeneration WHERE id = 1 FOR KEY SHARE)",
            [f"hall days {hall.pk}"],
        )
        _, mark = cursor.fetchone()
    known: UUID | None = mark
    return with_hall_days(calendar_at_mark(known, hall.division.code), hall_days(hall.pk))


def hold_generation() -> UUID | None:
    """Which calendars are in force, which stay so until the transaction ends: a publication waits for it. Halls' own
    days are not held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM workdays_calendargeneration WHERE id = 1 FOR KEY SHARE")
        found = cursor.fetchone()
    mark: UUID | None = found[0] if found else None
    return mark


def count_clock(clock: Clock, calendar: WorkCalendar, ceiling: date | None) -> None:
    """Set when the clock ends, in the caller's hands; nothing is written yet. ``ceiling``: the last day of what it lies
    within."""
    if since := clock.open_pause:
        last_day = since.last_day(calendar)
        clock.due_on = clock.near_on = None
        # who resumes work on the day after the last one has taken no longer than allowed
        clock.wake_on = last_day + timedelta(days=2) if last_day else None
        return
    found = end_of(clock.began_on, clock.limit, clock.pauses, clock.extension, calendar)
    clock.due_on = min(found.due_on, ceiling) if ceiling else found.due_on
    clock.near_on = min(found.near_on, clock.due_on)
    clock.is_assumed = found.is_assumed
    _set_wake(clock)


def _set_wake(clock: Clock) -> None:
    """Set when the sweep looks at a running clock next: when it comes near its end, and when it has run out."""
    wakes = {
        ClockTold.NOTHING: clock.near_on,
        ClockTold.NEAR: clock.due_on + timedelta(days=1) if clock.due_on else None,
    }
    clock.wake_on = wakes.get(ClockTold(clock.told)) if clock.state == ClockState.RUNNING else None
