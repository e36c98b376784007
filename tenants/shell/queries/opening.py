"""When a hall is open, from the hours and the closed days on its row: ``[{"days": [1, 2], "from": "08:30", "to":
"12:00"}, …]``, ``[{"from": "2026-12-01", "to": "2026-12-02", "reason": "…"}, …]``.

A closed day is the hall's own: nobody is at its windows. Legal limits go on; they follow the calendars alone
(``province.workdays``).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from province.content.queries.generations import calendar_mark_of
from province.halls.models import Hall
from province.workdays.queries.calendars import calendar_at_mark
from standards.workdays import WorkCalendar

_DAYS = "一二三四五六日"
_MONDAY = 1
# closed days are told so long before
_TOLD_BEFORE: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """Some days of the week and their hours: 周一至周五, 08:30–12:00 and 14:00–17:30."""

    days: str
    hours: list[str]


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the hall is closed, the first and the last of them, and why."""

    begins_on: date
    ends_on: date
    reason: str

    @property
    def is_one_day(self) -> bool:
        return self.begins_on == self.ends_on


def calendar_of_page(hall: Hall, generations: str) -> WorkCalendar:
    """The working days of the hall's place, by the generation that was read for the page: no query of its own."""
    return calendar_at_mark(calendar_mark_of(generations), hall.division.code)


def closures(hall: Hall) -> list[Closure]:
    """All that are on the hall's row, in order."""
    found = [
        Closure(date.fromisoformat(one["from"]), date.fromisoformat(one["to"]), one["reason"])
        for one in hall.closed_days
    ]
    return sorted(found, key=lambda one: one.begins_on)


def coming_closures(hall: Hall, today: date) -> list[Closure]:
    """Those that readers should know of: today's, and those of the next two months."""
    return [one for one in closures(hall) if one.ends_on >= today and one.begins_on <= today + _TOLD_BEFORE]


def is_open(hall: Hall, at: datetime, calendar: WorkCalendar) -> bool:
    """Whether people find the doors open at this moment, by the clock of the province.

    On holidays, and on the hall's own closed days, nobody is there; on a Saturday or Sunday that is worked in a
    holiday's place (调休) the hours are those of Monday.
    """
    local = timezone.localtime(at)
    today = local.date()
    if calendar.holiday_name(today) or any(one.begins_on <= today <= one.ends_on for one in closures(hall)):
        return False
    day = _MONDAY if calendar.is_made_up(today) else local.isoweekday()
    clock = f"{local:%H:%M}"
    return any(day in span["days"] and span["from"] <= clock < span["to"] for span in hall.opening_hours)


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


def schema_closures(closed: list[Closure]) -> list[dict[str, object]]:
    """As schema.org's OpeningHoursSpecification of special days: closed is from midnight to midnight."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": str(one.begins_on),
            "validThrough": str(one.ends_on),
            "opens": "00:00",
            "closes": "00:00",
        }
        for one in closed
    ]


def _days_in_words(days: tuple[int, ...]) -> str:
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:  # noqa: PLR2004 - two days are named both
        return f"周{_DAYS[days[0] - 1]}至周{_DAYS[days[-1] - 1]}"
    return "、".join(f"周{_DAYS[day - 1]}" for day in days)
