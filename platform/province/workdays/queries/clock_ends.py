"""When a clock ends, from what its row says and the calendar of its place."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from province.workdays.models import read_pauses
from standards.workdays import Limit, WorkCalendar, due_of

_DAY: Final = timedelta(days=1)
# so many working days before the end it is near: a fifth of the limit, but no more
_MOST_NEAR: Final = 3
_FIFTHS: Final = {"wd": 5, "d": 7, "m": 1}


@dataclass(frozen=True, slots=True)
class ClockEnd:
    """``due_on``: the last day on which it is in time; ``near_on``: the first on which it is near that."""

    due_on: date
    near_on: date
    is_assumed: bool


def end_of(
    began_on: date, limit: str, pauses: list[list[str | None]], extension: str, calendar: WorkCalendar
) -> ClockEnd:
    """The fields of a row, whose pauses are all closed, to what follows from them."""
    allowed = Limit.read(limit)
    extensions = (Limit.read(extension),) if extension else ()
    due = due_of(began_on, allowed, calendar=calendar, pauses=read_pauses(pauses), extensions=extensions)
    return ClockEnd(due.due, _near(began_on, allowed, due.due, calendar), due.is_assumed)


def _near(began_on: date, limit: Limit, due_on: date, calendar: WorkCalendar) -> date:
    """The first day on which no more working days are left than make it near; never the day on which it began."""
    left = max(1, min(_MOST_NEAR, limit.number // _FIFTHS[limit.unit]))
    day = due_on
    while day > began_on + _DAY and (left or not calendar.is_workday(day)):
        left -= calendar.is_workday(day) and left > 0
        day -= _DAY
    return day
