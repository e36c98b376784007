"""When a limit (期限) ends: in working days, in days or in months, with pauses and extensions.

The event's own day never counts (民法典 art. 201). A limit in days or months whose last day is a rest day ends on the
next working day (art. 203); a month ends on the same day number, or on the month's last day (art. 202). Licences have
limits in working days (行政许可法 art. 82).
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, Self, cast

from foundation.errors import Invalid
from standards.workdays.calendar import WorkCalendar

type Unit = Literal["wd", "d", "m"]

_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,3})(wd|d|m)")
_PAUSED: Final = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
_NEXT: Final = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
# nothing that people wait for takes longer; some bound there must be
_MOST: Final = {"wd": 2_000, "d": 3_650, "m": 120}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many working days (``wd``), days (``d``) or months (``m``)."""

    number: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> Self:
        """``20wd``, ``15d`` or ``3m``. Raises Invalid."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None or int(found[1]) > _MOST[found[2]]:
            message = f"期限“{text[:20]}”应写作 20wd（工作日）、15d（日）或 3m（月）。"
            raise Invalid(message)
        return cls(int(found[1]), cast("Unit", found[2]))


@dataclass(frozen=True, slots=True)
class ClockPause:
    """Every day from ``begins_on`` up to, not including, ``ends_on`` is taken out."""

    begins_on: date
    ends_on: date

    @classmethod
    def read(cls, text: str) -> Self:
        """``2026-10-12..2026-10-20``. Raises Invalid."""
        found = _PAUSED.fullmatch(text.strip())
        try:
            begins_on, ends_on = (date.fromisoformat(part) for part in found.groups()) if found else (None, None)
        except ValueError:
            begins_on = ends_on = None
        if begins_on is None or ends_on is None or begins_on >= ends_on or (ends_on - begins_on).days > _MOST["d"]:
            message = f"暂停“{text[:30]}”应写作 2026-10-12..2026-10-20，后一日不算在内。"
            raise Invalid(message)
        return cls(begins_on, ends_on)

    def holds(self, day: date) -> bool:
        return self.begins_on <= day < self.ends_on


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day after the event that the limit passed over, and in Chinese why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """``due``: the last day on which something is in time. ``is_assumed``: some year on the way to it has no published
    holidays yet, so that the day may move."""

    due: date
    skipped: tuple[SkippedDay, ...]
    is_assumed: bool


def due_of(
    event_on: date,
    limit: Limit,
    *,
    calendar: WorkCalendar,
    pauses: Sequence[ClockPause] = (),
    extensions: Sequence[Limit] = (),
) -> Due:
    """When the limit ends, by this calendar, that begins with the event. An extension begins where the limit would have
    ended, before a rest day moves the end. Raises Invalid for a day outside the years 1900 to 2200."""
    if not _FIRST_YEAR <= event_on.year <= _LAST_YEAR:
        message = f"日期应在 {_FIRST_YEAR} 年至 {_LAST_YEAR} 年之间。"
        raise Invalid(message)
    clock = _Clock(event_on, calendar, pauses)
    for one in (limit, *extensions):
        clock.run(one)
    if any(one.unit != "wd" for one in (limit, *extensions)):
        clock.leave_rest_days()
    return Due(clock.day, tuple(clock.skipped), calendar.is_assumed(event_on, clock.day))


class _Clock:
    """Goes from day to day. ``day`` is the last one that was counted, or passed over."""

    def __init__(self, event_on: date, calendar: WorkCalendar, pauses: Sequence[ClockPause]) -> None:
        self.day = event_on
        self.calendar = calendar
        self.pauses = pauses
        self.skipped: list[SkippedDay] = []

    def run(self, limit: Limit) -> None:
        if limit.unit == "m":
            self._run_to(_months_after(self.day, limit.number))
            return
        left = limit.number
        while left:
            left -= self._step(only_workdays=limit.unit == "wd")

    def leave_rest_days(self) -> None:
        """The last day, where people rest, gives way to the next on which they work and nothing is paused."""
        if self.calendar.is_workday(self.day):
            return
        self.skipped.append(SkippedDay(self.day, self._rest()))
        while not self._step(only_workdays=True):
            pass

    def _run_to(self, end: date) -> None:
        """Days that are paused on the way are added at the end, and those among them again."""
        left = (end - self.day).days
        while left:
            left -= self._step(only_workdays=False)

    def _step(self, *, only_workdays: bool) -> bool:
        """To the next day; whether it counts."""
        self.day += _NEXT
        if any(pause.holds(self.day) for pause in self.pauses):
            self.skipped.append(SkippedDay(self.day, "暂停"))
            return False
        if only_workdays and not self.calendar.is_workday(self.day):
            self.skipped.append(SkippedDay(self.day, self._rest()))
            return False
        return True

    def _rest(self) -> str:
        return self.calendar.holiday_name(self.day) or "周末"


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
