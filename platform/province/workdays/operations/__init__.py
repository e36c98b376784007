from province.workdays.operations.calendars import (
    DayLine,
    Document,
    discard_calendar,
    publish_calendar,
    save_calendar,
    turn_day,
)
from province.workdays.operations.counting import hold_calendar
from province.workdays.operations.hall_days import DaysWish, foresee_hall_days, lift_hall_days, set_hall_days

__all__ = [
    "DayLine",
    "DaysWish",
    "Document",
    "discard_calendar",
    "foresee_hall_days",
    "hold_calendar",
    "lift_hall_days",
    "publish_calendar",
    "save_calendar",
    "set_hall_days",
    "turn_day",
]
