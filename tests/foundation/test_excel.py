import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter

from foundation import excel
from foundation.errors import Invalid
from foundation.excel import SheetRow, read_rows

COLUMNS = {"名称": "name", "编号": "number"}
REQUIRED = frozenset({"name"})


def book(*rows: list[object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def read(content: bytes, most: int = 100) -> list[SheetRow]:
    return read_rows(content, columns=COLUMNS, required=REQUIRED, most=most)


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return out.getvalue()


def lying_about_its_size(content: bytes) -> bytes:
    """The sheet's record says that it unpacks to ten bytes."""
    out = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    return bytes(out.replace(size, (10).to_bytes(4, "little")))


class TestReadRows:
    def test_gives_cells_by_the_names_of_columns(self) -> None:
        rows = read(book(["编号", "名称", "备注"], [7, " 红联村 ", "x"], ["8.50", "河溶镇"]))
        assert [(row.number, dict(row.cells)) for row in rows] == [
            (2, {"number": "7", "name": "红联村"}),
            (3, {"number": "8.50", "name": "河溶镇"}),
        ]

    def test_reads_dates_as_dates(self) -> None:
        assert read(book(["名称"], [date(2026, 1, 31)]))[0].cells["name"] == "2026-01-31"

    def test_passes_over_empty_rows_and_counts_as_excel_does(self) -> None:
        rows = read(book([], ["名称"], [], ["红联村"]))
        assert [(row.number, row.cells["name"]) for row in rows] == [(4, "红联村")]

    def test_blames_a_formula(self) -> None:
        rows = read(book(["名称", "编号"], ["红联村", "=1+1"], ["河溶镇", 2]))
        assert [row.fault for row in rows] == ["单元格 B2 是公式，请粘贴为数值。", ""]

    @pytest.mark.parametrize("text", ["+86", "-1", "@SUM(A1)"])
    def test_blames_what_looks_like_a_formula(self, text: str) -> None:
        assert "像是公式" in read(book(["名称"], [text]))[0].fault


class TestRefusedFile:
    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (b"", "不是 Excel"),
            (b"code,name\n", "不是 Excel"),
            (b"PK\x03\x04 and no archive", "不是 Excel"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
            (b"<html><table></table></html>", "不是 Excel"),
        ],
    )
    def test_is_no_workbook(self, content: bytes, word: str) -> None:
        with pytest.raises(Invalid, match=word):
            read(content)

    def test_is_another_archive(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")
        with pytest.raises(Invalid, match="不是 Excel"):
            read(out.getvalue())

    def test_has_macros(self) -> None:
        with pytest.raises(Invalid, match="宏"):
            read(with_part(book(["名称"]), "xl/vbaProject.bin", b"x"))

    def test_is_a_bomb(self) -> None:
        bomb = with_part(book(["名称"]), "xl/media/picture.bin", b"\0" * (excel.LARGEST_UNPACKED + 1))
        assert len(bomb) < 1024 * 1024
        with pytest.raises(Invalid, match="解压后超过"):
            read(bomb)

    @pytest.mark.parametrize(
        "spoil",
        [
            lying_about_its_size,
            lambda content: content[: len(content) // 2],
            lambda content: content.replace(b"PK\x01\x02", b"PK\x01\x03"),
        ],
        ids=["lies about its size", "cut in half", "broken directory"],
    )
    def test_is_broken(self, spoil: Callable[[bytes], bytes]) -> None:
        with pytest.raises(Invalid):
            read(spoil(book(["名称"], *[[f"村{number}"] for number in range(200)])))

    def test_defines_entities(self) -> None:
        with pytest.raises(Invalid, match="不允许的定义"):
            read(with_part(book(["名称"]), "xl/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'))

    def test_is_too_large(self) -> None:
        with pytest.raises(Invalid, match="MB"):
            read(b"PK" + b"\0" * excel.LARGEST_FILE)

    def test_has_too_many_rows(self) -> None:
        with pytest.raises(Invalid, match="最多 3 行"):
            read(book(["名称"], *[["村"]] * 4), most=3)

    def test_has_too_many_columns(self) -> None:
        with pytest.raises(Invalid, match="列"):
            read(book(["名称", *["x"] * 100]))

    def test_has_a_cell_far_outside(self) -> None:
        """Two cells, and room for a billion between them."""
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
            sheet = made.add_worksheet()
            sheet.write(0, 0, "名称")
            sheet.write(1_048_575, 0, "x")
        with pytest.raises(Invalid, match="行"):
            read(out.getvalue())

    def test_lacks_a_column(self) -> None:
        with pytest.raises(Invalid, match="名称"):
            read(book(["编号"], [1]))

    def test_is_empty(self) -> None:
        with pytest.raises(Invalid, match="空"):
            read(book())
