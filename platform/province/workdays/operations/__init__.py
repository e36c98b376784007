from province.workdays.operations.calendars import (
    DayLine,
    Document,
    discard_calendar,
    publish_calendar,
    save_calendar,
    turn_day,
)
from province.workdays.operations.clocks import (
    ClockWish,
    drop_clocks,
    end_clocks,
    extend_clock,
    pause_clocks,
    resume_clocks,
    start_clocks,
)
from province.workdays.operations.counting import hold_calendar
from province.workdays.operations.hall_days import DaysWish, foresee_hall_days, lift_hall_days, set_hall_days

__all__ = [
    "ClockWish",
    "DayLine",
    "DaysWish",
    "Document",
    "discard_calendar",
    "drop_clocks",
    "end_clocks",
    "extend_clock",
    "foresee_hall_days",
    "hold_calendar",
    "lift_hall_days",
    "pause_clocks",
    "publish_calendar",
    "resume_clocks",
    "save_calendar",
    "set_hall_days",
    "start_clocks",
    "turn_day",
]
