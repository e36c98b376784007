"""Notices about holidays: the State Council's own of three years, and what must not be taken for one."""

from datetime import date, timedelta

import pytest

from standards.workdays import read_notice
from tests.architecture.sources import ROOT
from tests.factories.workdays import NATIONAL

HEADS = {
    2024: ("国办发明电〔2023〕7号", date(2023, 10, 25)),
    2025: ("国办发明电〔2024〕12号", date(2024, 11, 12)),
    2026: ("国办发明电〔2025〕7号", date(2025, 11, 4)),
}


def notice_of(year: int) -> str:
    """The text as it was published, without what it says about duties on the days."""
    return (ROOT / f"tests/standards/notices/{year}.txt").read_text(encoding="utf-8")


class TestReadNotice:
    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    def test_understands_the_state_councils_own(self, year: int) -> None:
        read = read_notice(notice_of(year))
        assert read.faults == []
        assert (read.year, read.number, read.issued_on) == (year, *HEADS[year])
        off = {one.day: one.name for one in read.days if one.is_off}
        made_up = {one.day for one in read.days if not one.is_off}
        day = date(year, 1, 1)
        while day.year == year:
            is_work = day in made_up or (day.isoweekday() <= 5 and day not in off)
            assert is_work is NATIONAL.is_workday(day), day
            assert bool(off.get(day)) is bool(NATIONAL.holiday_name(day)), day
            day += timedelta(days=1)

    def test_passes_over_advice_and_says_so(self) -> None:
        passed = read_notice(notice_of(2024)).passed_over
        assert any("安排职工在除夕（2月9日）休息" in sentence for sentence in passed)

    def test_reads_days_of_the_old_year(self) -> None:
        for text in ("元旦：2022年12月31日至2023年1月2日放假调休，共 3 天。", "元旦：12月31日至1月2日放假，共 3 天。"):
            days = [one.day for one in read_notice(text, year=2023).days]
            assert days == [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)]

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("元旦：1月1日（周三）放假。", "2026年1月1日是周四，不是周三"),
            ("国庆节：10月1日至7日放假调休，共 8 天。", "写明共 8 天，日期却有 7 天"),
            ("国庆节：10月1日至7日放假。9月21日上班。", "9月21日是周一，本来就上班"),
            ("国庆节：10月1日至7日放假。10月3日上班。", "10月3日既放假又上班"),
            ("国庆节：10月7日至1日放假。", "不对，请核对"),
            ("国庆节：2月30日放假。", "没有 2月30日这一天"),
            ("国庆节：2028年10月1日放假。", "不在 2026 年"),
            ("国庆节：10月1日。", "没有读懂这一句"),
            ("10月1日至7日放假，共 7 天。", "应有节日名称和冒号"),
            ("国务院办公厅关于2027年部分节假日安排的通知", "通知说的是 2027 年"),
            ("今天天气很好。", "没有读到"),
        ],
    )
    def test_refuses_with_the_place(self, line: str, why: str) -> None:
        read = read_notice(f"放假安排\n{line}", year=2026)
        assert any(why in fault.message for fault in read.faults), read
        assert all(fault.line >= 1 for fault in read.faults)
        if "：" in line:
            assert [fault.line for fault in read.faults] == [2]

    def test_asks_for_a_year_that_nothing_names(self) -> None:
        assert "哪一年" in read_notice("元旦：1月1日放假。").faults[0].message
