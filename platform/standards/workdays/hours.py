"""When an office is open (办公时间): by its week, by the calendar of its place, and by the days that it has arranged
for itself. It knows no hall: all of it is a value that the caller has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from standards.workdays.calendar import WorkCalendar

# from when to when: ("08:30", "12:00")
type Span = tuple[str, str]

_DAYS: Final = "一二三四五六日"
_MONDAY: Final = 1
_NOON: Final = "12:00"
# of an office whose hours nobody has written: the day alone is judged
_ALL_DAY: Final[tuple[Span, ...]] = (("00:00", "23:59"),)
_ANY_HOURS: Final[Mapping[int, tuple[Span, ...]]] = MappingProxyType(dict.fromkeys(range(1, 6), _ALL_DAY))


class ClosedPart(StrEnum):
    """What an office has arranged for a day of its own; the words are those for readers."""

    OFF = "off"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    WORKED = "worked"

    @property
    def word(self) -> str:
        return _WORDS[self]


_WORDS: Final = {
    ClosedPart.OFF: "不开放",
    ClosedPart.MORNING: "上午不开放",
    ClosedPart.AFTERNOON: "下午不开放",
    ClosedPart.WORKED: "照常开放",
}


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which an office is closed or half closed, or open though others rest: the first and the last of them, and
    why."""

    begins_on: date
    ends_on: date
    reason: str
    part: ClosedPart = ClosedPart.OFF

    @property
    def is_one_day(self) -> bool:
        return self.begins_on == self.ends_on

    @property
    def word(self) -> str:
        """As readers are told it."""
        return self.part.word

    def holds(self, day: date) -> bool:
        return self.begins_on <= day <= self.ends_on

    def leaves(self, begins: str, ends: str) -> Span | None:
        """What remains of opening hours on such a day; None where nothing does."""
        if self.part == ClosedPart.WORKED:
            return begins, ends
        if self.part == ClosedPart.OFF:
            return None
        left = (max(begins, _NOON), ends) if self.part == ClosedPart.MORNING else (begins, min(ends, _NOON))
        return left if left[0] < left[1] else None


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """Some days of the week and their hours: 周一至周五, 08:30–12:00 and 14:00–17:30."""

    days: str
    hours: list[str]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """``week``: by the day of the week (1 is Monday), in order; ``closures``: days of its own; ``calendar``: holidays
    and made-up days of its place; ``mark``: what is said of hours that are no office's (示例). Without a week that
    anybody has written, whole days from Monday to Friday."""

    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    mark: str = ""

    def on(self, day: date) -> tuple[Span, ...]:
        """When it is open on this day.

        On holidays nobody is there, and on days that the office has off; on a Saturday or Sunday that is worked in a
        holiday's place (调休), and on a day of rest that the office works, the hours are those of Monday.
        """
        own = self.closure_on(day)
        is_worked = own is not None and own.part == ClosedPart.WORKED
        if self.calendar.holiday_name(day) and not is_worked:
            return ()
        weekday = _MONDAY if is_worked or self.calendar.is_made_up(day) else day.isoweekday()
        spans = (self.week or _ANY_HOURS).get(weekday, ())
        return tuple(left for span in spans if (left := own.leaves(*span) if own else span))

    def closure_on(self, day: date) -> Closure | None:
        """What it has arranged for this day."""
        return next((one for one in self.closures if one.holds(day)), None)

    def why_otherwise(self, day: date) -> str:
        """Why the hours of the day are not those of its week: 国庆节, 下午不开放：赶集日; 休息日 where it is closed as
        in any week; "" for a usual day."""
        own, holiday = self.closure_on(day), self.calendar.holiday_name(day)
        if own is not None and (own.part == ClosedPart.WORKED or not holiday):
            return f"{own.word}：{own.reason}"
        if holiday:
            return holiday
        if self.calendar.is_made_up(day):
            return "调休上班"
        return "" if self.on(day) else "休息日"

    def is_open_in_week(self, clock: str) -> bool:
        """Whether it is open at this time on some day of a usual week; the last minute counts."""
        return any(holds(spans, clock) for spans in (self.week or _ANY_HOURS).values())

    @property
    def lines(self) -> list[OpeningLine]:
        """The week as people say it: days with the same hours in one line."""
        alike: dict[tuple[Span, ...], list[int]] = {}
        for day in sorted(self.week):
            alike.setdefault(self.week[day], []).append(day)
        found = sorted((tuple(days), spans) for spans, days in alike.items())
        return [OpeningLine(_days_in_words(days), [said_span(span) for span in spans]) for days, spans in found]


def holds(spans: Iterable[Span], clock: str) -> bool:
    """Whether a time lies in one of them; the last minute counts."""
    return any(begins <= clock <= ends for begins, ends in spans)


def said_span(span: Span) -> str:
    """08:30–12:00."""
    return "全天" if span in _ALL_DAY else f"{span[0]}–{span[1]}"


def _days_in_words(days: tuple[int, ...]) -> str:
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:  # noqa: PLR2004 - two days are named both
        return f"周{_DAYS[days[0] - 1]}至周{_DAYS[days[-1] - 1]}"
    return "、".join(f"周{_DAYS[day - 1]}" for day in days)
