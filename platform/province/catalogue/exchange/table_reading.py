"""Items out of the workbook with national columns, whoever filled it and however its columns stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.errors import Invalid
from foundation.workbooks import ROWS_BESIDE, Sheet
from province.catalogue.definition import BY_NAME, Bound, CodeScheme, Element, Table
from province.catalogue.definition.codes import USUAL_SCHEME
from province.catalogue.definition.columns import split
from province.catalogue.definition.elements import ELEMENTS
from province.catalogue.definition.kinds import ROW_TABLES
from province.catalogue.definition.values import is_blank
from province.catalogue.exchange import words
from province.catalogue.exchange.cells import Spot, unreadable_cells
from province.catalogue.exchange.items import (
    MOST_ITEMS,
    Faults,
    Reading,
    ReadItem,
    check_item,
    is_hall_element,
    item_of,
)
from province.catalogue.exchange.labels import normal
from province.catalogue.exchange.table_heads import Head, head_of, table_of
from province.catalogue.exchange.tables import (
    BY,
    BY_HALL,
    BY_PROVINCE,
    LIST_OF,
    ORDER,
    SheetColumn,
    elements_side_by_side,
    is_plain,
)

_IS_HALL: Final[Mapping[str, bool]] = {
    "": False,
    normal(BY_PROVINCE): False,
    "省里": False,
    normal(BY_HALL): True,
    "本厅": True,
}


def read_tables(sheets: Sequence[Sheet], *, scheme: CodeScheme = USUAL_SCHEME) -> Reading:
    """Raises Invalid where 基本目录 is lacking, has no basic codes or too many items."""
    return _Tables(sheets, scheme).read()


@dataclass(slots=True)
class _Found:
    """One item while its parts come together. ``rows``: of each table; ``list_rows``: of each entry of a list, the
    province's and the hall's apart."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    hall: dict[str, Any] = field(default_factory=dict)
    rows: dict[Table, int] = field(default_factory=dict)
    list_rows: dict[tuple[str, bool], list[int]] = field(default_factory=dict)

    def part_of(self, name: str, *, is_hall: bool = False) -> dict[str, Any]:
        return self.hall if is_hall or is_hall_element(name) else self.values


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with something in it: its cells by the numbers of their columns."""

    row: int
    cells: Sequence[Any]
    unreadable: Mapping[tuple[int, int], str]

    def cell(self, number: int) -> Any:
        return self.cells[number] if number < len(self.cells) else ""


class _Tables:
    def __init__(self, sheets: Sequence[Sheet], scheme: CodeScheme) -> None:
        self._sheets: dict[Table, Sheet] = {}
        self._scheme = scheme
        self._faults = Faults()
        self._heads: dict[Table, Head] = {}
        self._items: dict[str, _Found] = {}
        self._texts: dict[str, str] = {}
        for sheet in sheets:
            if (table := table_of(sheet.name)) and table not in self._sheets:
                self._sheets[table] = sheet

    def read(self) -> Reading:
        if Table.DIRECTORY not in self._sheets:
            names = "、".join(f"“{sheet.name}”" for sheet in self._sheets.values())
            message = f"工作簿里有{names},但缺少“{Table.DIRECTORY.label}”工作表:每个事项的基本编码和名称在那里。"
            raise Invalid(message)
        for table, sheet in sorted(self._sheets.items(), key=lambda pair: list(Table).index(pair[0])):
            self._read_sheet(table, sheet)
        given = self._given()
        return self._faults.reading([self._read_item(found, given) for found in self._items.values()])

    def _read_sheet(self, table: Table, sheet: Sheet) -> None:
        if table not in ROW_TABLES and sheet.seen.last_row > MOST_ITEMS + ROWS_BESIDE:
            message = f"“{sheet.name}”有 {sheet.seen.last_row:,} 行,最多 {MOST_ITEMS:,} 个事项,请分成几份导入。"
            raise Invalid(message)
        head, below = head_of(sheet, table, self._faults)
        key = head.number_of("basic_code") if head else 0
        if head is None or not key:
            message = f"“{sheet.name}”缺少「基本编码」这一列:请用导出的表格或空白模板填写。"
            if table is Table.DIRECTORY:
                raise Invalid(message)
            self._faults.add(sheet.name, message)
            return
        self._heads[table] = head
        ordered: dict[tuple[str, bool], list[tuple[int, int, dict[str, Any]]]] = {}
        for line in _lines(sheet, head, below):
            found = self._item_of(table, sheet, line, key)
            if found is None:
                continue
            if table in ROW_TABLES:
                self._keep_row(table, sheet, line, ordered, code=found.code)
            else:
                self._take_line(table, sheet, line, found)
        self._take_rows(table, ordered)

    def _item_of(self, table: Table, sheet: Sheet, line: _Line, key: int) -> _Found | None:
        """The item whose line it is; a new one in 基本目录."""
        spot = Spot(sheet.name, line.row, key)
        value = self._value(BY_NAME["basic_code"], sheet, line, key - 1)
        code = str(value or "")
        if not code:
            if (line.row, key) not in line.unreadable:
                self._faults.add(spot.where, f"{spot.words}缺少「基本编码」,这一行没有导入。")
            return None
        found = self._items.get(code)
        if table is Table.DIRECTORY:
            if found:
                first = found.rows[table]
                self._faults.add(
                    spot.where, f"{spot.words}「基本编码」“{code:.40}”与第 {first} 行重复,这一行没有导入。"
                )
                return None
            found = self._items[code] = _Found(code)
        elif found is None:
            self._faults.add(spot.where, f"{spot.words}「基本编码」“{code:.40}”在“基本目录”中没有,这一行没有导入。")
            return None
        elif table not in ROW_TABLES and table in found.rows:
            first = found.rows[table]
            self._faults.add(spot.where, f"{spot.words}「基本编码」“{code:.40}”与第 {first} 行重复,这一行没有导入。")
            return None
        found.rows.setdefault(table, line.row)
        return found

    def _take_line(self, table: Table, sheet: Sheet, line: _Line, found: _Found) -> None:
        hall_own: dict[str, Any] = {}
        for number, column in self._heads[table].columns.items():
            if isinstance(column, SheetColumn) and is_plain(column, table):
                value = self._value(column.element, sheet, line, number)
                if not is_blank(value):
                    part = hall_own if column.is_hall else found.part_of(column.element.name)
                    part[column.element.name] = value
        words.take_units(ELEMENTS, found.values)
        words.take_units(ELEMENTS, hall_own)
        found.hall |= hall_own
        for element, columns in elements_side_by_side(table):
            rows = self._rows_side_by_side(element, columns, table, sheet, line)
            if rows:
                found.part_of(element.name)[element.name] = rows

    def _rows_side_by_side(
        self, element: Element, columns: Sequence[SheetColumn], table: Table, sheet: Sheet, line: _Line
    ) -> list[dict[str, Any]]:
        head = self._heads[table]
        pieces: dict[str, list[str]] = {}
        for column in columns:
            number = head.number_of(element.name, column.said.name)
            if number and (written := self._text(sheet, line, number - 1)):
                is_by_line = "\n" in written and "^" not in written
                pieces[column.said.name] = written.split("\n") if is_by_line else split(written, "^")
        rows = []
        for at in range(max(map(len, pieces.values()), default=0)):
            row, message = words.read_row(
                element, {name: texts[at] for name, texts in pieces.items() if at < len(texts)}
            )
            if message:
                spot = Spot(sheet.name, line.row, head.number_of(element.name))
                self._faults.add(spot.where, f"{spot.words}第 {at + 1} 项的{message}")
            rows.append(row)
        return rows

    def _keep_row(
        self,
        table: Table,
        sheet: Sheet,
        line: _Line,
        ordered: dict[tuple[str, bool], list[tuple[int, int, dict[str, Any]]]],
        *,
        code: str,
    ) -> None:
        row: dict[str, Any] = {}
        is_hall, order = is_hall_element(LIST_OF[table].name), 0
        for number, column in self._heads[table].columns.items():
            if column is ORDER:
                digits = self._text(sheet, line, number)
                order = int(digits) if digits.isdecimal() and len(digits) < 10 else 0  # noqa: PLR2004 - no place in a list
            elif column is BY:
                is_hall = self._is_hall(sheet, line, number)
            elif isinstance(column, SheetColumn) and not column.is_link:
                value = self._value(column.said, sheet, line, number)
                if not is_blank(value):
                    row[column.said.name] = value
        if row:
            ordered.setdefault((code, is_hall), []).append((order, line.row, row))

    def _is_hall(self, sheet: Sheet, line: _Line, number: int) -> bool:
        written = self._text(sheet, line, number)
        by = _IS_HALL.get(normal(written))
        if by is None:
            spot = Spot(sheet.name, line.row, number + 1)
            self._faults.add(spot.where, f"{spot.words}「{BY.label}」应为“{BY_PROVINCE}”或“{BY_HALL}”。")
        return bool(by)

    def _take_rows(
        self, table: Table, ordered: Mapping[tuple[str, bool], list[tuple[int, int, dict[str, Any]]]]
    ) -> None:
        if table not in LIST_OF:
            return
        element = LIST_OF[table]
        for (code, is_hall), rows in ordered.items():
            rows.sort(key=lambda row: row[:2])
            found = self._items[code]
            is_own = is_hall and element.bound is Bound.MAY_ADD
            found.part_of(element.name, is_hall=is_own)[element.name] = [row for *_, row in rows]
            found.list_rows[element.name, is_own or is_hall_element(element.name)] = [line for _, line, _ in rows]

    def _value(self, element: Element, sheet: Sheet, line: _Line, number: int) -> Any:
        """What the cell says; a fault for what cannot be read."""
        spot = Spot(sheet.name, line.row, number + 1)
        if reason := line.unreadable.get((line.row, number + 1)):
            self._faults.add(spot.where, f"{spot.words}「{element.label}」{reason}")
            return None
        value, message = words.read(element, line.cell(number))
        if message:
            self._faults.add(spot.where, f"{spot.words}「{element.label}」{message}")
        # the same words come again and again: kept once
        return self._texts.setdefault(value, value) if isinstance(value, str) else value

    def _text(self, sheet: Sheet, line: _Line, number: int) -> str:
        if reason := line.unreadable.get((line.row, number + 1)):
            spot = Spot(sheet.name, line.row, number + 1)
            self._faults.add(spot.where, f"{spot.words}{reason}")
            return ""
        return words.text(line.cell(number))

    def _given(self) -> frozenset[str]:
        """What the workbook has a place for."""
        given: set[str] = set()
        for head in self._heads.values():
            for column in head.columns.values():
                if isinstance(column, SheetColumn) and not column.is_link:
                    given |= {f"hall.{column.path}"} if column.is_hall else {column.path, column.element.name}
                elif column is BY:
                    given.add("hall.questions")
        return frozenset(given)

    def _read_item(self, found: _Found, given: frozenset[str]) -> ReadItem:
        item = item_of(found.values, found.hall)
        check_item(
            item, self._faults, place=lambda path, is_hall: self._place(found, path, is_hall), scheme=self._scheme
        )
        spot = Spot(self._sheets[Table.DIRECTORY].name, found.rows[Table.DIRECTORY])
        return ReadItem(item, spot.words, given)

    def _place(self, found: _Found, path: str, is_hall: bool) -> tuple[str, str]:  # noqa: FBT001 - as check_item asks
        name, *inner = path.split(".")
        cell = inner[1] if len(inner) > 1 else None
        rows = found.list_rows.get((name, is_hall)) or found.list_rows.get((name, not is_hall))
        if rows and inner and int(inner[0]) <= len(rows):
            table, row = (
                next(table for table, element in LIST_OF.items() if element.name == name),
                rows[int(inner[0]) - 1],
            )
            spot = Spot(self._sheets[table].name, row, self._heads[table].number_of(name, cell))
            return spot.where, spot.words
        for table, row in found.rows.items():
            head = self._heads[table]
            is_own = is_hall and name in found.hall and not is_hall_element(name)
            if number := head.number_of(name, cell, is_hall=is_own) or head.number_of(name, None, is_hall=is_own):
                spot = Spot(self._sheets[table].name, row, number)
                return spot.where, spot.words
        spot = Spot(self._sheets[Table.DIRECTORY].name, found.rows[Table.DIRECTORY])
        return spot.where, spot.words


def _lines(sheet: Sheet, head: Head, below: Iterator[tuple[int, list[Any]]]) -> Iterator[_Line]:
    unreadable = unreadable_cells(sheet)
    rows = {row for row, _ in unreadable}
    for row, cells in below:
        if row in rows or any(words.text(cells[number]) for number in head.columns if number < len(cells)):
            yield _Line(row, cells, unreadable)
