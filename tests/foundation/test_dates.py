"""Days and moments are written year first, in whatever browser."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django import forms

from foundation.design.dates import DayField, MomentField, iso_day
from tests.servers import ROOT


class TestDayField:
    @pytest.mark.parametrize(
        "text", ["2026-03-04", "2026年3月4日", "2026年03月04日", "2026/3/4", "2026.3.4", "20260304", " 2026-3-4 "]
    )
    def test_reads_every_usual_way_with_the_year_first(self, text: str) -> None:
        assert DayField().clean(text) == date(2026, 3, 4)

    @pytest.mark.parametrize("text", ["03/04/2026", "4-3-2026", "2026-13-01", "明天", "2026-02-30"])
    def test_refuses_others_and_says_how(self, text: str) -> None:
        with pytest.raises(forms.ValidationError, match="按年、月、日的次序填写"):
            DayField().clean(text)

    def test_is_shown_year_first_and_not_as_the_browser_likes(self) -> None:
        shown = DayField().widget.render("day", date(2026, 3, 4))
        assert 'value="2026-03-04"' in shown
        assert 'type="text"' in shown


class TestMomentField:
    @pytest.mark.parametrize(
        "text", ["2026-03-04 08:30", "2026年3月4日 08:30", "2026年3月4日08:30", "2026-03-04T08:30"]
    )
    def test_reads_every_usual_way_with_the_year_first(self, text: str) -> None:
        assert MomentField().clean(text).replace(tzinfo=None) == datetime(2026, 3, 4, 8, 30)  # noqa: DTZ001 - as written


class TestIsoDay:
    @pytest.mark.parametrize(("text", "day"), [("2026年3月4日", "2026-03-04"), ("3/4", "3/4"), ("", "")])
    def test_leaves_what_is_no_day_to_who_checks_it(self, text: str, day: str) -> None:
        assert iso_day(text) == day


class TestPages:
    def test_have_no_date_input_of_the_browsers(self) -> None:
        own = re.compile(r"""["'](?:date|datetime-local|month|week)["']""")
        files: list[Path] = [
            path
            for folder in ("platform", "tenants", "provisioning")
            for pattern in ("*.html", "forms.py", "forms/*.py")
            for path in (ROOT / folder).rglob(pattern)
            # definitions of forms name a type of field so
            if "standards" not in path.parts
        ]
        strays = [
            str(path.relative_to(ROOT))
            for path in files
            for line in path.read_text(encoding="utf-8").splitlines()
            if "type" in line and own.search(line)
        ]
        assert len(files) > 200
        assert strays == []
