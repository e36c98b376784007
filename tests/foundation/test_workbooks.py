import io
import zipfile
from typing import Any

import psutil
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


def moved(target: str, part: str, sheet: bytes = b"", *, link: str = "") -> bytes:
    """The workbook with its first sheet at another place; ``link``: what stands for it in the list of links."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(b"worksheets/sheet1.xml", (link or target).encode())
            if name == "xl/worksheets/sheet1.xml":
                name, content = part, sheet or content  # noqa: PLW2901 - under its other name
            made.writestr(name, content)
    return out.getvalue()


FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    b"</sheetData></worksheet>"
)


class TestCellFarOutside:
    """A program that opens the sheet makes room for all that lies between: hundreds of gigabytes."""

    @pytest.mark.parametrize(
        ("target", "part"),
        [
            ("worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("other/sheet1.xml", "xl/other/sheet1.xml"),
            ("sheet1.xml", "xl/sheet1.xml"),
            ("worksheets/deep/sheet1.xml", "xl/worksheets/deep/sheet1.xml"),
            ("worksheets/sheet1.bin", "xl/worksheets/sheet1.bin"),
            ("/xl/elsewhere/a.xml", "xl/elsewhere/a.xml"),
            ("/a.xml", "a.xml"),
            ("../a.xml", "a.xml"),
            ("xl/worksheets/sheet9.xml", "xl/worksheets/sheet9.xml"),
            ("xl/worksheets/sheet9.xml", "xl/xl/worksheets/sheet9.xml"),
            ("./worksheets/../a.xml", "xl/a.xml"),
            ("WORKSHEETS/SHEET9.xml", "xl/worksheets/sheet9.xml"),
            ("worksheets%2Fsheet9.xml", "xl/worksheets/sheet9.xml"),
            ("worksheets\\sheet9.xml", "xl/worksheets/sheet9.xml"),
        ],
    )
    def test_is_found_wherever_its_sheet_lies(self, target: str, part: str) -> None:
        content = moved(target, part, FAR)
        assert len(content) < 10_000
        before = psutil.Process().memory_info().rss
        with pytest.raises(Invalid, match=r"最多|列超过|结构不正常"), open_workbook(content, BOUNDS):
            pass
        assert psutil.Process().memory_info().rss - before < 50 * MEGABYTE

    def test_that_was_overlooked_ends_the_process_that_reads_it_and_no_other(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With bounds as wide as a sheet can be, only the process itself is bounded."""
        before = psutil.Process().memory_info().rss
        wide = Bounds(MEGABYTE, MEGABYTE, rows=2_000_000, columns=20_000, cells=2**40, memory=300 * MEGABYTE)
        with pytest.raises(Invalid, match="时间或内存超过了限度"), open_workbook(moved("a.xml", "xl/a.xml", FAR), wide):
            pass
        assert psutil.Process().memory_info().rss - before < 50 * MEGABYTE

    def test_is_no_reason_to_refuse_a_sheet_that_lies_elsewhere(self) -> None:
        with open_workbook(moved("other/a.xml", "xl/other/a.xml"), BOUNDS) as sheets:
            assert [sheet.name for sheet in sheets] == ["一", "二"]
            assert list(sheets[0].rows())[2][2] == "x"
            assert sheets[0].seen.formulas == {"C5": True, "C6": False, "C7": True}


class TestStrangeWorkbook:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (b'name="\xe4\xba\x8c"', b'name="\xe4\xb8\x80"'),
            (b'r:id="rId2"', b'r:id="rId1"'),
            (b'r:id="rId2"', b'r:id="rId99"'),
            (b'r:id="rId2"', b""),
        ],
        ids=["two sheets of one name", "two sheets in one part", "a sheet without a part", "a sheet without a link"],
    )
    def test_is_refused(self, before: bytes, after: bytes) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(content, "w") as made:
            for name in old.namelist():
                part = old.read(name)
                if name == "xl/workbook.xml":
                    assert before in part
                    part = part.replace(before, after)
                made.writestr(name, part)
        with pytest.raises(Invalid, match="结构不正常"), open_workbook(content.getvalue(), BOUNDS):
            pass

    def test_names_a_part_twice_in_other_letters(self) -> None:
        content = io.BytesIO(book())
        with zipfile.ZipFile(content, "a") as made:
            made.writestr("XL/Worksheets/Sheet1.xml", FAR)
        with pytest.raises(Invalid, match="结构不正常"), open_workbook(content.getvalue(), BOUNDS):
            pass

    @pytest.mark.parametrize(
        "part",
        [
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            b"<!--" + b" " * 300_000 + b'--><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            b"<!--" + b" " * (256 * 1024 - 9) + b'--><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
            '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16-be"),
        ],
        ids=["at once", "later", "across two pieces", "in two bytes a letter", "without a mark"],
    )
    def test_defines_entities(self, part: bytes) -> None:
        content = io.BytesIO(book())
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as made:
            made.writestr("xl/extra.xml", part)
        with pytest.raises(Invalid, match="不允许的定义"), open_workbook(content.getvalue(), BOUNDS):
            pass

    def test_of_one_long_text_in_every_cell_is_refused(self) -> None:
        """Every cell names the same text: a few kilobytes stand for gigabytes."""
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
            sheet: Any = made.add_worksheet("一")
            for row in range(100):
                for column in range(20):
                    sheet.write(row, column, "长" * 30_000)
        with pytest.raises(Invalid, match="时间或内存超过了限度"), open_workbook(out.getvalue(), BOUNDS):
            pass


class TestColumnLetters:
    @pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
    def test_are_those_of_excel(self, number: int, letters: str) -> None:
        assert column_letters(number) == letters
