"""What calendars and clocks tell."""

from datetime import date
from typing import Final
from uuid import UUID

from foundation.events.kinds import Payload, declare_event
from province.workdays.states import ClockKind


class CalendarChanged(Payload):
    """For codes with this prefix other days count than before, from the first to the last of them. ``why``: whose
    arrangement it is, in words. A hall's own days are told with its whole code as the prefix."""

    prefix: str
    first: date
    last: date
    why: str


class ClockFacts(Payload):
    """Which clock it is: of what, and of which kind. The subject is the clock."""

    owner_kind: str
    owner_id: UUID
    kind: ClockKind


class ClocksMoved(Payload):
    """How many open clocks of the hall have another last day, of how many owners, how many of them became overdue by
    it, and why. The subject is the recount; ``moved_clocks`` has the rows."""

    clocks: int
    owners: int
    overdue: int
    why: str


# the subject is the calendar that is in force now, or the hall's own days
CALENDAR_PUBLISHED: Final = declare_event("workdays.calendar_published", CalendarChanged)
CLOCK_NEAR: Final = declare_event("workdays.clock_near", ClockFacts)
CLOCK_RAN_OUT: Final = declare_event("workdays.clock_ran_out", ClockFacts)
# a special procedure took longer than it may: days count again
CLOCK_RUNS_AGAIN: Final = declare_event("workdays.clock_runs_again", ClockFacts)
CLOCKS_MOVED: Final = declare_event("workdays.clocks_moved", ClocksMoved)
