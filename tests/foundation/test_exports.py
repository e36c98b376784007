import csv
import io
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

from foundation import exports
from foundation.errors import Invalid
from foundation.exports import export_list, export_table, stream_csv
from province.halls.models import Hall
from tests.factories.people import client_of

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


@pytest.mark.django_db
class TestList:
    def test_looks_what_belongs_to_its_rows_up_for_many_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exports, "_ROWS_AT_ONCE", 2)
        asked: list[int] = []

        def cells(halls: list[Hall]) -> list[tuple[str]]:
            asked.append(len(halls))
            return [(one.slug,) for one in halls]

        answer = export_list("csv", "表", ("名称",), Hall.objects.order_by("slug"), cells)
        assert rows_of(answer) == [["名称"], ["north"], ["south"], ["village"]]
        assert asked == [2, 1]

    def test_is_refused_where_it_is_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exports, "MOST_EXPORTED", 2)
        with pytest.raises(Invalid, match="超过 2 行"):
            export_list(
                "csv", "表", ("名称",), Hall.objects.order_by("slug"), lambda halls: [[one.slug] for one in halls]
            )
        page = client_of("zhao").get("/console/settings/rights/", {"permission": "content.push", "format": "csv"})
        assert (page.status_code, "请缩小范围后分次导出" in page.text) == (422, True)
