"""Times within office hours (办公时间): judged by the day of a date field, told to who fills them in, flagged where a
year's holidays are not known, and said so by all that comes out of a form."""

import csv
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from foundation.errors import Invalid
from standards.forms.blocks import block_fields
from standards.forms.definition import FormDefinition
from standards.forms.fields.times import TimeField
from standards.forms.merging import FormToMerge, merge_forms
from standards.forms.posted import FilledResult, read_posted
from standards.forms.results import as_sheets, as_text, json_schema, seen_values
from standards.forms.rights import FieldRight
from standards.forms.versions import compare_definitions
from standards.workdays import ClosedPart, Closure, OfficeHours
from tests.architecture.sources import ROOT
from tests.factories.workdays import NATIONAL
from tests.standards.form_samples import CONTEXT, form_of

_DAY: dict[str, Any] = {"type": "date", "name": "visit_on", "label": "预约日期"}
_TIME: dict[str, Any] = {
    "type": "time",
    "name": "visit_at",
    "label": "预约时间",
    "office_hours_only": True,
    "day_field": "visit_on",
}
_WHOLE = (("08:30", "12:00"), ("14:00", "17:30"))
_HOURS = OfficeHours(
    {**dict.fromkeys(range(1, 6), _WHOLE), 6: (("09:00", "12:00"),)},
    (
        Closure(date(2026, 12, 2), date(2026, 12, 2), "赶集日", ClosedPart.AFTERNOON),
        Closure(date(2026, 12, 3), date(2026, 12, 3), "停电检修", ClosedPart.MORNING),
        Closure(date(2026, 12, 4), date(2026, 12, 4), "大厅搬迁", ClosedPart.OFF),
        Closure(date(2026, 12, 6), date(2026, 12, 6), "补班", ClosedPart.WORKED),
    ),
    NATIONAL,
)
_CONTEXT = replace(CONTEXT, days=lambda: NATIONAL, open_at=lambda: _HOURS)


def _read(form: FormDefinition, rights: dict[str, FieldRight] | None = None, **posted: object) -> FilledResult:
    return read_posted(form, rights or form.rights_at(), posted, {}, _CONTEXT)


def _said(form: FormDefinition, **posted: object) -> list[str]:
    return [fault.message for fault in _read(form, **posted).faults]


class TestTimesWithinOfficeHours:
    def test_are_taken_as_the_examples_say(self) -> None:
        with (ROOT / "tests/standards/office_hours.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        form = form_of(_DAY, _TIME)
        strays = [
            row
            for row in rows
            if _read(form, visit_on=row["日期"], visit_at=row["时间"]).is_right != (row["能填"] == "是")
        ]
        assert len(rows) > 20
        assert strays == []

    def test_say_when_the_office_is_open_and_why_it_is_not(self) -> None:
        form = form_of(_DAY, _TIME)
        assert _said(form, visit_on="2026-11-30", visit_at="13:00") == [
            "“预约时间”应当在2026年11月30日的办公时间以内：08:30–12:00、14:00–17:30。"
        ]
        assert _said(form, visit_on="2026-12-02", visit_at="15:00") == [
            "“预约时间”应当在2026年12月2日的办公时间以内：08:30–12:00（下午不开放：赶集日）。"
        ]
        assert [_said(form, visit_on=day, visit_at="09:30") for day in ("2026-10-01", "2026-12-04", "2026-11-29")] == [
            ["“预约时间”2026年10月1日不办公（国庆节），请换一天。"],
            ["“预约时间”2026年12月4日不办公（不开放：大厅搬迁），请换一天。"],
            ["“预约时间”2026年11月29日不办公（休息日），请换一天。"],
        ]
        assert _said(form, visit_at="13:00") == [
            "“预约时间”应当是办公时间：周一至周五 08:30–12:00、14:00–17:30；周六 09:00–12:00。"
        ]

    def test_are_not_asked_for_where_the_form_does_not_say_so(self) -> None:
        assert _said(form_of({**_TIME, "office_hours_only": False, "day_field": ""}), visit_at="03:00") == []

    def test_go_by_whole_working_days_where_nobody_has_written_the_hours(self) -> None:
        form, context = form_of(_DAY, _TIME), replace(_CONTEXT, open_at=lambda: replace(_HOURS, week={}))
        said = {
            day: [one.message for one in read_posted(form, form.rights_at(), posted, {}, context).faults]
            for day in ("2026-11-30", "2026-11-28", "2026-12-02")
            for posted in [{"visit_on": day, "visit_at": "20:00"}]
        }
        assert said["2026-11-30"] == []
        assert said["2026-11-28"] == ["“预约时间”2026年11月28日不办公（休息日），请换一天。"]
        assert "00:00–12:00（下午不开放：赶集日）" in said["2026-12-02"][0]

    def test_go_by_the_day_of_their_own_line_or_by_one_beside_the_lines(self) -> None:
        cells = [{**_DAY, "name": "own_day"}, {**_TIME, "day_field": "own_day"}, {**_TIME, "name": "other_at"}]
        form = form_of(_DAY, {"type": "group", "name": "visits", "label": "各次", "cells": cells})
        lines = [
            {"own_day": "2026-11-30", "visit_at": "09:30", "other_at": "09:30"},
            {"own_day": "2026-10-01", "visit_at": "09:30", "other_at": "15:00"},
        ]
        faults = _read(form, visit_on="2026-11-28", visits=lines).faults
        assert [fault.where for fault in faults] == ["visits.1.visit_at", "visits.1.other_at"]
        assert faults[0].message == "“各次”第 2 行：“预约时间”2026年10月1日不办公（国庆节），请换一天。"

    def test_heed_no_day_that_is_off_the_page_or_hidden_from_this_person(self) -> None:
        asked = {"type": "yes_no", "name": "asked", "label": "预约"}
        form = form_of(asked, {**_DAY, "visible_when": "asked"}, _TIME)
        posted = {"visit_on": "2026-10-01", "visit_at": "09:30"}
        assert _read(form, asked="false", **posted).is_right
        assert not _read(form, asked="true", **posted).is_right
        hidden = {**form.rights_at(), "visit_on": FieldRight.HIDDEN}
        found = read_posted(form, hidden, {"visit_at": "09:30"}, {"asked": True, "visit_on": "2026-10-01"}, _CONTEXT)
        assert found.faults == ()


class TestAdvice:
    @pytest.mark.parametrize(
        ("day", "said"),
        [
            ("", "办公时间：周一至周五 08:30–12:00、14:00–17:30；周六 09:00–12:00"),
            ("2026-11-30", "2026年11月30日办公：08:30–12:00、14:00–17:30"),
            ("2026-12-02", "2026年12月2日办公：08:30–12:00（下午不开放：赶集日）"),
            ("2026-12-04", "2026年12月4日不办公（不开放：大厅搬迁）"),
            ("2026-10-10", "2026年10月10日办公：08:30–12:00、14:00–17:30（调休上班）"),
            ("2027-02-17", "2027年2月17日办公：08:30–12:00、14:00–17:30（按周末推算）"),
        ],
    )
    def test_tells_the_hours_of_the_day(self, day: str, said: str) -> None:
        field = form_of(_DAY, _TIME).named_fields["visit_at"]
        assert field.advice(None, {"visit_on": day}, _CONTEXT) == said


class TestRemarks:
    _POSTED = {"visit_on": "2027-02-17", "visit_at": "09:30"}

    def test_stand_beside_days_of_a_year_that_is_not_published(self) -> None:
        cells = [{**_DAY, "name": "own_day", "workdays_only": True}]
        form = form_of(
            {**_DAY, "workdays_only": True}, _TIME, {"type": "group", "name": "g", "label": "次", "cells": cells}
        )
        lines = [{"own_day": "2026-11-30"}, {"own_day": "2027-02-18"}]
        result = _read(form, **self._POSTED, g=lines)
        rights = form.rights_at()
        assert result.is_right
        assert result.worked.remarks == dict.fromkeys(("visit_on", "visit_at", "g.1.own_day"), "按周末推算")
        assert "预约时间：09:30（按周末推算）" in as_text(form, result.values, rights, _CONTEXT, printed=True)
        seen = seen_values(form, result.values, rights, _CONTEXT)
        assert seen["visit_at.remark"] == seen["visit_on.remark"] == "按周末推算"
        whole, inner = as_sheets(form, [("1", result.values)], rights, _CONTEXT)
        assert (whole.heading[-1], whole.rows[0][-1]) == ("说明", "预约日期：按周末推算；预约时间：按周末推算")
        # days stay days
        assert whole.rows[0][1] == date(2027, 2, 17)
        assert [row[-1] for row in inner.rows] == [None, "预约日期：按周末推算"]

    def test_are_nothing_for_days_that_are_known(self) -> None:
        form = form_of({**_DAY, "workdays_only": True}, _TIME)
        values = {"visit_on": "2026-11-30", "visit_at": "09:30"}
        assert seen_values(form, values, form.rights_at(), _CONTEXT) == values
        assert as_sheets(form, [("1", values)], form.rights_at(), _CONTEXT)[0].heading == (
            "编号",
            "预约日期",
            "预约时间",
        )


class TestDefinition:
    def test_names_a_date_field_that_can_be_seen_from_there(self) -> None:
        group = {"type": "group", "name": "g", "label": "次", "cells": [{**_DAY, "name": "own_day"}]}
        for fields in ([_TIME], [{**_DAY, "type": "short_text"}, _TIME], [group, {**_TIME, "day_field": "own_day"}]):
            with pytest.raises(Invalid) as refused:
                form_of(*fields)
            assert refused.value.faults[0].where.endswith(".day_field")
            assert "要从这张表单的日期字段里选一个" in refused.value.faults[0].message
        with pytest.raises(Invalid, match="却没有选“只能是办公时间”"):
            form_of(_DAY, {**_TIME, "office_hours_only": False})

    def test_tells_programs_of_it(self) -> None:
        form = form_of(_DAY, {**_TIME, "hint": "来之前先打电话。"})
        described = json_schema(form, form.rights_at())["properties"]["visit_at"]
        assert described["description"] == "来之前先打电话。\n办公时间（visit_on 那天）"

    def test_says_by_its_label_that_another_field_decides(self) -> None:
        other = {**_DAY, "name": "other_on", "label": "取证日期"}
        old, new = form_of(_DAY, other, _TIME), form_of(_DAY, other, {**_TIME, "day_field": "other_on"})
        assert [one.said for one in compare_definitions(old, new)] == [
            "“预约时间”的看哪一天的办公时间由“预约日期”改为“取证日期”。"
        ]

    def test_keeps_its_day_where_forms_are_merged(self) -> None:
        forms = [
            FormToMerge(key, key, (form := form_of(_DAY, _TIME)), {}, form.rights_at()) for key in ("first", "second")
        ]
        merged = merge_forms("一件事", forms).definition
        times = [one for one in merged.fields if isinstance(one, TimeField)]
        assert [one.day_field for one in times] == ["first_visit_on", "second_visit_on"]

    def test_is_asked_once_with_its_day_alone(self) -> None:
        usual, other = block_fields("visit"), block_fields("visit")
        other[0] |= {"workdays_only": False}
        forms = [
            FormToMerge(key, key, (form := form_of(*fields)), {}, form.rights_at())
            for key, fields in (("a", usual), ("b", usual), ("c", other))
        ]
        merged = merge_forms("一件事", forms).definition
        assert list(merged.named_fields) == ["visit_on", "visit_at", "c_visit_on", "c_visit_at"]
