"""An item as rows of the national exchange's tables, and back with faults at its lines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from foundation.errors import Fault, Invalid
from standards.items import BUILT_IN, BY_NAME, ELEMENTS, Element, Table, from_columns, to_columns
from standards.items.codelists import ALL_TYPES
from standards.items.exchange.items import (
    ExchangeItem,
    Faults,
    Reading,
    ReadItem,
    check_item,
    item_of,
    two_parts,
)
from standards.items.kinds import ROW_TABLES
from standards.items.live import LiveMapping, per_definition
from standards.items.values import is_blank
from standards.items.words import label_of

NAMESPACE: Final = "urn:yizhan:up-task:1"
FORMAT: Final = "yizhan-up-task"
VERSION: Final = 1
SCHEMAS: Final = Path(__file__).with_name("schemas")
XSD: Final = SCHEMAS / "up-task.xsd"
JSON_SCHEMA: Final = SCHEMAS / "up-task.schema.json"

type Known = Callable[[str], Mapping[str, Any] | None]
ORDER_COLUMN: Final = "order_num"


def _columns() -> dict[Table, dict[str, tuple[Element, Element | None]]]:
    found: dict[Table, dict[str, tuple[Element, Element | None]]] = {table: {} for table in Table}
    for element in ELEMENTS:
        if element.column:
            found[element.column.table][element.column.name] = (element, None)
            continue
        for cell in element.cells:
            if cell.column:
                found[cell.column.table][cell.column.name] = (element, cell)
    return found


# table -> column -> its element, and the cell where the element is a list
COLUMNS: Final[Mapping[Table, Mapping[str, tuple[Element, Element | None]]]] = LiveMapping(_columns)
# of 基本目录; elsewhere an item may still be a draft
REQUIRED: Final = tuple(
    element.column.name
    for element in BUILT_IN
    if element.column and element.column.table is Table.DIRECTORY and element.needed == ALL_TYPES
)


@per_definition
def given_paths() -> frozenset[str]:
    """The paths of what the exchange has a place for."""
    return frozenset(
        name
        for columns in COLUMNS.values()
        for element, cell in columns.values()
        for name in (element.name, f"{element.name}.{cell.name}" if cell else element.name)
    ) | {
        f"{element.name}.{cell.name}"
        for columns in COLUMNS.values()
        for element, own in columns.values()
        if own is None
        for cell in element.cells
    }


def rows_of(item: ExchangeItem) -> dict[Table, list[dict[str, str]]]:
    """Return an item as rows of the national exchange: for each table its rows, column name -> text. Empty columns, and
    rows and tables without anything in them, are left out.

    Raises Invalid where 基本目录 lacks what every item has.
    """
    found = {
        table: kept_rows
        for table, rows in to_columns(item.together()).items()
        if (kept_rows := [kept for row in rows if (kept := {name: text for name, text in row.items() if text})])
    }
    directory = found.get(Table.DIRECTORY, [{}])[0]
    if missing := [name for name in REQUIRED if name not in directory]:
        raise refused(item, missing)
    return found


@dataclass(slots=True)
class NationalItem:
    """One item of a national document: its rows as they were read, and on which line of the file each row and each
    column stands."""

    number: int
    line: int
    rows: dict[Table, list[dict[str, str]]] = field(default_factory=lambda: {table: [] for table in Table})
    lines: dict[tuple[Table, int, str], int] = field(default_factory=dict)

    def line_of(self, path: str) -> int:
        """Return the line on which an element's path of the check stands (``materials.2.copies``); the item's own where
        that is not known."""
        name, *inner = path.split(".")
        element = BY_NAME.get(name)
        if element is None:
            return self.line
        column = element.column
        if column is None:
            cells = [cell for cell in element.cells if cell.column]
            column = next((cell.column for cell in cells if len(inner) > 1 and cell.name == inner[1]), None)
            column = column or next((cell.column for cell in cells), None)
        if column is None:
            return self.line
        row = int(inner[0]) if inner and column.table in ROW_TABLES else 1
        return self.lines.get((column.table, row, column.name)) or self.lines.get((column.table, row, ""), self.line)


def read_rows(found: NationalItem, faults: Faults, *, known: Known | None = None) -> ReadItem:
    """Turn an item's rows into values and check them; what is wrong is added to ``faults``, with its line.

    ``known`` gives an item's values as they were before, by its 基本编码: they tell which of our finer codes a national
    one means.
    """
    first = faults.count
    _sort_rows(found)
    code = next((row.get("catalog_code", "") for row in found.rows[Table.DIRECTORY]), "")
    before = known(code) if known and code else None
    values = from_columns(found.rows, known=before)
    item = item_of(*two_parts(values))
    _notice_lost_codes(found, values, faults)

    def place(path: str, _: bool) -> tuple[str, str]:  # noqa: FBT001 - as check_item asks
        line = found.line_of(path)
        return f"line {line}", f"第 {line} 行（第 {found.number} 项“{item.name:.40}”）"

    check_item(item, faults, place=place)
    return ReadItem(item, f"第 {found.line} 行", given_paths(), tuple(faults.since(first)))


def _sort_rows(found: NationalItem) -> None:
    """As from_columns will: so that the second material is that of the second line."""
    for table in ROW_TABLES:
        rows = found.rows[table]
        order = sorted(range(len(rows)), key=lambda at: _order(rows[at]))
        if order == list(range(len(rows))):
            continue
        found.rows[table] = [rows[at] for at in order]
        moved = {at + 1: number for number, at in enumerate(order, start=1)}
        found.lines = {
            (one, moved[row] if one is table else row, column): line for (one, row, column), line in found.lines.items()
        }


def _order(row: Mapping[str, str]) -> int:
    text = row.get(ORDER_COLUMN, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - no place in a list


def _notice_lost_codes(found: NationalItem, values: Mapping[str, Any], faults: Faults) -> None:
    for table, columns in COLUMNS.items():
        for column, (element, cell) in columns.items():
            text = next((row.get(column, "") for row in found.rows[table]), "")
            if cell or not element.national or not text or element.name in values:
                continue
            labels = "、".join(
                label_of(element.codes, ours) for ours, theirs in element.national.items() if theirs == text
            )
            line = found.line_of(element.name)
            faults.notice(
                f"line {line}", f"第 {line} 行「{element.label}」“{text}”可以是{labels}，没有导入，请另行选择。"
            )


def untold_by(item: ExchangeItem) -> list[str]:
    """Return what the national exchange does not carry of an item, as people call it: elements and cells without a
    column, and codes that are finer here than there."""
    values = item.together()
    untold = []
    for element in ELEMENTS:
        value: Any = values.get(element.name)
        if is_blank(value):
            continue
        if element.name not in given_paths():
            untold.append(f"「{element.label}」")
        elif element.cells:
            rows = [row for row in value if isinstance(row, Mapping)]
            lost = [
                cell
                for cell in element.cells
                if f"{element.name}.{cell.name}" not in given_paths()
                and any(not is_blank(row.get(cell.name)) for row in rows)
            ]
            untold += [f"「{element.label}」的「{cell.label}」" for cell in lost]
        elif (
            element.national
            and list(element.national.values()).count(element.national.get(value, "")) > 1
            and element.national.get(value) != value
        ):
            ours, theirs = label_of(element.codes, value), element.national[value]
            untold.append(f"「{element.label}」是“{ours}”，国家只有“{theirs}”")
    return untold


def labels_of_columns(names: Sequence[str]) -> str:
    """Return the names of national columns as people call them: 「事项名称」（task_name）."""
    labels = {
        name: (cell or element).label for columns in COLUMNS.values() for name, (element, cell) in columns.items()
    }
    return "、".join(f"「{labels[name]}」（{name}）" for name in names)


def refused(item: ExchangeItem, columns: Iterable[str]) -> Invalid:
    """Return (not raise) the error for an item that the national schema refuses, with a fault for each of ``columns``
    that is one of ours; the schema may name others."""
    known = list(dict.fromkeys(name for name in columns if any(name in table for table in COLUMNS.values())))
    words_for = labels_of_columns(known) or "栏目"
    message = f"“{item.name or item.code}”不符合国家交换格式，不能导出：{words_for}缺少或有误。"
    return Invalid(message, faults=[Fault(name, message) for name in known])


def without_doubles(found: Iterable[ReadItem], faults: Faults) -> Reading:
    """Close a reading without those items whose 基本编码 came before: the later are faults, and not imported."""
    seen: dict[str, str] = {}
    kept = []
    for one in found:
        code = one.item.code
        if code and code in seen:
            faults.add(one.place, f"{one.place}「基本编码」“{code:.40}”与{seen[code]}的重复，没有导入。")
            continue
        seen[code] = one.place
        kept.append(one)
    return faults.reading(kept)


def take_row(
    found: NationalItem, table: Table, texts: Iterable[tuple[str, str, int]], faults: Faults, *, line: int
) -> None:
    row: dict[str, str] = {}
    number = len(found.rows[table]) + 1
    found.lines[table, number, ""] = line
    for column, text, at in texts:
        if column not in COLUMNS[table] and not (table is Table.MATERIAL and column == ORDER_COLUMN):
            faults.add(f"line {at}", f"第 {at} 行：表 {table.value} 没有“{column}”这一栏。")
        elif column in row:
            faults.add(f"line {at}", f"第 {at} 行：“{column}”重复。")
        else:
            row[column] = text
            found.lines[table, number, column] = at
    found.rows[table].append(row)
