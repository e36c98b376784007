"""Reading what was posted, and what comes out of a form."""

from datetime import date
from decimal import Decimal
from typing import Any

from standards.forms.posted import nested, read_posted
from standards.forms.results import as_sheets, as_text, changes, seen_values
from standards.forms.rights import FieldRight
from tests.standards.form_samples import CONTEXT, field_of, form_of, whole_form, whole_post

AGENT = {"type": "yes_no", "name": "agent", "label": "代办"}
NAME: dict[str, Any] = {
    "type": "person_name",
    "name": "agent_name",
    "label": "代办人",
    "required": True,
    "visible_when": "agent",
}
TRIPS: dict[str, Any] = {
    "type": "group",
    "name": "trips",
    "label": "行程",
    "cells": [
        {"type": "computed", "name": "said", "label": "说明", "expression": "plate ?? '没有'", "result": "text"},
        {"type": "short_text", "name": "means", "label": "交通工具"},
        {
            "type": "short_text",
            "name": "plate",
            "label": "车牌",
            "required": True,
            "visible_when": "means == 'car'",
        },
        {"type": "money", "name": "price", "label": "票价", "required_when": "agent and means == 'train'"},
    ],
}
NUMBER = {"type": "number", "name": "n", "label": "数", "required_when": "agent"}


class TestPosted:
    def test_asks_for_a_field_only_where_its_condition_holds(self) -> None:
        form = form_of(AGENT, NAME, NUMBER)
        rights = form.rights_at()
        assert read_posted(form, rights, {"agent": "false"}, {}, CONTEXT).is_right
        faults = read_posted(form, rights, {"agent": "true"}, {}, CONTEXT).faults
        assert [fault.message for fault in faults] == ["请填写“代办人”。", "请填写“数”。"]

    def test_drops_or_keeps_an_invisible_value_as_the_form_says(self) -> None:
        before = {"agent": True, "agent_name": "张三"}
        form = form_of(AGENT, NAME)
        filled = read_posted(form, form.rights_at(), {"agent": "false"}, before, CONTEXT)
        assert (filled.values, filled.dropped) == ({"agent": False}, ("agent_name",))
        keeping = form_of(AGENT, {**NAME, "when_hidden": "keep"})
        filled = read_posted(keeping, keeping.rights_at(), {"agent": "false"}, before, CONTEXT)
        assert (filled.values, filled.dropped) == ({"agent": False, "agent_name": "张三"}, ())
        assert "agent_name" not in seen_values(keeping, filled.values, keeping.rights_at(), CONTEXT)
        # who may not write it takes it away by no condition either
        rights = {"agent": FieldRight.WRITE, "agent_name": FieldRight.READ}
        filled = read_posted(form, rights, {"agent": "false"}, before, CONTEXT)
        assert (filled.values["agent_name"], filled.dropped) == ("张三", ())

    def test_asks_for_cells_line_by_line_and_drops_those_that_a_condition_hides(self) -> None:
        form = form_of(AGENT, TRIPS)
        rights = form.rights_at()
        lines: list[dict[str, object]] = [
            {"means": "car", "plate": "鄂E12345", "price": "30"},
            {"means": "train", "plate": "鄂E99999", "price": "50"},
            {"means": "train", "price": "20"},
        ]
        filled = read_posted(form, rights, {"agent": "false", "trips": lines}, {}, CONTEXT)
        assert filled.is_right
        # a plate is asked for only of cars, and counts for nothing where it is hidden
        assert [line.get("plate") for line in filled.values["trips"]] == ["鄂E12345", None, None]
        assert filled.worked.hidden == {f"trips.{place}.plate" for place in (1, 2, "new")}
        assert [line["said"] for line in filled.worked.shown["trips"]] == ["鄂E12345", "没有", "没有"]
        # its own line decides, and a field beside the group
        wrong = [{"means": "car", "price": "30"}, {"means": "train", "plate": "鄂E99999"}, {"plate": "鄂E1"}]
        filled = read_posted(form, rights, {"agent": "true", "trips": wrong}, {}, CONTEXT)
        assert [(one.where, one.message.split("：")[1]) for one in filled.faults] == [
            ("trips.0.plate", "请填写“车牌”。"),
            ("trips.1.price", "请填写“票价”。"),
        ]
        # a line of which nothing is left falls out, and the others are judged at their new places
        assert len(filled.values["trips"]) == 2
        again = read_posted(form, rights, {}, filled.values, CONTEXT)
        assert (again.values, again.worked) == (filled.values, filled.worked)

    def test_counts_a_kept_invisible_value_as_empty_in_expressions(self) -> None:
        form = form_of(
            AGENT,
            {**NUMBER, "required_when": "", "visible_when": "agent", "when_hidden": "keep"},
            {"type": "computed", "name": "c", "label": "算", "expression": "(n ?? 0) + 1", "result": "number"},
        )
        shown = read_posted(form, form.rights_at(), {}, {"agent": False, "n": "5"}, CONTEXT).worked.shown
        assert shown["c"] == "1.00"

    def test_reads_one_page_and_judges_only_it(self) -> None:
        form = form_of({**AGENT, "required": True}, {**NUMBER, "required": True})
        filled = read_posted(form, form.rights_at(), {"agent": "true", "n": "5"}, {}, CONTEXT, only=["agent"])
        assert (filled.values, filled.faults, filled.ignored) == ({"agent": True}, (), ("n",))

    def test_keeps_what_was_not_posted_and_clears_what_was_posted_empty(self) -> None:
        form = form_of(AGENT, NUMBER)
        before = {"agent": False, "n": "5", "unknown": "x", "empty": None}
        assert read_posted(form, form.rights_at(), {}, before, CONTEXT).values == {"agent": False, "n": "5"}
        assert read_posted(form, form.rights_at(), {"n": ""}, before, CONTEXT).values == {"agent": False}
        assert before == {"agent": False, "n": "5", "unknown": "x", "empty": None}

    def test_makes_a_field_required_at_a_step(self) -> None:
        form = form_of(AGENT, rights=[{"step": "s", "rights": {"agent": "required"}}])
        faults = read_posted(form, form.rights_at(step="s"), {}, {}, CONTEXT).faults
        assert [fault.message for fault in faults] == ["请选择“代办”。"]


class TestNested:
    def test_puts_names_of_a_page_into_one_another(self) -> None:
        pairs = [
            *(("lines.10.qty", ["3"]), ("lines.2.qty", ["1"]), ("lines.2.kinds", ["", "a", "b"])),
            *(
                ("home.detail", ["x"]),
                ("kinds", [""]),
                ("one", ["", "a"]),
                ("one.two", ["late"]),
                ("a.b.c.d.e.f", ["x"]),
            ),
        ]
        assert nested(pairs) == {
            "lines": [{"qty": "1", "kinds": ["a", "b"]}, {"qty": "3"}],
            "home": {"detail": "x"},
            "kinds": "",
            "one": "a",
        }


class TestResults:
    def test_hide_what_is_hidden_and_mask_what_is_personal(self) -> None:
        form = form_of(field_of("mobile"), field_of("resident_number"), field_of("money"))
        values = {"f_mobile": "13800138000", "f_resident_number": "11010519491231002X", "f_money": "1409.50"}
        rights = {**form.rights_at(), "f_resident_number": FieldRight.HIDDEN}
        seen = seen_values(form, values, rights, CONTEXT)
        assert seen == {"f_mobile": "13800138000", "f_money": "1409.50", "f_money.in_words": "壹仟肆佰零玖元伍角"}
        text = as_text(form, values, rights, CONTEXT, masked=True)
        assert text == "样表\n\n全部\n字段 mobile：138****8000\n字段 money：1,409.50 元"
        assert "大写：壹仟肆佰零玖元伍角" in as_text(form, values, rights, CONTEXT, printed=True)
        hidden = changes(form, {}, values, rights, masked=True)
        assert [(one.where, one.before, one.after) for one in hidden] == [
            ("f_mobile", "", "138****8000"),
            ("f_money", "", "1,409.50 元"),
        ]

    def test_change_line_by_line(self) -> None:
        form = form_of(field_of("group"), field_of("choice"))
        before = {"f_group": [{"g_name": "管材", "g_many": "3"}], "f_choice": "a"}
        after = {"f_group": [{"g_name": "管材", "g_many": "4"}, {"g_name": "阀门"}]}
        assert [
            (one.where, one.label, one.before, one.after) for one in changes(form, before, after, form.rights_at())
        ] == [
            ("f_group.0.g_many", "字段 group，第 1 行：数量", "3", "4"),
            ("f_group.1.g_name", "字段 group，第 2 行：品名", "", "阀门"),
            ("f_choice", "字段 choice", "甲类", ""),
        ]
        assert changes(form, before, before, form.rights_at()) == []

    def test_are_sheets_with_numbers_and_days(self) -> None:
        form = whole_form()
        filled = read_posted(form, form.rights_at(), whole_post(), {}, CONTEXT).values
        rights = {**form.rights_at(), "f_mobile": FieldRight.HIDDEN}
        main, lines = as_sheets(form, [("1 号", filled), ("2 号", {})], rights, CONTEXT, masked=True)
        row = dict(zip(main.heading, main.rows[0], strict=True))
        assert "字段 mobile" not in row
        assert (row["字段 money"], row["字段 date"]) == (Decimal("1409.50"), date(2026, 11, 30))
        assert row["字段 person_name"] == "张*"
        assert main.rows[1] == ("2 号", *[None] * (len(main.heading) - 1))
        assert lines.heading == ("编号", "行", "品名", "数量", "单价", "小计")
        assert lines.rows[0] == ("1 号", Decimal(1), "管材", Decimal(3), Decimal("19.99"), Decimal("59.97"))
