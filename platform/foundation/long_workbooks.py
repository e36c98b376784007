"""Excel workbooks of any length, written row by row into a file: what was written is in memory no more, and no sheet
ever stands on the disk unpacked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, product
from string import ascii_uppercase
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone

# what Excel opens: the heading counts
ROWS_OF_SHEET: Final = 1_048_576
# unpacked; a sheet of more than 2 GB would need an extension of ZIP that Excel reads only at times
_BYTES_OF_SHEET: Final = 1_900_000_000
_PIECE: Final = 256 * 1024
_FIRST_DAY: Final = date(1899, 12, 30)
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LETTERS: Final = '<sz val="11"/><name val="Calibri"/>'
# style 0: as it comes; 1: a day; 2: a heading
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    f'<fonts count="2"><font>{_LETTERS}</font><font><b/>{_LETTERS}</font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
    '<xf/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>'
)
# A to ZZ
_COLUMNS: Final = [*ascii_uppercase, *(first + last for first, last in product(ascii_uppercase, repeat=2))]
# what XML cannot hold, and what would be read as a part of it
_SPECIAL: Final = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def cell_text(cell: Any) -> str:
    """A cell in words: times as people here tell them, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M")
    return str(cell)


def write_workbook(
    file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]], *, rows_of_sheet: int = ROWS_OF_SHEET
) -> None:
    """Write an .xlsx into ``file``, which can be sought. What a sheet does not hold goes on the next one, under the
    heading again. Numbers stay numbers and days days; a text is never a formula."""
    letters = _COLUMNS[: len(headings)]
    waiting = iter(rows)
    sheets = 0
    with ZipFile(file, "w", ZIP_DEFLATED) as book:
        first = next(waiting, None)
        while first is not None or not sheets:
            sheets += 1
            left = chain([first], waiting) if first is not None else iter(())
            with book.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                _write_sheet(sheet, letters, headings, left, rows_of_sheet)
            first = next(waiting, None)
        for name, text in _frame(sheets).items():
            book.writestr(name, text)


def _write_sheet(
    sheet: IO[bytes], letters: list[str], headings: Sequence[str], rows: Iterator[Sequence[Any]], most: int
) -> None:
    columns = f'<cols><col min="1" max="{len(letters)}" width="18" customWidth="1"/></cols>' if letters else ""
    head = (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        f' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>{columns}<sheetData>'
    )
    pieces = [head, _line(letters, 1, headings, ' s="2"')]
    written, waiting, number = 0, 0, 1
    # asked only while there is room: a row that was taken must be written
    while number < most and written < _BYTES_OF_SHEET and (row := next(rows, None)) is not None:
        number += 1
        pieces.append(_line(letters, number, row))
        waiting += len(pieces[-1])
        if waiting > _PIECE:
            written += sheet.write("".join(pieces).encode())
            pieces, waiting = [], 0
    sheet.write(f"{''.join(pieces)}</sheetData></worksheet>".encode())


def _line(letters: list[str], number: int, cells: Sequence[Any], style: str = "") -> str:
    found = [f'<row r="{number}">']
    for letter, cell in zip(letters, cells, strict=True):
        if isinstance(cell, int | float | Decimal):
            # True is 1
            found.append(f'<c r="{letter}{number}"><v>{+cell}</v></c>')
        elif isinstance(cell, date) and not isinstance(cell, datetime):
            found.append(f'<c r="{letter}{number}" s="1"><v>{(cell - _FIRST_DAY).days}</v></c>')
        elif text := cell_text(cell):
            if _SPECIAL.search(text):
                text = _SPECIAL.sub(lambda sign: _ENTITIES.get(sign[0], ""), text)
            found.append(
                f'<c r="{letter}{number}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            )
    found.append("</row>")
    return "".join(found)


def _frame(sheets: int) -> dict[str, str]:
    """What says which sheets there are: by its name in the book."""
    numbers = range(1, sheets + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{one}.xml" ContentType="{_MEDIA}.worksheet+xml"/>' for one in numbers
    )
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_MEDIA}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_MEDIA}.styles+xml"/>{parts}</Types>'
    )
    names = "".join(f'<sheet name="表 {one}" sheetId="{one}" r:id="rId{one}"/>' for one in numbers)
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{names}</sheets></workbook>"
    )
    links = {f"rId{one}": ("worksheet", f"worksheets/sheet{one}.xml") for one in numbers}
    return {
        "[Content_Types].xml": f"{_HEAD}{types}",
        "_rels/.rels": _links({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f"{_HEAD}{book}",
        "xl/_rels/workbook.xml.rels": _links(links | {f"rId{sheets + 1}": ("styles", "styles.xml")}),
        "xl/styles.xml": _STYLES,
    }


def _links(targets: dict[str, tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="{one}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for one, (kind, target) in targets.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'
