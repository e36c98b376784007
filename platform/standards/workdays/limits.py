"""When a limit (期限) ends: in working days, in days or in months, with pauses and extensions.

The event's own day never counts (民法典 art. 201). A limit in days or months whose last day is a rest day ends on the
next working day (art. 203); a month ends on the same day number, or on the month's last day (art. 202). Licences have
limits in working days (行政许可法 art. 82).
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal, Self, cast

from foundation.errors import Invalid
from standards.workdays.calendar import WorkCalendar, is_weekend

type Unit = Literal["wd", "d", "m"]

_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,3})(wd|d|m)")
_PAUSED: Final = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)(?:/(\w{2,6}))?(?:=(\w{1,20}))?")
_NEXT: Final = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
# nothing that people wait for takes longer; some bound there must be
_MOST: Final = {"wd": 2_000, "d": 3_650, "m": 120}
# after other words: days stand as dates do, the others apart
_AMOUNTS: Final = {"wd": " {} 个工作日", "d": "{}日", "m": " {} 个月"}
_WEEKEND: Final = "周末"
# of a day that lies in a year without a notice, wherever it is shown; and where there is no room for all of it
ASSUMED_BRIEFLY: Final = "按周末推算"
ASSUMED: Final = f"{ASSUMED_BRIEFLY}，国务院安排公布后重算"


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

    @property
    def written(self) -> str:
        """As ``read`` takes it."""
        return f"{self.number}{self.unit}"

    @property
    def words(self) -> str:
        """After other words: 20日, with a space before other units ( 20 个工作日)."""
        return _AMOUNTS[self.unit].format(self.number)


@dataclass(frozen=True, slots=True)
class ClockPause:
    """Every day from ``begins_on`` up to, not including, ``ends_on`` is taken out; ``why``: 专家评审.

    ``most``: how long it may take, as the applicant was told (行政许可法 art. 45). Its first day does not count for
    that; after the last one the days count again, however long it goes on. ``ends_on`` None: it went on beyond it.
    """

    begins_on: date
    ends_on: date | None
    why: str = "暂停"
    most: Limit | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """``2026-10-12..2026-10-20``, with how long it may take: ``2026-10-12..2026-10-20/30d``, and why:
        ``2026-10-12..2026-10-20=专家评审``. Raises Invalid."""
        found = _PAUSED.fullmatch(text.strip())
        try:
            begins_on, ends_on = (date.fromisoformat(part) for part in found.groups()[:2]) if found else (None, None)
        except ValueError:
            begins_on = ends_on = None
        if begins_on is None or ends_on is None or begins_on >= ends_on or (ends_on - begins_on).days > _MOST["d"]:
            message = f"暂停“{text[:30]}”应写作 2026-10-12..2026-10-20，后一日不算在内。"
            raise Invalid(message)
        most = Limit.read(found[3]) if found and found[3] else None
        return cls(begins_on, ends_on, (found and found[4]) or "暂停", most)

    def last_day(self, calendar: WorkCalendar) -> date | None:
        """The last day that it may take out; None: nothing says how long it may be."""
        if self.most is None:
            return None
        clock = _Clock(self.begins_on, calendar, ())
        clock.run(self.most)
        if self.most.unit != "wd":
            clock.leave_rest_days()
        return clock.day

    def holds(self, day: date) -> bool:
        return self.begins_on <= day and (self.ends_on is None or day < self.ends_on)

    def is_too_long(self, calendar: WorkCalendar) -> bool:
        """Whether it took longer than it may."""
        last_day = self.last_day(calendar)
        return last_day is not None and (self.ends_on is None or self.ends_on > last_day + _NEXT)

    def cut(self, calendar: WorkCalendar) -> "ClockPause":
        """It without the days beyond its allowed time. Raises Invalid for one of which nothing says when it ends."""
        last_day = self.last_day(calendar)
        if last_day is not None and self.is_too_long(calendar):
            return replace(self, ends_on=last_day + _NEXT)
        if self.ends_on is None:
            raise Invalid("这次暂停还没有结束，也没有写明最长多久，推算不出最后一日。")
        return self


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day after the event that the limit passed over, and in Chinese why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """``due``: the last day on which something is in time. ``is_assumed``: some year on the way to it has no published
    holidays yet, so that the day may move. ``story``: how it came about, in one sentence for a citizen."""

    due: date
    skipped: tuple[SkippedDay, ...]
    is_assumed: bool
    story: str


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
    is_assumed = calendar.is_assumed(event_on, clock.day)
    too_long = [one for one in pauses if one.begins_on <= clock.day and one.is_too_long(calendar)]
    story = _story(event_on, limit, extensions, clock, too_long, is_assumed=is_assumed)
    return Due(clock.day, tuple(clock.skipped), is_assumed, story)


def paused_story(
    event_on: date,
    limit: Limit,
    *,
    calendar: WorkCalendar,
    pauses: Sequence[ClockPause] = (),
    extensions: Sequence[Limit] = (),
    since: ClockPause,
) -> str:
    """How a limit stands that is paused ``since``, in one sentence for a citizen: how much of it is used up.
    ``pauses``: those that are over."""
    begins = words_of_day(event_on)
    parts = [f"已暂停：自{begins}起{limit.words}", *(f"延长{one.words}" for one in extensions)]
    if limit.unit != "m":
        used = _Clock(event_on, calendar, pauses).counted_before(since.begins_on, only_workdays=limit.unit == "wd")
        parts.append(f"已用{_AMOUNTS[limit.unit].format(used)}")
    most = f"（最长{since.most.words}）" if since.most else ""
    parts.append(f"{words_of_day(since.begins_on)}起因{since.why}暂停{most}")
    return f"{'，'.join(parts)}，恢复后接着计算。"


class _Clock:
    """Goes from day to day. ``day`` is the last one that was counted, or passed over."""

    def __init__(self, event_on: date, calendar: WorkCalendar, pauses: Sequence[ClockPause]) -> None:
        self.day = event_on
        self.calendar = calendar
        self.pauses = [one.cut(calendar) for one in pauses]
        self.skipped: list[SkippedDay] = []
        # the rest day on which a limit in days or months would have ended; "": none
        self.gave_way = ""
        # why -> how many days that would have counted it took out
        self.taken: dict[str, int] = {}
        # why -> how many days from Monday to Friday did not count for it
        self.rested: dict[str, int] = {}

    def run(self, limit: Limit) -> None:
        if limit.unit == "m":
            self._run_to(months_after(self.day, limit.number))
            return
        left = limit.number
        while left:
            left -= self._step(only_workdays=limit.unit == "wd")

    def leave_rest_days(self) -> None:
        """The last day, where people rest, gives way to the next on which they work and nothing is paused."""
        if self.calendar.is_workday(self.day):
            return
        self.gave_way = self.calendar.holiday_name(self.day) or _WEEKEND
        self._rest()
        while not self._step(only_workdays=True):
            pass

    def counted_before(self, day: date, *, only_workdays: bool) -> int:
        """How many days of a limit were used up when that day began."""
        used = 0
        while self.day + _NEXT < day:
            used += self._step(only_workdays=only_workdays)
        return used

    def _run_to(self, end: date) -> None:
        """Days that are paused on the way are added at the end, and those among them again."""
        left = (end - self.day).days
        while left:
            left -= self._step(only_workdays=False)

    def _step(self, *, only_workdays: bool) -> bool:
        """To the next day; whether it counts."""
        self.day += _NEXT
        is_workday = self.calendar.is_workday(self.day)
        if pause := next((one for one in self.pauses if one.holds(self.day)), None):
            self.skipped.append(SkippedDay(self.day, pause.why))
            self.taken[pause.why] = self.taken.get(pause.why, 0) + (is_workday or not only_workdays)
            return False
        if only_workdays and not is_workday:
            self._rest()
            return False
        return True

    def _rest(self) -> None:
        why = self.calendar.holiday_name(self.day) or _WEEKEND
        self.skipped.append(SkippedDay(self.day, why))
        if not is_weekend(self.day):
            self.rested[why] = self.rested.get(why, 0) + 1


def _story(
    event_on: date,
    limit: Limit,
    extensions: Sequence[Limit],
    clock: _Clock,
    too_long: Sequence[ClockPause],
    *,
    is_assumed: bool,
) -> str:
    """2026年6月12日到期：自5月20日起 15 个工作日，端午节顺延，专家评审扣除 10 个工作日。"""
    due = clock.day
    begins = words_of_day(event_on) if event_on.year != due.year else f"{event_on.month}月{event_on.day}日"
    parts = [f"{words_of_day(due)}到期：自{begins}起{limit.words}", *(f"延长{one.words}" for one in extensions)]
    if clock.gave_way:
        parts.append(f"最后一日逢{clock.gave_way}顺延")
    elif clock.rested:
        parts.append(f"{'、'.join(clock.rested)}顺延")
    unit: Unit = "wd" if limit.unit == "wd" else "d"
    parts.extend(f"{why}扣除{Limit(number, unit).words}" for why, number in clock.taken.items() if number)
    parts.extend(f"{one.why}超过允许的{one.most.words}，之后照常计时" for one in too_long if one.most)
    if half := clock.calendar.half_days.get(due):
        parts.append(f"当天{half}")
    told = "，".join(parts)
    return f"{told}（{ASSUMED}）。" if is_assumed else f"{told}。"


def words_of_day(day: date) -> str:
    """2026年6月12日."""
    return f"{day.year}年{day.month}月{day.day}日"


def months_after(day: date, months: int) -> date:
    """The day of the same number, or the last one of a month that lacks it (民法典 art. 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
