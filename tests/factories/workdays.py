"""Calendars: those that the province begins with, as a value; and drafts and published ones as rows."""

import csv
from collections.abc import Iterable
from datetime import date
from typing import Final

from province.workdays.models import CalendarDay, YearCalendar
from province.workdays.operations import DayLine, Document, publish_calendar, save_calendar
from province.workdays.queries.calendars import ArrangedYear, merged
from province.workdays.queries.effects import CalendarEffects
from province.workdays.states import CalendarState
from standards.workdays import WorkCalendar
from tests.architecture.sources import ROOT
from tests.conftest import person

DOCUMENT: Final = Document(authority="国务院办公厅", number="国办发明电〔2026〕9号", issued_on=date(2026, 11, 3))


def _national() -> WorkCalendar:
    path = ROOT / "platform/province/workdays/state_council.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years: dict[int, list[tuple[date, bool, str]]] = {}
    for row in rows:
        line = date.fromisoformat(row["日期"]), row["安排"] == "放假", row["节日"]
        years.setdefault(int(row["年份"]), []).append(line)
    return merged(ArrangedYear("", year, tuple(days)) for year, days in years.items())


# the State Council's notices since 2004, of which a new database has the same rows
NATIONAL: Final = _national()


def make_draft(year: int, lines: Iterable[DayLine], *, prefix: str = "", revision: int = 0) -> YearCalendar:
    return save_calendar(
        by=person("zhao"), prefix=prefix, year=year, revision=revision, lines=list(lines), document=DOCUMENT
    )


def make_calendar(year: int, lines: Iterable[DayLine], *, prefix: str = "") -> CalendarEffects:
    """Published, in the place of what was."""
    draft = make_draft(year, lines, prefix=prefix)
    return publish_calendar(by=person("zhao"), calendar=draft, revision=draft.revision)


def lines_of(year: int, prefix: str = "") -> list[DayLine]:
    """What is in force."""
    days = CalendarDay.objects.filter(
        calendar__year=year, calendar__prefix=prefix, calendar__state=CalendarState.PUBLISHED
    )
    return [DayLine(one.day, one.is_off, one.name) for one in days.order_by("day")]
