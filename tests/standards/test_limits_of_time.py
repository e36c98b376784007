"""Limits in working days, days and months, by the law's own examples, and against a count made by hand."""

import csv
import json
from datetime import date, timedelta
from typing import Any

import pytest
from chinese_calendar import is_workday
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from config.cli import app
from foundation.errors import Invalid
from standards.workdays import ClockPause, Due, Limit, due_of
from tests.architecture.sources import ROOT
from tests.factories.workdays import NATIONAL

days = st.dates(date(2005, 1, 1), date(2026, 6, 1))
spans = st.builds(lambda day, length: ClockPause(day, day + timedelta(days=length)), days, st.integers(1, 40))
working = st.builds(Limit, st.integers(1, 90), st.just("wd"))
calendar = st.builds(Limit, st.integers(1, 200), st.just("d"))
months = st.builds(Limit, st.integers(1, 24), st.just("m"))


def due(event: date, limit: Limit, **facts: Any) -> Due:
    return due_of(event, limit, calendar=NATIONAL, **facts)


class TestExamples:
    def test_end_on_the_day_that_another_program_found(self) -> None:
        """Counted on lists by a program that knows nothing of ours, with chinesecalendar's days; some by hand."""
        path = ROOT / "tests/standards/limits_of_time.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        strays = [
            (row, str(found.due))
            for row in rows
            if str(
                (
                    found := due(
                        date.fromisoformat(row["受理"]),
                        Limit.read(row["期限"]),
                        pauses=[ClockPause.read(one) for one in row["暂停"].split()],
                        extensions=[Limit.read(one) for one in row["延长"].split()],
                    )
                ).due
            )
            != row["到期"]
        ]
        assert not strays
        assert len(rows) >= 60

    def test_are_counted_by_the_days_that_chinesecalendar_knows(self) -> None:
        first, last = date(2004, 1, 1), date(2026, 12, 31)
        every = [first + timedelta(days=passed) for passed in range((last - first).days + 1)]
        assert len(every) == 8_401
        assert [day for day in every if NATIONAL.is_workday(day) != is_workday(day)] == []


class TestDueOf:
    @pytest.mark.parametrize(
        ("event", "limit", "expected"),
        [
            # National Day from 1 to 7 October, Saturday the 10th is worked
            ("2026-09-28", "5wd", "2026-10-10"),
            ("2026-09-28", "20wd", "2026-10-30"),
            # the 15th day is a Tuesday
            ("2026-09-28", "15d", "2026-10-13"),
            # the fifth falls on National Day, and gives way to the 8th
            ("2026-09-28", "5d", "2026-10-08"),
            # art. 202: the same day number, or the month's last day; Saturday 28 February 2026 is worked
            ("2025-11-28", "3m", "2026-02-28"),
            ("2025-11-30", "3m", "2026-02-28"),
            ("2023-11-30", "3m", "2024-02-29"),
            ("2025-12-30", "1m", "2026-01-30"),
        ],
    )
    def test_is_what_the_law_says(self, event: str, limit: str, expected: str) -> None:
        assert due(date.fromisoformat(event), Limit.read(limit)).due == date.fromisoformat(expected)

    def test_leaves_out_a_pause_up_to_and_not_with_its_end(self) -> None:
        found = due(date(2026, 10, 9), Limit.read("3wd"), pauses=[ClockPause.read("2026-10-12..2026-10-20")])
        assert found.due == date(2026, 10, 21)
        assert {one.day for one in found.skipped if one.why == "暂停"} == {date(2026, 10, day) for day in range(12, 20)}

    @pytest.mark.parametrize(
        ("event", "limit", "facts", "story"),
        [
            (
                "2026-06-10",
                "15wd",
                {"pauses": ["2026-06-22..2026-07-04=专家评审"]},
                "2026年7月16日到期：自6月10日起 15 个工作日，端午节顺延，专家评审扣除 10 个工作日。",
            ),
            (
                "2026-09-28",
                "5d",
                {"extensions": ["10d"]},
                "2026年10月13日到期：自9月28日起5日，延长10日。",
            ),
            ("2026-09-28", "5d", {}, "2026年10月8日到期：自9月28日起5日，最后一日逢国庆节顺延。"),
            ("2025-12-31", "1m", {}, "2026年2月2日到期：自2025年12月31日起 1 个月，最后一日逢周末顺延。"),
            ("2098-03-03", "1wd", {}, "2098年3月4日到期：自3月3日起 1 个工作日（按周末推算，国务院安排公布后重算）。"),
        ],
    )
    def test_tells_its_story_in_one_sentence(
        self, event: str, limit: str, facts: dict[str, list[str]], story: str
    ) -> None:
        found = due(
            date.fromisoformat(event),
            Limit.read(limit),
            pauses=[ClockPause.read(one) for one in facts.get("pauses", [])],
            extensions=[Limit.read(one) for one in facts.get("extensions", [])],
        )
        assert found.story == story

    def test_says_why_a_day_did_not_count(self) -> None:
        found = due(date(2026, 9, 30), Limit.read("2wd"))
        assert [(one.day.day, one.why) for one in found.skipped] == [(day, "国庆节") for day in range(1, 8)]

    def test_extends_from_where_it_would_have_ended(self) -> None:
        # 5 days end on Saturday 3 October; not from the working day after it
        found = due(date(2026, 9, 28), Limit.read("5d"), extensions=[Limit.read("10d")])
        assert found.due == date(2026, 10, 13)

    def test_says_where_the_calendar_is_not_published(self) -> None:
        assert not due(date(2026, 6, 1), Limit.read("20wd")).is_assumed
        assert due(date(2098, 12, 31), Limit.read("1d")).is_assumed

    @given(days, working, st.lists(spans, max_size=3))
    @settings(max_examples=150)
    def test_of_working_days_has_exactly_so_many_of_them(
        self, event: date, limit: Limit, pauses: list[ClockPause]
    ) -> None:
        found = due(event, limit, pauses=pauses)
        passed = [event + timedelta(days=one) for one in range(1, (found.due - event).days + 1)]
        counted = [day for day in passed if NATIONAL.is_workday(day) and not any(pause.holds(day) for pause in pauses)]
        assert len(counted) == limit.number
        assert counted[-1] == found.due
        assert [one.day for one in found.skipped] == [day for day in passed if day not in counted]
        if not pauses:
            assert found.due == NATIONAL.deadline_after(event, limit.number).last_day

    @given(days, calendar | months, st.lists(spans, max_size=3))
    @settings(max_examples=150)
    def test_of_days_and_months_ends_on_the_first_working_day_after_them(
        self, event: date, limit: Limit, pauses: list[ClockPause]
    ) -> None:
        found = due(event, limit, pauses=pauses)
        assert NATIONAL.is_workday(found.due)
        unpaused = due(event, limit)
        assert unpaused.due <= found.due
        if limit.unit == "d":
            end = event + timedelta(days=limit.number)
            assert end <= unpaused.due
            assert not any(NATIONAL.is_workday(end + timedelta(days=one)) for one in range((unpaused.due - end).days))

    @given(days, working | calendar | months, working)
    @settings(max_examples=100)
    def test_is_never_earlier_for_an_extension(self, event: date, limit: Limit, more: Limit) -> None:
        assert due(event, limit, extensions=[more]).due >= due(event, limit).due

    @given(days, st.integers(1, 60), st.integers(1, 60))
    @settings(max_examples=100)
    def test_of_two_parts_is_that_of_the_whole(self, event: date, first: int, second: int) -> None:
        whole = due(event, Limit(first + second, "wd"))
        assert due(event, Limit(first, "wd"), extensions=[Limit(second, "wd")]).due == whole.due

    @pytest.mark.parametrize("text", ["", "0d", "5", "5w", "99999d", "9999m", "-1d", "5wd5"])
    def test_refuses_a_limit_that_is_none(self, text: str) -> None:
        with pytest.raises(Invalid):
            Limit.read(text)

    @pytest.mark.parametrize(
        "text", ["", "2026-10-12", "2026-10-20..2026-10-12", "2026-10-12..2026-10-12", "2026-13-01..2026-13-02"]
    )
    def test_refuses_a_pause_that_is_none(self, text: str) -> None:
        with pytest.raises(Invalid):
            ClockPause.read(text)


@pytest.mark.django_db
class TestCommand:
    def test_tells_the_day_and_what_was_skipped(self) -> None:
        asked = ["clock", "due", "--from", "2026-09-28", "--limit", "20wd", "--pause", "2026-10-12..2026-10-20"]
        told = CliRunner().invoke(app, [*asked, "--extend", "10wd", "--json"])
        assert told.exit_code == 0, told.stderr
        found = json.loads(told.stdout)
        assert found["due"] == "2026-11-23"
        assert {"day": "2026-10-01", "why": "国庆节"} in found["skipped"]
        assert "国庆节顺延，暂停扣除 6 个工作日" in found["story"]
        assert CliRunner().invoke(app, ["clock", "due", "--from", "2026-09-28", "--limit", "20x"]).exit_code == 1
        twice = CliRunner().invoke(app, [*asked, "--extend", "10wd", "--extend", "5wd"])
        assert (twice.exit_code, "只能延长一次" in twice.output) == (1, True)
