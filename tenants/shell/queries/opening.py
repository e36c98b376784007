"""When a hall is open, from the hours and the days of its own on its row: ``[{"days": [1, 2], "from": "08:30", "to":
"12:00"}, …]``, ``[{"from": "2026-12-01", "to": "2026-12-02", "reason": "…", "part": "afternoon"}, …]``.

What stands there of its own days is ``province.workdays``' ``HallDays``, those in force; whether limits follow is said
there.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from province.content.queries.generations import calendar_mark_of
from province.halls.models import Hall
from province.workdays.queries.calendars import calendar_at_mark
from province.workdays.states import HallDaysKind
from standards.workdays import WorkCalendar

_DAYS = "一二三四五六日"
_MONDAY = 1
# closed days are told so long before
_TOLD_BEFORE: Final = timedelta(days=60)
_NOON: Final = "12:00"
_MIDNIGHT: Final = "00:00"


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """Some days of the week and their hours: 周一至周五, 08:30–12:00 and 14:00–17:30."""

    days: str
    hours: list[str]


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the hall is closed or half closed, or open though others rest: the first and the last of them, and
    why."""

    begins_on: date
    ends_on: date
    reason: str
    part: HallDaysKind = HallDaysKind.OFF

    @property
    def is_one_day(self) -> bool:
        return self.begins_on == self.ends_on

    @property
    def word(self) -> str:
        """As readers are told it."""
        return _WORDS[self.part]

    def holds(self, day: date) -> bool:
        return self.begins_on <= day <= self.ends_on

    def leaves(self, begins: str, ends: str) -> tuple[str, str] | None:
        """What remains of opening hours on such a day; None where nothing does."""
        if self.part == HallDaysKind.WORKED:
            return begins, ends
        if self.part == HallDaysKind.OFF:
            return None
        left = (max(begins, _NOON), ends) if self.part == HallDaysKind.MORNING else (begins, min(ends, _NOON))
        return left if left[0] < left[1] else None


_WORDS: Final = {
    HallDaysKind.OFF: "不开放",
    HallDaysKind.MORNING: "上午不开放",
    HallDaysKind.AFTERNOON: "下午不开放",
    HallDaysKind.WORKED: "照常开放",
}


def calendar_of_page(hall: Hall, generations: str) -> WorkCalendar:
    """The working days of the hall's place, by the generation that was read for the page: no query of its own."""
    return calendar_at_mark(calendar_mark_of(generations), hall.division.code)


def closures(hall: Hall) -> list[Closure]:
    """All that are on the hall's row, in order."""
    found = [
        Closure(
            date.fromisoformat(one["from"]), date.fromisoformat(one["to"]), one["reason"], HallDaysKind(one["part"])
        )
        for one in hall.closed_days
    ]
    return sorted(found, key=lambda one: one.begins_on)


def coming_closures(hall: Hall, today: date) -> list[Closure]:
    """Those that readers should know of: today's, and those of the next two months."""
    return [one for one in closures(hall) if one.ends_on >= today and one.begins_on <= today + _TOLD_BEFORE]


def is_open(hall: Hall, at: datetime, calendar: WorkCalendar) -> bool:
    """Whether people find the doors open at this moment, by the clock of the province.

    On holidays nobody is there, and on days that the hall has off; on a Saturday or Sunday that is worked in a
    holiday's place (调休), and on a day of rest that the hall works, the hours are those of Monday.
    """
    local = timezone.localtime(at)
    today = local.date()
    own = next((one for one in closures(hall) if one.holds(today)), None)
    clock = f"{local:%H:%M}"
    return any(begins <= clock < ends for begins, ends in _hours_on(hall, today, calendar, own))


def _hours_on(hall: Hall, day: date, calendar: WorkCalendar, own: Closure | None) -> list[tuple[str, str]]:
    is_worked = own is not None and own.part == HallDaysKind.WORKED
    if calendar.holiday_name(day) and not is_worked:
        return []
    weekday = _MONDAY if is_worked or calendar.is_made_up(day) else day.isoweekday()
    hours = [(span["from"], span["to"]) for span in hall.opening_hours if weekday in span["days"]]
    return [left for begins, ends in hours if (left := own.leaves(begins, ends) if own else (begins, ends))]


def opening_lines(hall: Hall) -> list[OpeningLine]:
    """The week as people say it: days with the same hours in one line."""
    spans: dict[tuple[int, ...], list[str]] = {}
    for span in hall.opening_hours:
        spans.setdefault(tuple(sorted(span["days"])), []).append(f"{span['from']}–{span['to']}")
    return [OpeningLine(_days_in_words(days), sorted(hours)) for days, hours in sorted(spans.items())]


def schema_hours(hall: Hall) -> list[dict[str, object]]:
    """As schema.org's OpeningHoursSpecification."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [names[day - 1] for day in span["days"]],
            "opens": span["from"],
            "closes": span["to"],
        }
        for span in hall.opening_hours
    ]


def schema_closures(hall: Hall, closed: list[Closure], calendar: WorkCalendar) -> list[dict[str, object]]:
    """As schema.org's OpeningHoursSpecification of special days: closed is from midnight to midnight."""
    lines = []
    for one in closed:
        if one.part == HallDaysKind.OFF:
            lines.append(_special(one.begins_on, one.ends_on, _MIDNIGHT, _MIDNIGHT))
            continue
        for passed in range((one.ends_on - one.begins_on).days + 1):
            day = one.begins_on + timedelta(days=passed)
            hours = _hours_on(hall, day, calendar, one) or [(_MIDNIGHT, _MIDNIGHT)]
            lines.extend(_special(day, day, begins, ends) for begins, ends in hours)
    return lines


def _special(first: date, last: date, opens: str, closes: str) -> dict[str, object]:
    kind = "OpeningHoursSpecification"
    return {"@type": kind, "validFrom": str(first), "validThrough": str(last), "opens": opens, "closes": closes}


def _days_in_words(days: tuple[int, ...]) -> str:
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:  # noqa: PLR2004 - two days are named both
        return f"周{_DAYS[days[0] - 1]}至周{_DAYS[days[-1] - 1]}"
    return "、".join(f"周{_DAYS[day - 1]}" for day in days)
