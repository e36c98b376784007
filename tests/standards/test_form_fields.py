"""Every type of field, one by one: what it takes, refuses, shows, and hands on."""

from datetime import date
from decimal import Decimal

import jsonschema_rs

from standards.forms.fields import FIELD_TYPES
from standards.forms.fields.groups import GroupField
from standards.forms.fields.times import DayBound
from standards.forms.posted import read_posted
from standards.forms.results import as_text, json_schema
from standards.forms.rights import FieldRight
from standards.workdays.calendar import WorkCalendar
from tests.standards.form_samples import (
    CONTEXT,
    SAMPLES,
    WRONG,
    field_of,
    form_of,
    whole_form,
    whole_post,
    whole_values,
)


def said_of(kind: str, raw: object, **attributes: object) -> str:
    """What is said of a posted value; "" where it is taken."""
    form = form_of(field_of(kind, **attributes))
    faults = read_posted(form, form.rights_at(), {f"f_{kind}": raw}, {}, CONTEXT).faults
    return " ".join(fault.message for fault in faults)


class TestFieldTypes:
    def test_are_all_tried_here(self) -> None:
        assert FIELD_TYPES.keys() == SAMPLES.keys()
        assert FIELD_TYPES.keys() - WRONG.keys() == {"computed", "heading", "note"}
        assert len(FIELD_TYPES) >= 28
        assert len({one.title for one in FIELD_TYPES.values()}) == len(FIELD_TYPES)

    def test_read_show_and_read_again_what_was_shown(self) -> None:
        form = whole_form()
        filled = read_posted(form, form.rights_at(), whole_post(), {}, CONTEXT)
        assert filled.faults == ()
        strays = []
        for kind, (_, _, value, text) in SAMPLES.items():
            field = form.named_fields[f"f_{kind}"]
            got = filled.values.get(field.name)
            again = None if got is None else field.read(field.typed(got), CONTEXT, got)
            if (got, field.text(got), again) != (value, text, value):
                strays.append((kind, got, field.text(got), again))
        assert strays == []

    def test_refuse_what_is_wrong_by_the_field_s_name_and_say_what_to_do(self) -> None:
        strays = []
        for kind, (raw, piece) in WRONG.items():
            form = form_of(field_of(kind, required=True))
            faults = read_posted(form, form.rights_at(), {f"f_{kind}": raw}, {}, CONTEXT).faults
            said = [fault.message for fault in faults if fault.where.split(".")[0] == f"f_{kind}"]
            if not any(piece in one and f"字段 {kind}" in one for one in said):
                strays.append((kind, said))
        assert strays == []

    def test_are_required_where_the_form_says_so(self) -> None:
        fields = [field_of(kind, required=True) for kind, one in SAMPLES.items() if one[2] is not None]
        form = form_of(*fields)
        faults = read_posted(form, form.rights_at(), {}, {}, CONTEXT).faults
        assert [fault.where for fault in faults] == [field["name"] for field in fields]

    def test_are_not_read_where_they_may_not_be_written(self) -> None:
        """Over every type and every right: what was posted leaves no trace, and hidden values never come out."""
        form = whole_form()
        strays = []
        for before in ({}, whole_values()):
            for right in (FieldRight.HIDDEN, FieldRight.READ):
                rights = dict.fromkeys(form.named_fields, right)
                posted = {f"f_{kind}": wrong[0] for kind, wrong in WRONG.items()}
                filled = read_posted(form, rights, posted, before, CONTEXT)
                strays += [name for name in form.named_fields if filled.values.get(name) != before.get(name)]
                strays += [fault.where for fault in filled.faults]
                assert set(filled.ignored) == posted.keys()
            said = as_text(form, before, dict.fromkeys(form.named_fields, FieldRight.HIDDEN), CONTEXT)
            assert said == "样表"
        assert strays == []

    def test_describe_their_values_by_a_schema_that_takes_them_and_no_others(self) -> None:
        form = whole_form()
        schema = json_schema(form, form.rights_at())
        validator = jsonschema_rs.validator_for(schema)
        assert [error.message for error in validator.iter_errors(whole_values())] == []
        loose = {
            *("short_text", "long_text", "person_name", "email", "credit_code", "resident_number"),
            *("money", "date", "time", "file_number", "period", "listed", "division", "earlier_case"),
            *("material", "picture", "signature", "licence", "group", "opinion"),
        }
        strays = [
            kind for kind, (raw, _) in WRONG.items() if kind not in loose and validator.is_valid({f"f_{kind}": raw})
        ]
        assert strays == []
        assert not validator.is_valid({"other": 1})

    def test_mask_what_is_personal(self) -> None:
        form = whole_form()
        shown = {
            kind: form.named_fields[f"f_{kind}"].masked(value)
            for kind, (_, _, value, _) in SAMPLES.items()
            if value is not None and form.named_fields[f"f_{kind}"].is_personal
        }
        assert shown == {
            "person_name": "张*",
            "email": "****",
            "resident_number": "110***********002X",
            "mobile": "138****8000",
            "landline": "071*******2801",
            "bank_account": "************5678",
            "address": "湖北省宜昌市当阳市****",
            "licence": "****",
        }
        group = form_of(
            {**field_of("group"), "cells": [{"type": "mobile", "name": "g_mobile", "label": "手机"}], "sums": []}
        ).fields[0]
        assert group.is_personal
        assert group.masked([{"g_mobile": "13800138000"}]) == "1. 手机：138****8000"
        assert form_of(field_of("short_text", personal=True)).fields[0].masked("张三") == "****"

    def test_survive_whatever_is_posted(self) -> None:
        odd = [
            *(None, True, 1, -1.5, float("nan"), 10**5_000, "", "\x00", "\ud800", "＂" * 20_000, b"x", object()),
            *([], [[]], [{}], {}, {"code": {}}, {"id": []}, {"division": [1]}, {"decision": ["yes"], "words": {}}),
            *([{"g_name": [None]}], {"year": "2026"}, {"hour": "99"}, {"begins_on": 1}, ["u1"] * 500, {1: 2}),
        ]
        form = whole_form()
        for raw in odd:
            filled = read_posted(form, form.rights_at(), dict.fromkeys(form.named_fields, raw), {}, CONTEXT)
            again = read_posted(form, form.rights_at(), filled.values, filled.values, CONTEXT)
            assert again.values == filled.values
            as_text(form, filled.values, form.rights_at(), CONTEXT, printed=True)


class TestResidentNumber:
    def test_says_birthday_sex_age_and_region(self) -> None:
        form = form_of(field_of("resident_number"))
        derived = form.fields[0].derived("11010519491231002X", CONTEXT)
        assert derived == {"birth_on": "1949-12-31", "sex": "女", "age": "76", "region": "110105"}
        assert form.fields[0].derived("110105194912310021", CONTEXT) == {}


class TestDate:
    def test_is_bound_by_working_days(self) -> None:
        # the 29th is a Sunday, 1 December is off
        assert [DayBound(workdays=days).day(CONTEXT) for days in (1, 2, -1, 0)] == [
            date(2026, 11, 30),
            date(2026, 12, 2),
            date(2026, 11, 27),
            date(2026, 11, 29),
        ]
        assert DayBound(days=-1).day(CONTEXT) == date(2026, 11, 28)
        assert CONTEXT.calendar != WorkCalendar()
        said = said_of("date", "20261201", workdays_only=True)
        assert said == "“字段 date”2026年12月1日是某节，请选工作日。"
        assert said_of("date", {"year": "2026", "month": "11", "day": "30"}) == ""
        assert "不是日期" in said_of("date", "2026-02-30")
        assert "不能早于 2026年11月28日" in said_of("date", "20261127", earliest={"days": -1})


class TestGroup:
    def test_says_what_is_wrong_by_line_and_sums_up(self) -> None:
        form = form_of(field_of("group", least=2, most=3))
        group = form.fields[0]
        assert isinstance(group, GroupField)
        filled = read_posted(form, form.rights_at(), {"f_group": [{"g_many": "x"}]}, {}, CONTEXT)
        assert [(fault.where, fault.message) for fault in filled.faults] == [
            ("f_group", "“字段 group”至少填 2 行，现在有 1 行。"),
            ("f_group.0.g_name", "“字段 group”第 1 行：请填写“品名”。"),
            ("f_group.0.g_many", "“字段 group”第 1 行：“数量”应当是数字，现在是“x”，请只写数字。"),
        ]
        assert group.sum_of([{"g_amount": "1.10"}, {}, {"g_amount": "x"}, {"g_amount": "2.20"}], "g_amount") == Decimal(
            "3.30"
        )

    def test_keeps_its_bound_however_much_is_posted(self) -> None:
        form = form_of(field_of("group"))
        filled = read_posted(form, form.rights_at(), {"f_group": [{"g_name": "x"}] * 5_000}, {}, CONTEXT)
        assert len(filled.values["f_group"]) == 201
        assert "最多填 50 行" in filled.faults[0].message


class TestListed:
    def test_believes_no_posted_name_and_keeps_that_of_what_has_ended(self) -> None:
        form = form_of(field_of("listed"))
        posted = {"f_listed": {"code": "d1", "name": "假的"}}
        assert read_posted(form, form.rights_at(), posted, {}, CONTEXT).values["f_listed"]["name"] == "当阳市民政局"
        ended = {"f_listed": {"code": "d9", "name": "当阳市旧局"}}
        kept = read_posted(form, form.rights_at(), {"f_listed": "d9"}, ended, CONTEXT)
        assert (kept.values, kept.faults) == (ended, ())


class TestOpinion:
    def test_is_signed_anew_only_where_it_was_changed(self) -> None:
        form = form_of(field_of("opinion"))
        old = {"f_opinion": {"decision": "no", "words": "缺页。", "by": "李强", "on": "2026-11-01"}}
        same = {"f_opinion": {"decision": "no", "words": "缺页。"}}
        assert read_posted(form, form.rights_at(), same, old, CONTEXT).values == old
        other = {"f_opinion": {"decision": "no", "words": "缺两页。"}}
        changed = read_posted(form, form.rights_at(), other, old, CONTEXT).values["f_opinion"]
        assert (changed["by"], changed["on"]) == ("孙丽", "2026-11-29")
