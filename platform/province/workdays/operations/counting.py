"""For those who count a limit and keep the day that comes out."""

from uuid import UUID

from django.db import connection

from province.workdays.queries.calendars import calendar_at_mark
from standards.workdays import WorkCalendar


def hold_calendar(code: str) -> WorkCalendar:
    """The working days of the place with this division code, which stay as they are until the transaction ends: a
    publication waits for it, and finds the limit that was counted. Readers and other counts wait for nothing. One
    query; three where a calendar was published since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM workdays_calendargeneration WHERE id = 1 FOR KEY SHARE")
        row: tuple[UUID] | None = cursor.fetchone()
    return calendar_at_mark(row[0] if row else None, code)
