"""The lines of one sheet with national columns, and what each says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.workbooks import Sheet
from standards.items import BUILT_IN, Element, Filler, Table
from standards.items.columns import split
from standards.items.exchange import words
from standards.items.exchange.cells import Spot, covered_cells, unreadable_cells
from standards.items.exchange.items import Faults, is_hall_element
from standards.items.exchange.labels import normal
from standards.items.exchange.table_heads import Head, head_of
from standards.items.exchange.tables import (
    BY,
    BY_HALL,
    BY_PROVINCE,
    LIST_OF,
    ORDER,
    SheetColumn,
    elements_side_by_side,
    is_plain,
)
from standards.items.values import is_blank

_IS_HALL: Final[Mapping[str, bool]] = {
    "": False,
    normal(BY_PROVINCE): False,
    "省里": False,
    Filler.PROVINCE.value: False,
    normal(BY_HALL): True,
    "本厅": True,
    Filler.HALL.value: True,
}
_LONGEST_ORDER: Final = 9  # digits
# an added one has its unit in its name
_UNITS: Final = words.units_of(BUILT_IN)


@dataclass(slots=True)
class ListRow:
    """One row of a list: its place, if somebody numbered them, and who has added it."""

    row: int
    order: int
    is_hall: bool
    values: dict[str, Any]


@dataclass(slots=True)
class OpenTable:
    """``texts``: the same words come again and again, and are kept once."""

    table: Table
    sheet: Sheet
    head: Head
    below: Iterator[tuple[int, list[Any]]]
    faults: Faults
    texts: dict[str, str]
    key: int = 0
    _plain: list[tuple[int, SheetColumn]] = field(default_factory=list)
    _cells: list[tuple[int, Element]] = field(default_factory=list)
    _beside: list[tuple[Element, list[tuple[int, Element]]]] = field(default_factory=list)
    _unreadable: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = self.head.number_of("basic_code")
        known_columns = [number + 1 for number in self.head.columns]
        covered = covered_cells(self.sheet, below=self.head.row, columns=known_columns)
        self._unreadable = {**covered, **unreadable_cells(self.sheet)}
        numbers = {}
        for number, column in self.head.columns.items():
            if not isinstance(column, SheetColumn) or column.is_link:
                continue
            numbers[column.element.name, column.said.name] = number
            if is_plain(column, self.table):
                self._plain.append((number, column))
            elif self.table in LIST_OF:
                self._cells.append((number, column.said))
        for element, columns in elements_side_by_side(self.table):
            known = [
                (numbers[element.name, one.said.name], one.said)
                for one in columns
                if (element.name, one.said.name) in numbers
            ]
            if known:
                self._beside.append((element, known))

    def lines(self) -> Iterator[tuple[int, list[Any]]]:
        """Those with something in a column that we know."""
        troubled = {row for row, _ in self._unreadable}
        width = max(self.head.columns) + 1
        for row, cells in self.below:
            own = cells[:width] + [""] * (width - len(cells))
            if row in troubled or any(
                own[number] not in {"", None} and words.text(own[number]) for number in self.head.columns
            ):
                yield row, own

    def spot(self, row: int, number: int) -> Spot:
        """``number`` counts from 0."""
        return Spot(self.sheet.name, row, number + 1)

    def value(self, element: Element, row: int, number: int, cell: Any) -> Any:
        """What the cell says; a fault for what cannot be read."""
        if self._unreadable and (reason := self._unreadable.get((row, number + 1))):
            spot = self.spot(row, number)
            self.faults.add(spot.where, f"{spot.words}「{element.label}」{reason}")
            return None
        if cell == "":
            return None
        value, message = words.read(element, cell)
        if message:
            spot = self.spot(row, number)
            self.faults.add(spot.where, f"{spot.words}「{element.label}」{message}")
        return self._kept(value)

    def is_unreadable(self, row: int, number: int) -> bool:
        return (row, number + 1) in self._unreadable

    def _kept(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.texts.setdefault(value, value)
        if isinstance(value, list):
            return [self._kept(one) for one in value]
        return {name: self._kept(one) for name, one in value.items()} if isinstance(value, dict) else value

    def take(self, row: int, cells: Sequence[Any], values: dict[str, Any], hall: dict[str, Any]) -> None:
        """An item's own line into its two parts."""
        hall_own: dict[str, Any] = {}
        for number, column in self._plain:
            value = self.value(column.element, row, number, cells[number])
            if not is_blank(value):
                name = column.element.name
                part = hall_own if column.is_hall else hall if is_hall_element(name) else values
                part[name] = value
        words.take_units(_UNITS, values)
        words.take_units(_UNITS, hall_own)
        hall |= hall_own
        for element, columns in self._beside:
            if rows := self._rows_beside(element, columns, row, cells):
                (hall if is_hall_element(element.name) else values)[element.name] = rows

    def _rows_beside(
        self, element: Element, columns: Sequence[tuple[int, Element]], row: int, cells: Sequence[Any]
    ) -> list[dict[str, Any]]:
        """A list whose cells are columns of the item's line: entries between ^, or an entry a line."""
        pieces: dict[str, list[str]] = {}
        for number, cell in columns:
            if self.is_unreadable(row, number):
                self.value(cell, row, number, "")
            elif written := words.text(cells[number]):
                is_by_line = "\n" in written and "^" not in written
                pieces[cell.name] = written.split("\n") if is_by_line else split(written, "^")
        rows = []
        for at in range(max(map(len, pieces.values()), default=0)):
            found = {name: texts[at] for name, texts in pieces.items() if at < len(texts)}
            values, message = words.read_row(element, found)
            if message:
                spot = self.spot(row, columns[0][0])
                self.faults.add(spot.where, f"{spot.words}第 {at + 1} 项的{message}")
            rows.append(self._kept(values))
        return rows

    def list_row(self, row: int, cells: Sequence[Any]) -> ListRow:
        """A line that is one row of the item's list."""
        found = ListRow(row, 0, is_hall_element(LIST_OF[self.table].name), {})
        for number, element in self._cells:
            value = self.value(element, row, number, cells[number])
            if not is_blank(value):
                found.values[element.name] = value
        for number, column in self.head.columns.items():
            written = words.text(cells[number]) if column in {ORDER, BY} else ""
            if column is ORDER and written.isdecimal() and len(written) <= _LONGEST_ORDER:
                found.order = int(written)
            elif column is BY:
                by = _IS_HALL.get(normal(written))
                found.is_hall = bool(by)
                if by is None:
                    spot = self.spot(row, number)
                    self.faults.add(spot.where, f"{spot.words}「{BY.label}」应为“{BY_PROVINCE}”或“{BY_HALL}”。")
        return found


def open_table(sheet: Sheet, table: Table, faults: Faults, texts: dict[str, str]) -> OpenTable | None:
    """None where the sheet has no column of basic codes."""
    head, below = head_of(sheet, table, faults)
    if head is None or not head.number_of("basic_code"):
        return None
    return OpenTable(table, sheet, head, below, faults, texts)
