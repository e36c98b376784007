import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from foundation import long_workbooks
from foundation.long_workbooks import write_workbook

HEADINGS = ("名称", "数", "日期", "时间", "空")


def read(rows: list[Any], **options: Any) -> CalamineWorkbook:
    file = io.BytesIO()
    write_workbook(file, HEADINGS[: len(rows[0])] if rows else HEADINGS, iter(rows), **options)
    with ZipFile(file) as book:
        assert book.testzip() is None
    file.seek(0)
    return CalamineWorkbook.from_filelike(file)


class TestWorkbook:
    def test_keeps_numbers_and_days_and_never_makes_a_formula(self) -> None:
        at = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
        rows = [
            ("=1+1<&\x01>", Decimal("1.5"), date(2026, 3, 1), at, None),
            ("+1", 1200, date(1999, 12, 31), "@A1", ""),
        ]
        sheet = read(rows).get_sheet_by_index(0).to_python()
        assert sheet[0] == list(HEADINGS)
        assert sheet[1] == ["=1+1<&>", 1.5, date(2026, 3, 1), "2026-11-24 12:30", ""]
        assert sheet[2] == ["+1", 1200.0, date(1999, 12, 31), "@A1", ""]

    def test_without_rows_has_its_heading(self) -> None:
        assert read([]).get_sheet_by_index(0).to_python() == [list(HEADINGS)]

    @pytest.mark.parametrize("number", [4, 5, 8, 9])
    def test_goes_on_with_another_sheet_where_one_is_full(self, number: int) -> None:
        book = read([(f"第{one}",) for one in range(number)], rows_of_sheet=5)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        assert [len(one) - 1 for one in sheets] == [4] * (number // 4) + [number % 4] * bool(number % 4)
        assert {one[0][0] for one in sheets} == {"名称"}
        assert [row[0] for one in sheets for row in one[1:]] == [f"第{one}" for one in range(number)]

    def test_of_too_many_bytes_goes_on_likewise(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(long_workbooks, "_BYTES_OF_SHEET", 2_000)
        monkeypatch.setattr(long_workbooks, "_PIECE", 100)
        book = read([(f"{one:0100}",) for one in range(40)])
        rows = [row[0] for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()[1:]]
        assert len(book.sheet_names) > 2
        assert rows == [f"{one:0100}" for one in range(40)]

    def test_holds_no_row_once_it_is_written(self) -> None:
        alive = set()

        class Seen:
            def __del__(self) -> None:
                alive.discard(id(self))

        def rows() -> Any:
            for _ in range(2_000):
                seen = Seen()
                alive.add(id(seen))
                yield (seen,)
                del seen
                assert len(alive) < 10

        write_workbook(io.BytesIO(), ("名称",), rows())
