"""Items out of the workbook with national columns, however its columns are ordered and filled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from foundation.errors import Fault, Invalid
from foundation.workbooks import ROWS_BESIDE, Sheet
from standards.items import BY_NAME, Bound, Table
from standards.items.codes import CodeScheme
from standards.items.exchange.cells import Spot
from standards.items.exchange.items import (
    MOST_ITEMS,
    Faults,
    Reading,
    ReadItem,
    check_item,
    is_hall_element,
    item_of,
)
from standards.items.exchange.looks import CHOICES_SHEET, NOTES_SHEET
from standards.items.exchange.table_heads import Head, table_of
from standards.items.exchange.table_lines import ListRow, OpenTable, open_table
from standards.items.exchange.tables import BY, LIST_OF, SheetColumn
from standards.items.kinds import ROW_TABLES


def read_tables(sheets: Sequence[Sheet], scheme: CodeScheme) -> Reading:
    """Raises Invalid where 基本目录 is lacking, has no basic codes or too many items."""
    return _Tables(sheets, scheme).read()


@dataclass(slots=True)
class _Found:
    """One item while its parts come together. ``rows``: of each table; ``list_rows``: of each entry of a list, the
    province's and the hall's apart; ``faults``: of its cells."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    hall: dict[str, Any] = field(default_factory=dict)
    rows: dict[Table, int] = field(default_factory=dict)
    list_rows: dict[tuple[str, bool], list[int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class _Tables:
    def __init__(self, sheets: Sequence[Sheet], scheme: CodeScheme) -> None:
        self._sheets: dict[Table, Sheet] = {}
        self._faults = Faults(scheme)
        self._heads: dict[Table, Head] = {}
        self._items: dict[str, _Found] = {}
        self._texts: dict[str, str] = {}
        for sheet in sheets:
            table = table_of(sheet.name)
            if table and table not in self._sheets:
                self._sheets[table] = sheet
            elif table:
                first = self._sheets[table].name
                self._faults.add(sheet.name, f"“{sheet.name}”和“{first}”是同一种工作表，只导入了“{first}”。")
            elif sheet.seen.last_row and sheet.name not in {CHOICES_SHEET, NOTES_SHEET}:
                self._faults.notice(sheet.name, f"“{sheet.name}”不是国家栏目的工作表，没有导入。")

    def read(self) -> Reading:
        if Table.DIRECTORY not in self._sheets:
            names = "、".join(f"“{sheet.name}”" for sheet in self._sheets.values())
            message = f"工作簿里有{names}，但缺少“{Table.DIRECTORY.label}”工作表：每个事项的基本编码和名称在那里。"
            raise Invalid(message)
        for table in Table:
            if table in self._sheets:
                self._read_sheet(table, self._sheets[table])
        return self._faults.reading(self._read_items(self._given()))

    def _read_sheet(self, table: Table, sheet: Sheet) -> None:
        if table not in ROW_TABLES and sheet.seen.last_row > MOST_ITEMS + ROWS_BESIDE:
            message = f"“{sheet.name}”有 {sheet.seen.last_row:,} 行，最多 {MOST_ITEMS:,} 个事项，请分成几份导入。"
            raise Invalid(message)
        opened = open_table(sheet, table, self._faults, self._texts)
        if opened is None:
            message = f"“{sheet.name}”缺少「基本编码」这一列：请用导出的表格或空白模板填写。"
            if table is Table.DIRECTORY:
                raise Invalid(message)
            self._faults.add(sheet.name, message)
            return
        self._heads[table] = opened.head
        lists: dict[tuple[str, bool], list[ListRow]] = {}
        for row, cells in opened.lines():
            found = self._item_of(opened, row, cells)
            if found is None:
                continue
            before = self._faults.count
            if table not in ROW_TABLES:
                opened.take(row, cells, found.values, found.hall)
            elif (read := opened.list_row(row, cells)).values:
                lists.setdefault((found.code, read.is_hall), []).append(read)
            found.faults += self._faults.since(before)
        self._write_lists(table, lists)

    def _item_of(self, opened: OpenTable, row: int, cells: Sequence[Any]) -> _Found | None:
        """The item whose line it is; a new one in 基本目录."""
        table, number = opened.table, opened.key - 1
        code = str(opened.value(BY_NAME["basic_code"], row, number, cells[number]) or "")
        found = self._items.get(code)
        message = ""
        if not code:
            message = "" if opened.is_unreadable(row, number) else "缺少「基本编码」，这一行没有导入。"
        elif found and table not in ROW_TABLES and table in found.rows:
            message = f"「基本编码」“{code:.40}”与第 {found.rows[table]} 行重复，这一行没有导入。"
        elif found is None and table is not Table.DIRECTORY:
            message = f"「基本编码」“{code:.40}”在“{Table.DIRECTORY.label}”中没有，这一行没有导入。"
        elif found is None:
            found = self._items[code] = _Found(code)
        if message:
            spot = opened.spot(row, number)
            self._faults.add(spot.where, spot.words + message)
        if message or not code or found is None:
            return None
        if table not in ROW_TABLES:
            found.rows[table] = row
        return found

    def _write_lists(self, table: Table, lists: dict[tuple[str, bool], list[ListRow]]) -> None:
        for (code, is_hall), rows in lists.items():
            element = LIST_OF[table]
            rows.sort(key=lambda one: (one.order, one.row))
            found = self._items[code]
            is_own = is_hall_element(element.name) or (is_hall and element.bound is Bound.MAY_ADD)
            (found.hall if is_own else found.values)[element.name] = [one.values for one in rows]
            found.list_rows[element.name, is_own] = [one.row for one in rows]

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

    def _read_items(self, given: frozenset[str]) -> Iterator[ReadItem]:
        """Each is let go of as it is handed on."""
        name = self._sheets[Table.DIRECTORY].name
        for code in list(self._items):
            found = self._items.pop(code)
            item = item_of(found.values, found.hall)
            before = self._faults.count

            def place(path: str, is_hall: bool, found: _Found = found) -> tuple[str, str]:  # noqa: FBT001 - as check_item asks
                spot = self._place(found, path, is_hall=is_hall)
                return spot.where, spot.words

            check_item(item, self._faults, place=place)
            own = (*found.faults, *self._faults.since(before))
            yield ReadItem(item, Spot(name, found.rows[Table.DIRECTORY]).words, given, own)

    def _place(self, found: _Found, path: str, *, is_hall: bool) -> Spot:
        name, *inner = path.split(".")
        cell = inner[1] if len(inner) > 1 else None
        rows = found.list_rows.get((name, is_hall)) or found.list_rows.get((name, not is_hall))
        table = next((table for table, element in LIST_OF.items() if element.name == name), None)
        if table and rows and inner and int(inner[0]) <= len(rows):
            return Spot(self._sheets[table].name, rows[int(inner[0]) - 1], self._heads[table].number_of(name, cell))
        is_own = is_hall and name in found.hall and not is_hall_element(name)
        for own_table, row in found.rows.items():
            head = self._heads[own_table]
            if number := head.number_of(name, cell, is_hall=is_own) or head.number_of(name, is_hall=is_own):
                return Spot(self._sheets[own_table].name, row, number)
        return Spot(self._sheets[Table.DIRECTORY].name, found.rows[Table.DIRECTORY])
