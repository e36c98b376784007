"""Items into the workbook with national columns, one after the other: however many, the memory stays the same."""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from foundation.errors import Invalid
from standards.items import ELEMENTS, Bound, Table
from standards.items.columns import join
from standards.items.exchange import words
from standards.items.exchange.items import MOST_ITEMS, ExchangeItem, is_hall_element
from standards.items.exchange.looks import NOTES_SHEET, Book, is_always_needed, new_book, notes_of
from standards.items.exchange.tables import (
    BY,
    BY_HALL,
    BY_PROVINCE,
    HEAD_ROWS,
    LIST_OF,
    ORDER,
    OURS,
    SHEETS,
    AnyColumn,
    SheetColumn,
)
from standards.items.kinds import ROW_TABLES
from standards.items.values import is_blank

_WIDTHS = {"TEXT": 40, "ROWS": 40, "LINE": 20, "CHOICES": 20, "NAMES": 20, "LINK": 30, "FILE": 20}


def write_tables(items: Iterable[ExchangeItem], out: BinaryIO) -> int:
    """The workbook into ``out``; with no items it is the blank form. Takes items that the check found nothing wrong
    with, each with a basic code of its own; answers how many there were. Raises Invalid for an item without a code, and
    for a text too long for a cell.
    """
    count = 0
    with new_book(out, elements=ELEMENTS, is_streamed=True) as book:
        sheets = {table: _new_sheet(book, table) for table in Table}
        _write_notes(book)
        lines = dict.fromkeys(Table, HEAD_ROWS)
        for item in items:
            if not item.code:
                message = f"“{item.name}”没有基本编码，不能导出到这种表格：请先填写编码，或者导出为一事一表。"
                raise Invalid(message)
            for table in Table:
                if table in ROW_TABLES:
                    lines[table] = _write_rows(book, sheets[table], table, item, lines[table])
                else:
                    _write_line(book, sheets[table], table, item, lines[table])
                    lines[table] += 1
            count += 1
    return count


def _new_sheet(book: Book, table: Table) -> Any:
    sheet = book.book.add_worksheet(table.label)
    sheet.freeze_panes(HEAD_ROWS, 2)
    for number, column in enumerate(SHEETS[table]):
        look = "ours" if column.name.startswith(OURS) else "head"
        star = ""
        sheet.set_column(number, number, 10)
        if isinstance(column, SheetColumn):
            said = column.said
            star = "*" if is_always_needed(said) and not column.is_hall else ""
            sheet.set_column(number, number, _WIDTHS.get(said.kind.name, 14))
            sheet.write_comment(0, number, _note(column), {"x_scale": 2, "y_scale": 1.5})
            if not column.is_link:
                book.offer(sheet, said, rows=(HEAD_ROWS, HEAD_ROWS + MOST_ITEMS), column=number)
        elif column is BY:
            choices = {"validate": "list", "source": [BY_PROVINCE, BY_HALL]}
            sheet.data_validation(HEAD_ROWS, number, HEAD_ROWS + MOST_ITEMS, number, choices)
        sheet.write_string(0, number, star + column.label, book.formats[look])
    for number, column in enumerate(SHEETS[table]):
        sheet.write_string(1, number, column.name, book.formats["name"])
    return sheet


def _note(column: SheetColumn) -> str:
    if column.is_link:
        return "这一行属于哪个事项：与“基本目录”中的相同。" + (
            "" if column.label == "基本编码" else "仅供对照，不导入。"
        )
    parent = column.element if column.cell else None
    note = "\n".join(notes_of(column.said, parent=parent))
    if column.is_hall:
        return f"本厅的说法与省里不同时填写。\n{note}"
    return (
        f"{note}\n一个事项有多项时，各项用 ^ 隔开"
        if parent and column.cell and parent not in LIST_OF.values()
        else note
    )


def _write_notes(book: Book) -> None:
    sheet = book.book.add_worksheet(NOTES_SHEET)
    sheet.set_column(0, 5, 22)
    sheet.set_column(6, 6, 80)
    heads = ("工作表", "栏目", "栏名", "来源", "必填", "由谁填写", "怎样填")
    for number, head in enumerate(heads):
        sheet.write_string(0, number, head, book.formats["head"])
    row = 1
    for table in Table:
        for column in SHEETS[table]:
            if not isinstance(column, SheetColumn) or column.is_link:
                continue
            needed, by, *others = notes_of(column.said, parent=column.element)
            cells = (table.label, column.label, column.name, column.said.source, needed, by, "\n".join(others))
            for number, cell in enumerate(cells):
                sheet.write_string(row, number, cell, book.formats["text"])
            row += 1


def _write_line(book: Book, sheet: Any, table: Table, item: ExchangeItem, line: int) -> None:
    for number, column in enumerate(SHEETS[table]):
        if isinstance(column, SheetColumn):
            value = _value(item, column)
            if not is_blank(value):
                book.write(sheet, line, number, _written(column, value))


def _value(item: ExchangeItem, column: SheetColumn) -> Any:
    name = column.element.name
    if name == "item_type":
        return item.item_type
    if column.is_hall or is_hall_element(name):
        return item.hall_values.get(name)
    return item.values.get(name)


def _written(column: SheetColumn, value: Any) -> Any:
    if column.cell is None:
        return words.write(column.element, value)
    texts = [words.text(words.write(column.cell, row.get(column.cell.name))) for row in value]
    return join(texts, "^") if any(texts) else ""


def _write_rows(book: Book, sheet: Any, table: Table, item: ExchangeItem, line: int) -> int:
    element = LIST_OF[table]
    parts = [(BY_PROVINCE, item.values), (BY_HALL, item.hall_values)]
    if element.bound is not Bound.MAY_ADD:
        parts = [(BY_PROVINCE, item.hall_values if is_hall_element(element.name) else item.values)]
    for by, values in parts:
        for order, row in enumerate(values.get(element.name) or (), start=1):
            for number, column in enumerate(SHEETS[table]):
                cell = _cell(column, item, row, order=order, by=by)
                if not is_blank(cell):
                    book.write(sheet, line, number, cell)
            line += 1
    return line


def _cell(column: AnyColumn, item: ExchangeItem, row: Mapping[str, Any], *, order: int, by: str) -> Any:
    if column is ORDER:
        return order
    if column is BY:
        return by
    if not isinstance(column, SheetColumn):
        return ""
    if column.cell is None:
        return item.values.get(column.element.name)
    return words.write(column.cell, row.get(column.cell.name))
