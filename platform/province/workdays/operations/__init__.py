from province.workdays.operations.calendars import (
    DayLine,
    Document,
    discard_calendar,
    publish_calendar,
    save_calendar,
    turn_day,
)
from province.workdays.operations.counting import hold_calendar

__all__ = [
    "DayLine",
    "Document",
    "discard_calendar",
    "hold_calendar",
    "publish_calendar",
    "save_calendar",
    "turn_day",
]
