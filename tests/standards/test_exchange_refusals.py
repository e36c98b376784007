"""Files that are not what they should be: a clear answer, in bounded time and memory."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from foundation.errors import Invalid
from standards.items.exchange import read_json, read_national_json, read_national_xml, read_workbook
from tests.factories.items import BASIC
from tests.servers import ROOT
from tests.soak import SOAK
from tests.standards.books import changed_part, long_table, messages_of, with_part, workbook

GOOD = workbook({"基本目录": [["基本编码", "事项名称", "事项类型"], [BASIC, "甲", "行政许可"]]})
SHEET = "xl/worksheets/sheet1.xml"


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"".join(name.encode("utf-16-le") for name in streams)


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return out.getvalue()


class TestFileThatIsNoWorkbook:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "不是 Excel 工作簿"),
            (b"\x89PNG\r\n\x1a\n\0\0", "不是 Excel 工作簿"),
            ("基本编码,事项名称\n1,甲\n".encode(), "例如 CSV"),
            ("基本编码,事项名称\n1,甲\n".encode("gb18030"), "例如 CSV"),
            (b"<html><table><tr><td>1</td></tr></table></html>", "网页或 XML"),
            (ole("Workbook"), r"旧版 Excel 文件（\.xls）"),
            (ole("EncryptionInfo", "EncryptedPackage"), "打开密码"),
            (archive(**{"word/document.xml": b"<x/>"}), "不是 Excel 工作簿"),
            (archive(**{"xl/workbook.bin": b"x"}), "xlsb"),
            (with_part(GOOD, "xl/vbaProject.bin", b"x"), "宏"),
            (with_part(GOOD, "xl/macrosheets/sheet1.xml", b"<x/>"), "宏"),
            (GOOD[: len(GOOD) // 2], "已损坏"),
            (with_part(GOOD, "xl/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "不允许的定义"),
        ],
        ids=[
            "empty",
            "png",
            "csv",
            "csv gb",
            "html",
            "xls",
            "password",
            "docx",
            "xlsb",
            "macro",
            "xlm",
            "half",
            "entity",
        ],
    )
    def test_is_told_what_it_is(self, content: bytes, words: str) -> None:
        with pytest.raises(Invalid, match=words):
            read_workbook(content)


class TestWorkbookWithSomethingElse:
    def test_is_told_which_sheets_should_be_there(self) -> None:
        with pytest.raises(Invalid, match="在工作表“Sheet1”、“人员”里没有找到事项：应有“基本目录”等工作表"):
            read_workbook(workbook({"Sheet1": [["a", "b"], [1, 2]], "人员": [["姓名"], ["张三"]]}))

    def test_lacks_the_sheet_that_names_the_items(self) -> None:
        with pytest.raises(Invalid, match="工作簿里有“申请材料”，但缺少“基本目录”工作表"):
            read_workbook(workbook({"申请材料": [["基本编码", "材料名称"], [BASIC, "甲"]]}))

    def test_has_a_list_of_items_without_codes(self) -> None:
        with pytest.raises(Invalid, match="“基本目录”缺少「基本编码」这一列"):
            read_workbook(workbook({"基本目录": [["事项名称", "事项类型"], ["甲", "行政许可"]]}))

    def test_is_empty(self) -> None:
        with pytest.raises(Invalid, match="没有找到事项"):
            read_workbook(workbook({"Sheet1": []}))


class TestHugeWorkbook:
    def test_with_100_000_rows_is_refused_before_it_is_opened(self) -> None:
        content = long_table(100_000 if SOAK else 25_000)
        with pytest.raises(Invalid, match="最多 20,000 个事项，请分成几份导入"):
            read_workbook(content)

    def test_of_another_kind_is_refused_before_it_is_opened(self) -> None:
        with pytest.raises(Invalid, match="每张表最多 3,000 行"):
            read_workbook(long_table(5_000, name="Sheet1"))

    def test_with_100_000_rows_of_nobody_says_so_a_thousand_times(self) -> None:
        count = 100_000 if SOAK else 3_000
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
            book.add_worksheet("基本目录").write_row(0, 0, ["基本编码", "事项名称"])
            sheet = book.add_worksheet("申请材料")
            sheet.write_row(0, 0, ["基本编码", "材料名称"])
            for number in range(1, count):
                sheet.write_row(number, 0, [f"42013{number:07d}", "甲"])
        reading = read_workbook(out.getvalue())
        assert (len(reading.faults), reading.more_faults) == (1_000, count - 1_001)

    @pytest.mark.parametrize("place", ["A1000000", "XFD2"])
    def test_with_a_cell_far_outside_is_refused(self, place: str) -> None:
        with pytest.raises(Invalid, match=r"最多|列超过"):
            read_workbook(
                workbook({"基本目录": [["基本编码", "事项名称"]]}, draw=lambda _, sheet: sheet.write(place, "x"))
            )

    def test_may_be_formatted_far_outside(self) -> None:
        far = b'<row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"></c></row></sheetData>'
        content = changed_part(GOOD, SHEET, lambda part: part.replace(b"</sheetData>", far))
        assert messages_of(content) == []

    @pytest.mark.parametrize(
        "rows",
        [
            b'<row r="9">' + b"<c><v>1</v></c>" * 400 + b"</row>",
            b'<row r="90000"><c r="IV90000"><v>1</v></c></row>',
            b'<row r="9">' + b"<c " * 4_000_000,
            b"".join(b'<row r="%d"><c r="A%d"><f>1</f></c></row>' % (row, row) for row in range(9, 20_020)),
        ],
        ids=["cells without places", "a desert", "a row without end", "formulas"],
    )
    def test_that_would_make_somebody_take_much_room_is_refused(self, rows: bytes) -> None:
        content = changed_part(GOOD, SHEET, lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>"))
        with pytest.raises(Invalid):
            read_workbook(content)

    def test_that_merges_everything_with_everything_is_refused(self) -> None:
        rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 3_000))
        merged = "".join(f'<mergeCell ref="A{row}:B3000"/>' for row in range(1, 3_000))
        sheet = f"<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>".encode()
        content = changed_part(workbook({"甲": []}), SHEET, lambda part: part.replace(b"<sheetData/>", sheet))
        with pytest.raises(Invalid, match="合并的单元格太多"):
            read_workbook(content)

    @pytest.mark.parametrize("name", ["xl/media/picture.bin", "xl/sharedStrings2.xml"])
    def test_that_unpacks_to_much_more_is_refused(self, name: str) -> None:
        out = io.BytesIO(GOOD)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made, made.open(name, "w", force_zip64=True) as part:
            for _ in range(210):
                part.write(b"\0" * 1024 * 1024)
        assert len(out.getvalue()) < 1024 * 1024
        with pytest.raises(Invalid, match="解压后超过 200 MB"):
            read_workbook(out.getvalue())


class TestHugeText:
    @pytest.mark.parametrize("read", [read_json, read_national_json], ids=["ours", "national"])
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"[" * 200_000, "不是正确的 JSON|嵌套太深"),
            (b'{"a": ' + b"[" * 200_000, "嵌套太深"),
            (b'{"a": [' + b"[]," * 7_000_000 + b"1]}", "内容太多"),
            (b" " * (64 * 1024 * 1024 + 1), "超过 64 MB"),
            (b'{"a": 1' + b"0" * 5_000 + b"}", "JSON"),
            (b'{"a": NaN}', "NaN"),
            (b'{"a": 1, "a": 2, "format": 1}', "这不是要导入的格式|两个“a”"),
            (b'{"a": {"b": 1, "b": 2}}', "两个“b”"),
            (b"\xff\xfe{}", "UTF-8"),
            (b'{"format": "x"}', "这不是要导入的格式"),
            (b"", "不是正确的 JSON"),
            (b"{} {}", "不是正确的 JSON"),
        ],
        ids=[
            "deep",
            "deep inside",
            "many",
            "large",
            "long number",
            "nan",
            "twice",
            "twice inside",
            "utf-16",
            "format",
            "empty",
            "two",
        ],
    )
    def test_as_json_is_refused(self, read: Callable[[bytes], object], content: bytes, words: str) -> None:
        with pytest.raises(Invalid, match=words):
            read(content)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>', "DOCTYPE"),
            (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE"),
            (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://localhost/x"> %x;]><a/>', "DOCTYPE"),
            ('<?xml version="1.0" encoding="gbk"?><!DOCTYPE a><a/>'.encode("gbk"), "DOCTYPE"),
            ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "编码"),
            (b'<?xml version="1.0" encoding="utf-7"?><a/>', "编码"),
            (b" " * (64 * 1024 * 1024 + 1), "超过 64 MB"),
            (b'<exchange xmlns="urn:yizhan:up-task:1"><item>' + b"<a/>" * 30_000, "内容太多"),
            (b'<exchange xmlns="urn:yizhan:up-task:1">' + b"<a>" * 10_000, "XML"),
            (b'<exchange xmlns="urn:yizhan:up-task:1"><item>&amp', "第 1 行不是正确的 XML"),
            (b'<exchange xmlns="urn:yizhan:up-task:1"><item>&d;</item></exchange>', "不是正确的 XML"),
            (b"<other/>", "最外层应是 <exchange"),
            (b"not xml", "不是 XML"),
            (b"", "不是 XML"),
        ],
        ids=[
            *("bomb", "external", "parameter", "gbk bomb", "utf-16 bomb", "utf-7", "large", "many", "deep", "cut"),
            *("entity", "root", "text", "empty"),
        ],
    )
    def test_as_xml_is_refused(self, content: bytes, words: str) -> None:
        with pytest.raises(Invalid, match=words):
            read_national_xml(content)


class TestMemory:
    """Of a process that reads what somebody made to fill it."""

    @pytest.mark.soak
    @pytest.mark.skipif(not SOAK, reason="the long form")
    @pytest.mark.parametrize("kind", ["rows", "strings", "json"])
    def test_stays_below_a_gigabyte(self, kind: str, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(_heavy(kind))
        program = (
            "import django, sys; django.setup()\n"
            "from foundation.errors import Invalid\n"
            "from standards.items.exchange import read_json, read_workbook\n"
            "try: (read_json if sys.argv[1] == 'json' else read_workbook)(open(sys.argv[2], 'rb').read())\n"
            "except Invalid: pass\n"
            "print(next(l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')))\n"
        )
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        }
        done = subprocess.run(
            [sys.executable, "-c", program, kind, str(path)], check=True, capture_output=True, env=environment, cwd=ROOT
        )
        assert int(done.stdout) < 1024 * 1024


def _heavy(kind: str) -> bytes:
    if kind == "json":
        return b'{"format": "yizhan-items", "version": 1, "items": [' + b"[]," * 2_900_000 + b"1]}"
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        book.add_worksheet("基本目录").write_row(0, 0, ["基本编码", "事项名称"])
        sheet = book.add_worksheet("申请材料")
        sheet.write_row(0, 0, ["基本编码", "材料名称"])
        if kind == "rows":
            for number in range(1, 100_000):
                sheet.write_row(number, 0, [number] * 30)
        else:
            for number in range(1, 190):
                sheet.write_row(number, 0, [f"{number}", *(["长" * 10_000] * 33)])
    return out.getvalue()
