"""Working days (工作日): which days they are (``calendar``), and when limits end (``limits``)."""

from standards.workdays.calendar import (
    Deadline,
    deadline_after,
    holiday_name,
    is_made_up,
    is_published,
    is_workday,
    workdays_between,
)
from standards.workdays.limits import ClockPause, Due, Limit, SkippedDay, due_of

__all__ = [
    "ClockPause",
    "Deadline",
    "Due",
    "Limit",
    "SkippedDay",
    "deadline_after",
    "due_of",
    "holiday_name",
    "is_made_up",
    "is_published",
    "is_workday",
    "workdays_between",
]
