"""For those who count a limit and keep the day that comes out."""

from uuid import UUID

from django.db import connection

from province.halls.models import Hall
from province.workdays.queries.calendars import calendar_at_mark
from province.workdays.queries.hall_days import hall_days, with_hall_days
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
