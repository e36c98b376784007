"""Cells of a sheet that cannot be read, and how faults name a cell."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from foundation.errors import Invalid
from foundation.workbooks import Sheet, column_letters

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
# cells of columns that we know which are covered by a merged one
_MOST_COVERED: Final = 20_000
FORMULA: Final = "是公式，但文件里没有它的计算结果：请用 Excel 打开并保存一次，或者粘贴为数值。"
ERROR: Final = "是错误值（例如 #N/A、#REF！），请改正。"


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of a sheet, or (``column`` 0) a whole line. Rows and columns count from 1."""

    sheet: str
    row: int
    column: int = 0

    @property
    def where(self) -> str:
        """The place for programs, as faults have it: ``sheet!B3``."""
        return f"{self.sheet}!{column_letters(self.column)}{self.row}"

    @property
    def words(self) -> str:
        """The place for people, with which a message begins: “sheet”第 3 行 B 列."""
        column = f" {column_letters(self.column)} 列" if self.column else ""
        return f"“{self.sheet}”第 {self.row} 行{column}"


def unreadable_cells(sheet: Sheet) -> Mapping[tuple[int, int], str]:
    """Return, for each cell (row, column, counted from 1) whose value is not there, why: a formula without a kept
    result, or an error value such as #N/A."""
    found: dict[tuple[int, int], str] = {}
    reasons = [(place, FORMULA) for place, has_value in sheet.seen.formulas.items() if not has_value]
    for place, reason in [*reasons, *((place, ERROR) for place in sheet.seen.errors)]:
        if address := _ADDRESS.fullmatch(place):
            column = 0
            for letter in address[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            found[int(address[2]), column] = reason
    return found


def covered_cells(sheet: Sheet, *, below: int, columns: Collection[int]) -> Mapping[tuple[int, int], str]:
    """Return, for each cell (row, column, counted from 1) below the head that is hidden under a merged one, the words
    for it: only the first of them has a value, and nobody can tell whether it was meant for all.

    Raises Invalid where there are too many of them.
    """
    found: dict[tuple[int, int], str] = {}
    for top, left, bottom, right in sheet.merged:
        first = Spot(sheet.name, top, left).where.partition("!")[2]
        reason = f"与 {first} 合并了，看不出是不是同一个值：请取消合并，逐格填写。"
        rows = range(max(top, below + 1), min(bottom, sheet.seen.last_row) + 1)
        for column in columns:
            if left <= column <= right:
                found |= {(row, column): reason for row in rows if (row, column) != (top, left)}
            if len(found) > _MOST_COVERED:
                message = f"“{sheet.name}”里合并的单元格太多，不能导入：请取消合并。"
                raise Invalid(message)
    return found
