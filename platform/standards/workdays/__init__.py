"""Working days (工作日): which days they are (``calendar``), when an office is open on them (``hours``), when limits
end (``limits``), and what the yearly notice says (``notices``)."""

from standards.workdays.calendar import Deadline, WorkCalendar, is_weekend
from standards.workdays.hours import ClosedPart, Closure, OfficeHours, OpeningLine, Span
from standards.workdays.limits import (
    ASSUMED,
    ASSUMED_BRIEFLY,
    ClockPause,
    Due,
    Limit,
    SkippedDay,
    due_of,
    paused_story,
    words_of_day,
)
from standards.workdays.notices import NoticeDay, NoticeFault, ReadNotice, read_notice

__all__ = [
    "ASSUMED",
    "ASSUMED_BRIEFLY",
    "ClockPause",
    "ClosedPart",
    "Closure",
    "Deadline",
    "Due",
    "Limit",
    "NoticeDay",
    "NoticeFault",
    "OfficeHours",
    "OpeningLine",
    "ReadNotice",
    "SkippedDay",
    "Span",
    "WorkCalendar",
    "due_of",
    "is_weekend",
    "paused_story",
    "read_notice",
    "words_of_day",
]
