"""The roster as a table: a line for each day and shift, out as CSV or Excel and in again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import transaction

from foundation.design.dates import iso_day
from foundation.errors import DomainError, Fault, Invalid
from foundation.excel import LARGEST_FILE, SheetRow, read_table
from foundation.files.store import Readable
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.duty.models import DutyShift
from tenants.duty.operations.turns import ChangedCell, WrittenCell, write_turns
from tenants.duty.queries.access import KEEP
from tenants.duty.queries.roster import DutyRosterPage
from tenants.duty.states import DutyPart
from tenants.portal.operations.figures import require_in_hall

HEADINGS: Final = {
    "日期": "on",
    "星期": "weekday",
    "班次": "shift",
    "时间": "hours",
    "带班领导": "leader",
    "值班员": "person",
}
MOST_ROWS: Final = 400


@dataclass(slots=True)
class RosterReport:
    """What a table changes (or, on trial, would change), and a fault for every row that stays out."""

    changed: list[ChangedCell] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def roster_table(page: DutyRosterPage) -> Iterator[tuple[object, ...]]:
    """A month as rows under HEADINGS."""
    for day in page.dates:
        said: dict[DutyShift, dict[str, str]] = {}
        for cell in day.cells:
            said.setdefault(cell.shift, {})[cell.part] = cell.text
        for shift, parts in said.items():
            yield (
                *(day.on.isoformat(), day.weekday, shift.name, shift.hours),
                *(parts.get(part, "") for part in (DutyPart.LEADER, DutyPart.PERSON)),
            )


@transaction.atomic
def import_roster(*, by: Actor, hall: Hall, file: Readable, is_trial: bool) -> RosterReport:
    """Take in a table (headings: HEADINGS, of which 星期 and 时间 are not read): each line says who is on duty in a
    shift on a day. What is empty in it stays as it is. All good rows go in, each bad one is reported. ``is_trial``:
    only say what would happen.

    Raises Invalid for a file that is no such table.
    """
    require_in_hall(by, KEEP, hall)
    rows = read_table(
        file.read(LARGEST_FILE + 1), columns=HEADINGS, required=frozenset({"on", "shift"}), most=MOST_ROWS
    )
    if not rows:
        raise Invalid("表格里没有值班。")
    report = RosterReport()
    shifts = {one.name: one for one in DutyShift.objects.filter(is_in_use=True)}
    for row in rows:
        try:
            # on trial too: a later row may change what an earlier one has written
            with transaction.atomic():
                report.changed += write_turns(by=by, hall=hall, cells=_cells(row, shifts))
        except DomainError as refusal:
            said = "".join(one.message for one in refusal.faults) or refusal.message
            report.faults.append(Fault(f"第 {row.number} 行", said))
    if is_trial:
        transaction.set_rollback(True)
    return report


def _cells(row: SheetRow, shifts: dict[str, DutyShift]) -> list[WrittenCell]:
    if row.fault:
        raise Invalid(row.fault)
    on, name = _day(row.cells.get("on", "")), row.cells.get("shift", "")
    if name not in shifts:
        message = f"没有在用的班次叫“{name[:20]}”。"
        raise Invalid(message)
    return [
        WrittenCell(on, shifts[name].pk, part, said) for part in DutyPart if (said := row.cells.get(part.value, ""))
    ]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(iso_day(text))
    except ValueError as error:
        message = f"日期“{text[:20]}”看不懂，请写成 2026-12-01。"
        raise Invalid(message) from error
