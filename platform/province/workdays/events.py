"""What calendars tell. The subject is the calendar that is in force now, or the hall's own days."""

from datetime import date
from typing import Final

from foundation.events.kinds import Payload, declare_event


class CalendarChanged(Payload):
    """For codes with this prefix other days count than before, from the first to the last of them. ``why``: whose
    arrangement it is, in words. A hall's own days are told with its whole code as the prefix."""

    prefix: str
    first: date
    last: date
    why: str


CALENDAR_PUBLISHED: Final = declare_event("workdays.calendar_published", CalendarChanged)
