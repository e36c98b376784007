"""When a hall is open, from the hours and the days of its own on its row: ``[{"days": [1, 2], "from": "08:30", "to":
"12:00"}, …]``, ``[{"from": "2026-12-01", "to": "2026-12-02", "reason": "…", "part": "afternoon"}, …]``.

What stands there of its own days is ``province.workdays``' ``HallDays``, those in force; whether limits follow is said
there.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from province.content.queries.generations import calendar_mark_of
from province.halls.models import Hall
from province.workdays.queries.calendars import calendar_at_mark
from standards.workdays import ClosedPart, Closure, OfficeHours, OpeningLine, Span, WorkCalendar

# closed days are told so long before
_TOLD_BEFORE: Final = timedelta(days=60)
_MIDNIGHT: Final = "00:00"


def calendar_of_page(hall: Hall, generations: str) -> WorkCalendar:
    """The working days of the hall's place, by the generation that was read for the page: no query of its own."""
    return calendar_at_mark(calendar_mark_of(generations), hall.division.code)


def closures(hall: Hall) -> list[Closure]:
    """All that are on the hall's row, in order."""
    found = [
        Closure(date.fromisoformat(one["from"]), date.fromisoformat(one["to"]), one["reason"], ClosedPart(one["part"]))
        for one in hall.closed_days
    ]
    return sorted(found, key=lambda one: one.begins_on)


def coming_closures(hall: Hall, today: date) -> list[Closure]:
    """Those that readers should know of: today's, and those of the next two months."""
    return [one for one in closures(hall) if one.ends_on >= today and one.begins_on <= today + _TOLD_BEFORE]


def office_hours(hall: Hall, calendar: WorkCalendar) -> OfficeHours:
    """When the hall is open. ``calendar``: of its place, without the days that it has arranged for itself."""
    week: dict[int, list[Span]] = {}
    for span in hall.opening_hours:
        for day in span["days"]:
            week.setdefault(day, []).append((span["from"], span["to"]))
    return OfficeHours({day: tuple(sorted(spans)) for day, spans in week.items()}, tuple(closures(hall)), calendar)


def is_open(hall: Hall, at: datetime, calendar: WorkCalendar) -> bool:
    """Whether people find the doors open at this moment, by the clock of the province."""
    if not hall.opening_hours:
        return False
    local = timezone.localtime(at)
    clock = f"{local:%H:%M}"
    return any(begins <= clock < ends for begins, ends in office_hours(hall, calendar).on(local.date()))


def opening_lines(hall: Hall) -> list[OpeningLine]:
    """The week as people say it: days with the same hours in one line."""
    return office_hours(hall, WorkCalendar()).lines


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
    lines, week = [], office_hours(hall, calendar).week
    for one in closed:
        if one.part == ClosedPart.OFF or not hall.opening_hours:
            lines.append(_special(one.begins_on, one.ends_on, _MIDNIGHT, _MIDNIGHT))
            continue
        for passed in range((one.ends_on - one.begins_on).days + 1):
            day = one.begins_on + timedelta(days=passed)
            hours = OfficeHours(week, (one,), calendar).on(day) or [(_MIDNIGHT, _MIDNIGHT)]
            lines.extend(_special(day, day, begins, ends) for begins, ends in hours)
    return lines


def _special(first: date, last: date, opens: str, closes: str) -> dict[str, object]:
    kind = "OpeningHoursSpecification"
    return {"@type": kind, "validFrom": str(first), "validThrough": str(last), "opens": opens, "closes": closes}
