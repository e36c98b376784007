import csv
import io
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

from foundation.exports import export_table, stream_csv

HEADINGS = ("名称", "数量", "时间")
ROW = ("当阳市", 1200, datetime(2026, 11, 24, 4, 30, tzinfo=UTC))


def rows_of(response: HttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


class TestCsv:
    def test_begins_with_the_mark_by_which_excel_knows_utf_8(self) -> None:
        assert export_table("csv", "表", HEADINGS, []).content.startswith(b"\xef\xbb\xbf")

    def test_tells_times_as_people_here_do(self) -> None:
        assert rows_of(export_table("csv", "表", HEADINGS, [ROW])) == [
            list(HEADINGS),
            ["当阳市", "1200", "2026-11-24 12:30"],
        ]

    def test_goes_out_while_its_rows_come_in(self) -> None:
        read = []
        rows = ((read.append(number) or str(number),) for number in range(2_000))  # type: ignore[func-returns-value]
        parts = iter(stream_csv("表", ("数",), rows))
        assert (next(parts), read) == ("\ufeff数\r\n".encode(), [])
        next(parts)
        assert 0 < len(read) < 2_000
        assert len(b"".join(parts).splitlines()) + len(read) > 2_000

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx"])
    def test_disarms_what_a_spreadsheet_would_run(self, text: str) -> None:
        assert rows_of(export_table("csv", "表", ("名称",), [[text]]))[1] == [f"'{text}"]

    def test_is_saved_under_a_chinese_name(self) -> None:
        assert "filename*=UTF-8''%E8%A1%A8.csv" in export_table("csv", "表", HEADINGS, [])["Content-Disposition"]


class TestExcel:
    def test_keeps_numbers_and_never_makes_a_formula(self) -> None:
        response = export_table("xlsx", "表", HEADINGS, [("=1+1", 1200, None)])
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
        assert sheet.to_python()[1][:2] == ["=1+1", 1200.0]
