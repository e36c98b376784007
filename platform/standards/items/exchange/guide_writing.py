"""A hall's guides into a workbook, to be filled in and read again."""

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, Final

from foundation.errors import Invalid
from standards.items import Element
from standards.items.codelists import ItemType
from standards.items.exchange import words
from standards.items.exchange.guide_tables import (
    GUIDE_ELEMENTS,
    GUIDE_LISTS,
    GUIDES_SHEET,
    IDENTITY,
    LIST_IDENTITY,
    MOST_GUIDES,
    GuideLine,
    label_in_sheet,
)
from standards.items.exchange.looks import NOTES_SHEET, Book, new_book, notes_of
from standards.items.values import is_blank

_WIDTHS: Final = {"TEXT": 40, "ROWS": 40, "LINE": 20, "CHOICES": 20, "NAMES": 20, "LINK": 30}
_IDENTITY_WIDTHS: Final = (14, 28, 18, 12, 9)
_MORE_ROWS: Final = 5_000
# what somebody may do with a sheet whose first columns are protected
_MAY: Final = dict.fromkeys(
    (
        *("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows"),
        *("sort", "autofilter", "select_locked_cells", "select_unlocked_cells"),
    ),
    True,
)
_HOW: Final = (
    "一行一个事项，灰色的几列是省里的，不能改；其余各列填本厅的内容。",
    "列名带“（本厅）”的，省里已有统一的说法：与省里不同才填，空着就是按省里的。",
    "窗口、常见问题等可以有多项的，在各自的工作表里一行一项，用基本编码对应事项。",
    "单元格清空表示删去原来的内容；整列删去表示这一项不动。",
    "“草稿序号”用来发现导出以后有没有别人改过，请不要改动。",
    "填好后在“本厅事项”的“批量填写和交换”里上传：先看预览，确认以后才写入草稿，不会直接公布。",
)


def write_guides(lines: Iterable[GuideLine], out: BinaryIO) -> int:
    """Write the workbook; answers how many guides there were. Raises Invalid for more than MOST_GUIDES of them, and for
    a text too long for a cell."""
    guides = list(lines)
    if len(guides) > MOST_GUIDES:
        message = f"有 {len(guides):,} 个事项，一次最多 {MOST_GUIDES:,} 个，请先按部门或状态筛选。"
        raise Invalid(message)
    with new_book(out, elements=(*GUIDE_ELEMENTS, *GUIDE_LISTS), is_streamed=False) as book:
        for name in ("text", "number", "day"):
            book.formats[name].set_locked(False)
        book.formats["fixed"] = book.book.add_format(
            {"bg_color": "#EEF1F4", "valign": "top", "text_wrap": True, "border": 1, "border_color": "#B8C2CC"}
        )
        _write_main(book, guides)
        for element in GUIDE_LISTS:
            _write_list(book, element, guides)
        _write_notes(book)
    return len(guides)


def _write_main(book: Book, guides: Sequence[GuideLine]) -> None:
    sheet = book.book.add_worksheet(GUIDES_SHEET)
    sheet.freeze_panes(1, 2)
    _heads(book, sheet, IDENTITY, _IDENTITY_WIDTHS, [(one, label_in_sheet(one)) for one in GUIDE_ELEMENTS], len(guides))
    for row, guide in enumerate(guides, start=1):
        label = ItemType(guide.item_type).label
        for column, fact in enumerate((guide.code, guide.name, guide.department, label)):
            book.write(sheet, row, column, fact, "fixed")
        sheet.write_number(row, len(IDENTITY) - 1, guide.revision, book.formats["fixed"])
        for column, element in enumerate(GUIDE_ELEMENTS, start=len(IDENTITY)):
            if guide.item_type not in element.applies:
                sheet.write_blank(row, column, None, book.formats["fixed"])
            else:
                _write_cell(book, sheet, row, column, element, guide.values.get(element.name))
    if guides:
        sheet.autofilter(0, 0, len(guides), len(IDENTITY) + len(GUIDE_ELEMENTS) - 1)
    sheet.protect("", _MAY)


def _write_list(book: Book, element: Element, guides: Sequence[GuideLine]) -> None:
    sheet = book.book.add_worksheet(label_in_sheet(element))
    sheet.freeze_panes(1, 2)
    heads = [(cell, cell.label) for cell in element.cells]
    _heads(book, sheet, LIST_IDENTITY, _IDENTITY_WIDTHS, heads, _MORE_ROWS)
    row = 1
    for guide in guides:
        for entry in guide.values.get(element.name) or ():
            book.write(sheet, row, 0, guide.code)
            book.write(sheet, row, 1, guide.name)
            for column, cell in enumerate(element.cells, start=len(LIST_IDENTITY)):
                _write_cell(book, sheet, row, column, cell, entry.get(cell.name))
            row += 1


def _heads(
    book: Book,
    sheet: Any,
    identity: Sequence[str],
    widths: Sequence[int],
    columns: Sequence[tuple[Element, str]],
    rows: int,
) -> None:
    for number, label in enumerate(identity):
        sheet.set_column(number, number, widths[number])
        sheet.write_string(0, number, label, book.formats["head"])
    for number, (element, label) in enumerate(columns, start=len(identity)):
        # a whole column is free, also below the last line
        sheet.set_column(number, number, _WIDTHS.get(element.kind.name, 14), book.formats["text"])
        sheet.write_string(0, number, label, book.formats["head"])
        if rows:
            book.offer(sheet, element, rows=(1, rows), column=number)


def _write_cell(book: Book, sheet: Any, row: int, column: int, element: Element, value: Any) -> None:
    if is_blank(value):
        sheet.write_blank(row, column, None, book.formats["text"])
    else:
        book.write(sheet, row, column, words.write(element, value))


def _write_notes(book: Book) -> None:
    sheet = book.book.add_worksheet(NOTES_SHEET)
    sheet.set_column(0, 2, 26)
    sheet.set_column(3, 3, 80)
    for row, sentence in enumerate(_HOW):
        sheet.write_string(row, 0, sentence)
    row = len(_HOW) + 1
    for number, head in enumerate(("工作表", "列", "必填", "怎样填")):
        sheet.write_string(row, number, head, book.formats["head"])
    columns: list[tuple[str, str, Element, Element | None]]
    columns = [(GUIDES_SHEET, label_in_sheet(one), one, None) for one in GUIDE_ELEMENTS]
    columns += [(label_in_sheet(one), cell.label, cell, one) for one in GUIDE_LISTS for cell in one.cells]
    for sheet_name, label, element, parent in columns:
        row += 1
        needed, by, *others = notes_of(element, parent=parent)
        for number, text in enumerate((sheet_name, label, needed, "\n".join((by, *others)))):
            sheet.write_string(row, number, text, book.formats["text"])
