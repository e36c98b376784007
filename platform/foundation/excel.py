"""Rows out of an Excel workbook or a CSV file that somebody sent: one table with a heading, and no cell may be a
formula."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from foundation.errors import Fault, Invalid
from foundation.formulas import FORMULA_STARTS, armed
from foundation.text_encoding import read_lines
from foundation.workbooks import MEGABYTE, ROWS_BESIDE, Bounds, open_workbook

LARGEST_FILE = 20 * MEGABYTE
# a workbook of 10,000 rows unpacks to some 10 MB
LARGEST_UNPACKED = 100 * MEGABYTE
MOST_COLUMNS = 100
# how workbooks begin: .xlsx, and .xls, which is refused by its name
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
_ROW = re.compile(r"\d+")


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
    grid, formulas = _first_sheet(content, most)
    return _rows(grid, formulas, columns=columns, required=required, most=most)


def read_table(content: bytes, *, columns: Mapping[str, str], required: frozenset[str], most: int) -> list[SheetRow]:
    """The rows of a CSV file (UTF-8 or GB18030), or as ``read_rows`` those of a workbook, told by the bytes.

    Raises Invalid as ``read_rows``.
    """
    if content.startswith(_WORKBOOKS):
        return read_rows(content, columns=columns, required=required, most=most)
    return _rows(_grid_of_csv(content, most), {}, columns=columns, required=required, most=most)


def _rows(
    grid: list[list[Any]],
    formulas: Mapping[int, str],
    *,
    columns: Mapping[str, str],
    required: frozenset[str],
    most: int,
) -> list[SheetRow]:
    heading_at = next((place for place, cells in enumerate(grid) if any(_text(cell) for cell in cells)), None)
    if heading_at is None:
        raise Invalid("表格是空的，请在第一行填写列名。")
    names = [columns.get(_text(cell).strip("* ")) for cell in grid[heading_at]]
    if missing := [heading for heading, name in columns.items() if name in required and name not in names]:
        message = f"表格缺少这些列：{'、'.join(missing)}。"
        raise Invalid(message, faults=[Fault(heading, "缺少这一列。") for heading in missing])
    rows = []
    for place, cells in enumerate(grid[heading_at + 1 :], start=heading_at + 2):
        texts = {name: _text(cell) for name, cell in zip(names, cells, strict=False) if name}
        if place in formulas or any(texts.values()):
            rows.append(SheetRow(place, texts, _fault_of(texts, columns, formulas.get(place, ""))))
    if len(rows) > most:
        message = f"表格有 {len(rows):,} 行，最多 {most:,} 行，请分成几份导入。"
        raise Invalid(message)
    return rows


def _grid_of_csv(content: bytes, most: int) -> list[list[Any]]:
    if len(content) > LARGEST_FILE:
        message = f"文件超过 {LARGEST_FILE // MEGABYTE} MB，请分成几份导入。"
        raise Invalid(message)
    lines: list[str] = []
    for line in read_lines(content):
        if line.fault:
            message = f"第 {line.number} 行：{line.fault}"
            raise Invalid(message)
        # a cell may go on over the end of a line
        lines.append(f"{line.text}\n")
    grid: list[list[Any]] = []
    try:
        for cells in csv.reader(lines, strict=True):
            # one more than may be, which is said with its number
            if len(grid) > most + ROWS_BESIDE:
                break
            grid.append([armed(cell) for cell in cells[:MOST_COLUMNS]])
    except csv.Error as error:
        raise Invalid("这不是能读的表格：请上传 Excel 工作簿（.xlsx）或者 CSV 文件，引号要成对。") from error
    return grid


def _first_sheet(content: bytes, most: int) -> tuple[list[list[Any]], dict[int, str]]:
    """Its cells, and row -> a cell of it that holds a formula."""
    bounds = Bounds(LARGEST_FILE, LARGEST_UNPACKED, most, MOST_COLUMNS)
    with open_workbook(content, bounds, is_first_alone=True) as sheets:
        if not sheets:
            return [], {}
        formulas: dict[int, str] = {}
        for place in sheets[0].seen.formulas:
            if found := _ROW.search(place):
                formulas.setdefault(int(found[0]), place)
        return list(sheets[0].rows()), formulas


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
        return f"单元格 {formula} 是公式，请粘贴为数值。"
    for heading, name in columns.items():
        if texts.get(name, "").startswith(FORMULA_STARTS):
            return f"“{heading}”以 {texts[name][0]} 开头，像是公式，请去掉。"
    return ""
