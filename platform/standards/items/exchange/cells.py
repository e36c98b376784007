"""Cells of a sheet that cannot be read, and how faults name a cell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from foundation.workbooks import Sheet, column_letters

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
FORMULA: Final = "是公式，但文件里没有它的计算结果：请用 Excel 打开并保存一次，或者粘贴为数值。"
ERROR: Final = "是错误值（例如 #N/A、#REF！），请改正。"


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell, or a line where the column is not known. ``where`` is for machines, ``words`` begin a message."""

    sheet: str
    row: int
    column: int = 0

    @property
    def where(self) -> str:
        return f"{self.sheet}!{column_letters(self.column)}{self.row}"

    @property
    def words(self) -> str:
        column = f" {column_letters(self.column)} 列" if self.column else ""
        return f"“{self.sheet}”第 {self.row} 行{column}"


def unreadable_cells(sheet: Sheet) -> Mapping[tuple[int, int], str]:
    """(row, column) -> why, of formulas without a result and of error values."""
    found: dict[tuple[int, int], str] = {}
    reasons = [(place, FORMULA) for place, has_value in sheet.seen.formulas.items() if not has_value]
    for place, reason in [*reasons, *((place, ERROR) for place in sheet.seen.errors)]:
        if address := _ADDRESS.fullmatch(place):
            column = 0
            for letter in address[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            found[int(address[2]), column] = reason
    return found
