"""Working days (工作日): Monday to Friday without holidays, with the make-up days (调休) of the State Council's yearly
notice (国务院办公厅关于部分节假日安排的通知).

The notice for a year comes in the autumn before. Of a year for which the calendar has none yet, Monday to Friday are
taken for working days, and whatever was counted so says that it is assumed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Final

import chinese_calendar
from chinese_calendar.constants import holidays

_FRIDAY: Final = 5
_PUBLISHED: Final = frozenset(day.year for day in holidays)


@dataclass(frozen=True, slots=True)
class Deadline:
    """``last_day``: the last one on which something is in time. ``is_assumed``: some year on the way to it has no
    published holidays yet, so the day may move."""

    last_day: date
    is_assumed: bool


def is_published(year: int) -> bool:
    """Whether the year's holidays are known."""
    return year in _PUBLISHED


def is_workday(day: date) -> bool:
    """Whether people work on that day; of a year that is not published, whether it is one of Monday to Friday."""
    if is_published(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.isoweekday() <= _FRIDAY


def is_made_up(day: date) -> bool:
    """Whether people work on a day of a weekend, for one of a holiday (调休上班)."""
    return day.isoweekday() > _FRIDAY and is_workday(day)


def holiday_name(day: date) -> str:
    """国庆节, where the State Council's notice gives the day off; "" for a working day, and for a weekend like any
    other."""
    if not is_published(day.year):
        return ""
    is_off, name = chinese_calendar.get_holiday_detail(day)
    known = {one.value: one.chinese for one in chinese_calendar.Holiday}
    return known.get(name or "", "") if is_off else ""


def deadline_after(received_on: date, workdays: int) -> Deadline:
    """The last day of a limit of so many working days, at least one. The day of receipt does not count
    (民法典 art. 201)."""
    left = workdays
    for passed in count(1):
        day = received_on + timedelta(days=passed)
        left -= is_workday(day)
        if left <= 0:
            break
    return Deadline(day, not all(is_published(year) for year in range(received_on.year, day.year + 1)))


def workdays_between(received_on: date, done_on: date) -> int:
    """How many working days of a limit were used up: those after the day of receipt, up to and with ``done_on``."""
    days = (done_on - received_on).days
    return sum(is_workday(received_on + timedelta(days=passed)) for passed in range(1, days + 1))
