"""A year's calendar as a table: what an Excel file would change, and the change."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from foundation.errors import Fault, Invalid
from foundation.excel import LARGEST_FILE, read_rows
from foundation.files.store import Readable
from province.rights.actors import Actor
from province.rights.queries import require
from province.workdays.models import YearCalendar
from province.workdays.operations.calendars import MANAGE, MOST_LINES, DayLine, save_calendar

HEADINGS: Final = {"日期": "day", "安排": "kind", "节日": "name"}
_OFF, _WORKED = "放假", "上班"


def day_table(calendar: YearCalendar | None) -> Iterator[tuple[object, ...]]:
    """Its days as rows under HEADINGS."""
    if calendar:
        for one in calendar.days.order_by("day"):
            yield f"{one.day:%Y-%m-%d}", _OFF if one.is_off else _WORKED, one.name


def import_days(*, by: Actor, prefix: str, year: int, revision: int, file: Readable) -> YearCalendar:
    """Write the draft as an Excel table says: days that it does not name are as their day of the week. Raises
    Invalid with a fault for every row that cannot be read, and as ``save_calendar``."""
    require(by, MANAGE)
    return save_calendar(by=by, prefix=prefix, year=year, revision=revision, lines=_read_day_table(file))


def _read_day_table(file: Readable) -> list[DayLine]:
    """The days that an Excel table names (headings: HEADINGS). Raises Invalid with a fault for every row that cannot be
    read."""
    content = file.read(LARGEST_FILE + 1)
    rows = read_rows(content, columns=HEADINGS, required=frozenset({"day", "kind"}), most=MOST_LINES)
    lines, faults = [], []
    for row in rows:
        try:
            day = date.fromisoformat(row.cells.get("day", "")[:10])
        except ValueError:
            faults.append(Fault(f"第 {row.number} 行", "日期应写成 2026-10-01 的形式。"))
            continue
        kind = row.cells.get("kind", "")
        if row.fault or kind not in {_OFF, _WORKED}:
            faults.append(Fault(f"第 {row.number} 行", row.fault or f"“安排”应为{_OFF}或{_WORKED}。"))
            continue
        lines.append(DayLine(day, kind == _OFF, row.cells.get("name", "")))
    if faults:
        raise Invalid.of(faults)
    return lines
