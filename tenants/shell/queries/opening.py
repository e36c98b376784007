"""When a hall is open, from the hours on its row: ``[{"days": [1, 2], "from": "08:30", "to": "12:00"}, …]``."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from province.halls.models import Hall
from standards.workdays import holiday_name, is_made_up

_DAYS = "一二三四五六日"
_MONDAY = 1


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """Some days of the week and their hours: 周一至周五, 08:30–12:00 and 14:00–17:30."""

    days: str
    hours: list[str]


def is_open(hall: Hall, at: datetime) -> bool:
    """Whether people find the doors open at this moment, by the clock of the province.

    On holidays of the State Council's notice nobody is there; on a Saturday or Sunday that is worked in their place
    (调休) the hours are those of Monday.
    """
    local = timezone.localtime(at)
    today = local.date()
    if holiday_name(today):
        return False
    day = _MONDAY if is_made_up(today) else local.isoweekday()
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


def _days_in_words(days: tuple[int, ...]) -> str:
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:  # noqa: PLR2004 - two days are named both
        return f"周{_DAYS[days[0] - 1]}至周{_DAYS[days[-1] - 1]}"
    return "、".join(f"周{_DAYS[day - 1]}" for day in days)
