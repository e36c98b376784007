"""The hall's list of places as a table: what a CSV or Excel file would change, and the change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.errors import DomainError, Fault, Invalid
from foundation.excel import LARGEST_FILE, SheetRow, read_table
from foundation.files.store import Readable
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.fields.places import DATUM_LABELS
from tenants.portal.operations.figures import require_in_hall
from tenants.workflow.models import HallPlace
from tenants.workflow.operations.designs import DESIGN
from tenants.workflow.operations.places import (
    MOST_KEPT,
    PlaceFacts,
    check_list,
    facts_of,
    hold_list,
    insert_place,
    write_place,
)

HEADINGS: Final = {
    "编号": "id",
    "修订": "revision",
    "名称": "name",
    "类别": "kind",
    "地址": "address",
    "经度": "longitude",
    "纬度": "latitude",
    "坐标系": "datum",
    "管理单位": "keeper",
    "联系电话": "phone",
    "在用": "is_in_use",
}
_YES, _NO = "是", "否"
_DATUMS: Final = {label: code for code, label in DATUM_LABELS.items()}


@dataclass(slots=True)
class PlacesReport:
    """What a table changes (or, on trial, would change): names of places, and a fault for every row that stays out."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


def place_table(places: Iterable[HallPlace]) -> Iterator[tuple[object, ...]]:
    """Places as rows under HEADINGS."""
    for one in places:
        said = facts_of(one)
        yield (
            *(str(one.pk), one.revision, said.name, said.kind, said.address, said.longitude, said.latitude),
            *(DATUM_LABELS[one.datum] if said.longitude else "", said.keeper, said.phone),  # type: ignore[index]
            _YES if one.is_in_use else _NO,
        )


@transaction.atomic
def import_places(*, by: Actor, hall: Hall, file: Readable, is_trial: bool) -> PlacesReport:
    """Take in a table (headings: HEADINGS): a row with an id changes that place if it still is at the row's revision, a
    row without one is a new place; places that the table does not have stay, and so does what it has no column for. All
    good rows go in, each bad one is reported. ``is_trial``: only say what would happen.

    Raises Invalid for a file that is no such table, and where the list as a whole would be against its rules.
    """
    require_in_hall(by, DESIGN, hall)
    hold_list(hall)
    rows = read_table(file.read(LARGEST_FILE + 1), columns=HEADINGS, required=frozenset({"name"}), most=MOST_KEPT)
    if not rows:
        raise Invalid("表格里没有地点。")
    report = PlacesReport()
    known = {str(one.pk): one for one in HallPlace.objects.all()}
    for row in rows:
        try:
            # on trial too: only then it is known whether two rows of the table have one name
            with transaction.atomic():
                _take(by, hall, row, known, report)
        except DomainError as refusal:
            said = "".join(one.message for one in refusal.faults) or refusal.message
            report.faults.append(Fault(f"第 {row.number} 行", said))
    check_list()
    if is_trial:
        transaction.set_rollback(True)
    return report


def _take(by: Actor, hall: Hall, row: SheetRow, known: dict[str, HallPlace], report: PlacesReport) -> None:
    if row.fault:
        raise Invalid(row.fault)
    key, revision = row.cells.get("id", ""), row.cells.get("revision", "")
    if not key:
        made = insert_place(by, hall, _facts(row, PlaceFacts(name="")))
        report.added.append(made.name)
        return
    if (place := known.get(key)) is None:
        raise Invalid("本厅的清单里没有这个编号的地点；新增的地点，编号请留空。")
    before = facts_of(place)
    facts = _facts(row, before)
    if facts == before:
        report.unchanged += 1
        return
    changed = write_place(by, hall, UUID(key), int(revision) if revision.isdecimal() else -1, facts)
    report.changed.append(changed.name)


def _facts(row: SheetRow, before: PlaceFacts) -> PlaceFacts:
    """What the row says, and what was said before where it has no column. Raises Invalid for a strange yes or no."""
    said = {
        name: row.cells[name]
        for name in ("name", "kind", "address", "longitude", "latitude", "keeper", "phone")
        if name in row.cells
    }
    datum, used = row.cells.get("datum", ""), row.cells.get("is_in_use", "")
    if used not in {"", _YES, _NO}:
        message = f"“在用”请写“{_YES}”或者“{_NO}”。"
        raise Invalid(message)
    return replace(
        before,
        **said,
        datum=_DATUMS.get(datum, datum) or before.datum,
        is_in_use=used == _YES if used else before.is_in_use,
    )
