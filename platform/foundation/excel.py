"""Rows out of an Excel workbook that somebody sent: looked at before it is opened, and no cell may be a formula."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from foundation.errors import Fault, Invalid

LARGEST_FILE = 20 * 1024 * 1024
# a workbook of 10,000 rows unpacks to some 10 MB
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 1_000
LAST_COLUMN = b"CV"
# for a heading, and empty rows above it
ROWS_BESIDE = 20
_CHUNK = 256 * 1024
# a spreadsheet would run a text that begins so
FORMULA_STARTS = ("=", "+", "-", "@")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml\Z")
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["'][^>]*>(\s*<(?:\w+:)?f[\s/>])?""")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the heading: its number as Excel shows it, and its cells as text by the names of their columns.

    ``fault`` says in Chinese why the row may not be used ("" where it may).
    """

    number: int
    cells: Mapping[str, str]
    fault: str = ""


def read_rows(content: bytes, *, columns: Mapping[str, str], required: frozenset[str], most: int) -> list[SheetRow]:
    """The rows of the first sheet. ``columns``: heading -> name; every ``required`` name must have its column.

    Raises Invalid for what is no workbook, is too large, unpacks to too much, has macros or other headings.
    """
    formulas = _look_into(content, most)
    grid = _grid(content)
    heading_at = next((place for place, cells in enumerate(grid) if any(_text(cell) for cell in cells)), None)
    if heading_at is None:
        raise Invalid("表格是空的,请在第一行填写列名。")
    names = [columns.get(_text(cell).strip("* ")) for cell in grid[heading_at]]
    if missing := [heading for heading, name in columns.items() if name in required and name not in names]:
        message = f"表格缺少这些列:{'、'.join(missing)}。"
        raise Invalid(message, faults=[Fault(heading, "缺少这一列。") for heading in missing])
    rows = []
    for place, cells in enumerate(grid[heading_at + 1 :], start=heading_at + 2):
        texts = {name: _text(cell) for name, cell in zip(names, cells, strict=False) if name}
        if place in formulas or any(texts.values()):
            rows.append(SheetRow(place, texts, _fault_of(texts, columns, formulas.get(place, ""))))
    if len(rows) > most:
        message = f"表格有 {len(rows):,} 行,最多 {most:,} 行,请分成几份导入。"
        raise Invalid(message)
    return rows


def _look_into(content: bytes, most: int) -> dict[int, str]:
    """Judge the archive before anything opens it; returns row -> a cell of it that holds a formula."""
    if len(content) > LARGEST_FILE:
        message = f"文件超过 {LARGEST_FILE // 1024 // 1024} MB。"
        raise Invalid(message)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid("这是旧版 Excel 文件(.xls)或加密的文件,请另存为不加密的 .xlsx 再导入。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _look_at_parts(archive, most)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Invalid("这不是 Excel 工作簿(.xlsx),或者文件已损坏。") from error


def _look_at_parts(archive: zipfile.ZipFile, most: int) -> dict[int, str]:
    names = archive.namelist()
    if "xl/workbook.xml" not in names:
        raise Invalid("这不是 Excel 工作簿(.xlsx)。")
    if "xl/vbaProject.bin" in names:
        raise Invalid("文件带有宏,请另存为不带宏的 .xlsx 再导入。")
    if len(names) > MOST_PARTS or len(set(names)) != len(names):
        raise Invalid("工作簿的结构不正常,不能导入。")
    room = LARGEST_UNPACKED
    formulas: dict[int, str] = {}
    for name in names:
        part = _unpacked(archive, name, room)
        room -= len(part)
        if b"<!DOCTYPE" in part[:_CHUNK] or b"<!ENTITY" in part[:_CHUNK]:
            raise Invalid("工作簿里有不允许的定义,不能导入。")
        if _SHEET.match(name):
            formulas |= _formulas(part, most)
    return formulas


def _formulas(sheet: bytes, most: int) -> dict[int, str]:
    """Also refuses a cell far outside: whoever opens the sheet makes room for all that lies between."""
    found: dict[int, str] = {}
    for column, row, formula in _CELL.findall(sheet):
        if int(row) > most + ROWS_BESIDE:
            message = f"表格最多 {most:,} 行,请分成几份导入。"
            raise Invalid(message)
        if (len(column), column.upper()) > (len(LAST_COLUMN), LAST_COLUMN):
            message = f"表格的列超过了 {LAST_COLUMN.decode()},请删除多余的列。"
            raise Invalid(message)
        if formula:
            found.setdefault(int(row), (column + row).decode().upper())
    return found


def _unpacked(archive: zipfile.ZipFile, name: str, room: int) -> bytes:
    """Unpacked for good, since a bomb may lie about its size."""
    found = bytearray()
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            found += chunk
            if len(found) > room:
                message = f"文件解压后超过 {LARGEST_UNPACKED // 1024 // 1024} MB,不能导入。"
                raise Invalid(message)
    return bytes(found)


def _grid(content: bytes) -> list[list[Any]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheet = book.get_sheet_by_index(0)
            return sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise Invalid("工作簿无法读取,文件可能已损坏。") from error


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    # Excel keeps every number as a fraction
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _fault_of(texts: Mapping[str, str], columns: Mapping[str, str], formula: str) -> str:
    if formula:
        return f"单元格 {formula} 是公式,请粘贴为数值。"
    for heading, name in columns.items():
        if texts.get(name, "").startswith(FORMULA_STARTS):
            return f"“{heading}”以 {texts[name][0]} 开头,像是公式,请去掉。"
    return ""
