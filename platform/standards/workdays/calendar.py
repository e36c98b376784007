"""Working days (工作日) by a calendar: Monday to Friday without holidays, with the make-up days (调休).

A calendar is a value that the caller has: which days are off in a year is decided anew each autumn (国务院办公厅关于
部分节假日安排的通知), and differs where people of a nationality have days of their own. Of a year for which it has
nothing, Monday to Friday are taken for working days, and whatever was counted so says that it is assumed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from typing import Final

_FRIDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """``last_day``: the last one on which something is in time. ``is_assumed``: some year on the way to it has no
    published holidays yet, so the day may move."""

    last_day: date
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """``off``: day -> the holiday for which it is off. ``made_up``: days of weekends that are worked in the place of
    others. ``years``: those whose holidays are known. ``half_days``: working days of which one half is not
    worked -> what of it (下午不办公：赶集日); a limit counts them as whole ones."""

    off: Mapping[date, str] = field(default_factory=dict)
    made_up: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    half_days: Mapping[date, str] = field(default_factory=dict)

    def is_published(self, year: int) -> bool:
        """Whether the year's holidays are known."""
        return year in self.years

    def is_workday(self, day: date) -> bool:
        """Whether people work on that day; of a year that is not published, whether it is one of Monday to Friday."""
        return day in self.made_up or (day.isoweekday() <= _FRIDAY and day not in self.off)

    def is_made_up(self, day: date) -> bool:
        """Whether people work on a day of a weekend, for one of a holiday (调休上班)."""
        return day in self.made_up

    def holiday_name(self, day: date) -> str:
        """国庆节, where a day is off for it; "" for a working day, and for a weekend like any other."""
        return self.off.get(day, "")

    def with_own_days(
        self, *, off: Mapping[date, str], made_up: Collection[date], half_days: Mapping[date, str]
    ) -> "WorkCalendar":
        """This calendar and what one office has arranged for itself, which goes before it for a day that both name."""
        own = {**{day: name for day, name in self.off.items() if day not in made_up}, **off}
        worked = (self.made_up | {day for day in made_up if is_weekend(day)}) - off.keys()
        return replace(self, off=own, made_up=worked, half_days={**self.half_days, **half_days})

    def deadline_after(self, received_on: date, workdays: int) -> Deadline:
        """The last day of a limit of so many working days, at least one. The day of receipt does not count
        (民法典 art. 201)."""
        left = workdays
        for passed in count(1):
            day = received_on + timedelta(days=passed)
            left -= self.is_workday(day)
            if left <= 0:
                break
        return Deadline(day, self.is_assumed(received_on, day))

    def workdays_between(self, received_on: date, done_on: date) -> int:
        """How many working days of a limit were used up: those after the day of receipt, up to and with
        ``done_on``."""
        days = (done_on - received_on).days
        return sum(self.is_workday(received_on + timedelta(days=passed)) for passed in range(1, days + 1))

    def is_assumed(self, begins_on: date, ends_on: date) -> bool:
        """Whether some year on the way has no published holidays."""
        return not all(self.is_published(year) for year in range(begins_on.year, ends_on.year + 1))


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or a Sunday."""
    return day.isoweekday() > _FRIDAY
