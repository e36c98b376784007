import io
from typing import Any

import pytest
import xlsxwriter

from foundation.errors import Invalid
from foundation.workbooks import MEGABYTE, Bounds, column_letters, open_workbook

BOUNDS = Bounds(file=MEGABYTE, unpacked=10 * MEGABYTE, rows=100, columns=20)


def book() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        first: Any = made.add_worksheet("一")
        first.write("C3", "x")
        first.merge_range("D4:E6", "合并")
        first.write_formula("C5", "=1+1", None, 2)
        first.write_formula("C6", "=1+1", None, "")
        first.write_formula("C7", "=NA()", None, "#N/A")
        made.add_worksheet("二").hide()
    return out.getvalue()


class TestOpenWorkbook:
    def test_gives_its_sheets_in_their_order(self) -> None:
        with open_workbook(book(), BOUNDS) as sheets:
            assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [("一", False), ("二", True)]

    def test_gives_rows_as_excel_counts_them(self) -> None:
        with open_workbook(book(), BOUNDS) as (sheet, empty):
            rows = list(sheet.rows())
            assert rows[2][2] == "x"
            assert rows[3][3] == "合并"
            assert list(empty.rows()) == []

    def test_tells_merged_cells_formulas_and_errors(self) -> None:
        with open_workbook(book(), BOUNDS) as (sheet, _):
            assert sheet.grid().merged == [(4, 4, 6, 5)]
            assert sheet.seen.formulas == {"C5": True, "C6": False, "C7": True}
            assert sheet.seen.errors == {"C7"}
            assert (sheet.seen.last_row, sheet.seen.last_column) == (7, 4)

    @pytest.mark.parametrize("bounds", [{"file": 10}, {"unpacked": 10}, {"columns": 2}, {"cells": 10}], ids=str)
    def test_keeps_to_its_bounds(self, bounds: dict[str, int]) -> None:
        usual = {"file": MEGABYTE, "unpacked": MEGABYTE, "rows": 100, "columns": 20}
        with pytest.raises(Invalid), open_workbook(book(), Bounds(**(usual | bounds))):
            pass


class TestColumnLetters:
    @pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
    def test_are_those_of_excel(self, number: int, letters: str) -> None:
        assert column_letters(number) == letters
