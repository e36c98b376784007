"""What a designer of forms works with: attributes out of the classes, conditions in words, formulas with labels."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from foundation.errors import Invalid
from standards.forms.designing import (
    draw_name,
    is_editable,
    readable_fields,
    savable_draft,
    study_definition,
    write_expression,
)
from standards.forms.expressions.kinds import ExpressionFault, ValueKind
from standards.forms.expressions.wording import (
    MOST_COMPARISONS,
    OPERATORS,
    Comparison,
    Comparisons,
    in_words,
    understood,
)
from standards.forms.fields import CELL_TYPE_NAMES, FIELD_TYPES
from standards.forms.filling import FillingContext
from standards.forms.formulas import READY_FORMULAS, shown_formula, written_formula
from standards.forms.palette import palette
from standards.forms.plans import names_of
from standards.forms.reading import read_definition
from standards.forms.trial import try_expression

_CHINESE = re.compile(r"[\u3400-\u9fff]")
# of what has no Chinese name
_SHORT = re.compile(r"[A-Z]{2,5}\Z")
CONTEXT = FillingContext(today=date(2026, 11, 30), person="孙芳")


def form_of(*fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"format": 1, "title": "请假", "parts": [{"name": "leave", "label": "请假", "fields": list(fields)}]}


LEAVE = form_of(
    {
        "type": "choice",
        "name": "kind",
        "label": "请假类型",
        "options": [{"code": "sick", "label": "病假"}, {"code": "annual", "label": "年休假"}],
    },
    {"type": "period", "name": "time", "label": "请假时间"},
    {"type": "computed", "name": "days", "label": "天数", "expression": "time.days", "result": "number"},
    {"type": "yes_no", "name": "abroad", "label": "是否出国"},
    {"type": "date", "name": "back", "label": "销假日期"},
    {"type": "choices", "name": "papers", "label": "证件", "options": [{"code": "a", "label": "护照"}]},
    {
        "type": "group",
        "name": "trips",
        "label": "行程",
        "cells": [
            {"type": "number", "name": "amount", "label": "数量"},
            {"type": "money", "name": "price", "label": "单价"},
            {"type": "computed", "name": "cost", "label": "小计", "expression": "amount * price", "result": "money"},
        ],
    },
    {
        "type": "material",
        "name": "proof",
        "label": "证明",
        "material": "a",
        "visible_when": 'kind == "sick" and days > 3',
    },
)


def started(name: str) -> dict[str, Any]:
    return {
        "type": name,
        "name": palette()["types"][name]["stem"],
        "label": FIELD_TYPES[name].title,
        **FIELD_TYPES[name].start,
    }


class TestPalette:
    def test_says_every_attribute_of_every_type_in_chinese(self) -> None:
        def spoken(label: str) -> bool:
            return bool(_CHINESE.search(label) or _SHORT.match(label))

        def strays(where: str, attributes: list[dict[str, Any]]) -> Iterator[str]:
            for one in attributes:
                at = f"{where}.{one['name']}"
                if not spoken(one.get("label", "")):
                    yield f"{at}: no Chinese label ({one.get('label')!r})"
                if one.get("hint") and not _CHINESE.search(one["hint"]):
                    yield f"{at}: no Chinese hint"
                yield from (f"{at}={c['code']}" for c in one.get("choices", ()) if not spoken(c["label"]))
                yield from strays(at, one.get("attributes", []))

        found = palette()
        described = {**{name: one["attributes"] for name, one in found["types"].items()}}
        described |= {"part": found["part"], "form": found["form"]}
        assert [stray for name, attributes in described.items() for stray in strays(name, attributes)] == []
        # nothing is left out but what says nothing of the type
        silent = {"type", "required", "required_when", "when_hidden", "together", "personal", "hint"}
        missing = {
            name: set(one.model_fields) - {attribute["name"] for attribute in described[name]} - silent
            for name, one in FIELD_TYPES.items()
        }
        assert {name: left for name, left in missing.items() if left} == {}

    def test_has_every_type_once_and_starts_it_whole(self) -> None:
        found = palette()
        assert sorted(name for group in found["groups"] for name in group["types"]) == sorted(FIELD_TYPES)
        assert [group["label"] for group in found["groups"] if not group["types"]] == []
        faults = {}
        for name in FIELD_TYPES:
            try:
                read_definition(form_of(started(name)))
            except Invalid as refusal:
                faults[name] = [fault.where for fault in refusal.faults]
        # a formula cannot be guessed
        assert faults == {"computed": ["parts.0.fields.0.expression"]}
        assert {name for name, one in found["types"].items() if one["is_cell"]} == CELL_TYPE_NAMES


class TestConditions:
    def test_are_the_same_in_words_rows_and_expressions(self) -> None:
        fields = readable_fields(LEAVE)
        names = names_of(fields)
        of_kind = {
            "text": "kind",
            "number": "days",
            "yes_no": "abroad",
            "date": "back",
            "texts": "papers",
            "lines": "trips",
        }
        values = {"text": "sick", "number": "3", "date": "2026-11-30"}
        assert of_kind.keys() == OPERATORS.keys()
        strays = []
        for kind, operators in OPERATORS.items():
            for one in operators:
                code = "a" if kind == "texts" else values.get(one["asks"], "")
                rows = Comparisons("and", (Comparison(of_kind[kind], one["code"], code if one["asks"] else ""),))
                expression, words = write_expression(fields, comparisons=rows)
                trial = try_expression(fields, expression, {}, CONTEXT, wanted=[ValueKind.YES_NO])
                if understood(expression, names) != rows or trial.fault or not words.startswith("“"):
                    strays.append((kind, one["code"], expression, words, trial.fault))
        assert strays == []

    @pytest.mark.parametrize("joined", ["and", "or"])
    def test_read_as_people_say_them(self, joined: str) -> None:
        fields = readable_fields(LEAVE)
        rows = (
            Comparison("kind", "is", "sick"),
            Comparison("time.days", "more", "3"),
            Comparison("back", "after", "today"),
        )
        both = Comparisons("and" if joined == "and" else "or", rows)
        expression, words = write_expression(fields, comparisons=both)
        assert understood(expression, names_of(fields)) == both
        word = {"and": "，并且", "or": "，或者"}[joined]
        assert words == word.join(["“请假类型”是“病假”", "“请假时间：天数”大于 3", "“销假日期”晚于“今天”"])

    def test_read_as_people_say_them_also_where_they_are_more_than_rows(self) -> None:
        fields = readable_fields(LEAVE)
        choices = {field.name: field.choices() for field in fields}
        said = {
            "kind == 'sick' and (days > 3 or abroad)": "“请假类型”是“病假”，并且（“天数”大于 3，或者“是否出国”）",
            "not (kind == 'sick')": "不是（“请假类型”是“病假”）",
            "days * 2 >= 10": "（“天数”乘 2）大于或等于 10",
            "days == days": "“天数”等于“天数”",
            "1 +": "1 +",
        }
        assert {text: in_words(text, names_of(fields), choices) for text in said} == said

    def test_refuse_what_is_unfinished_and_show_what_is_more_than_rows(self) -> None:
        fields = readable_fields(LEAVE)
        refused = {
            Comparison("", ""): "还没有选字段",
            Comparison("nobody", "is", "x"): "还没有选字段",
            Comparison("days", "is", "3"): "还没有选怎样比较",
            Comparison("days", "more", ""): "还没有写比较的内容",
            Comparison("days", "more", "三"): "不是数字",
            Comparison("kind", "is", 'a" or true'): "不能有英文双引号",
        }
        for row, said in refused.items():
            with pytest.raises(ExpressionFault) as fault:
                write_expression(fields, comparisons=Comparisons("and", (row,)))
            assert said in fault.value.message
        many = Comparisons("and", (Comparison("abroad", "yes"),) * (MOST_COMPARISONS + 1))
        with pytest.raises(ExpressionFault):
            write_expression(fields, comparisons=many)
        names = names_of(fields)
        for more in (
            "days * 2 > 3",
            "(abroad or days > 3) and days < 9",
            "nobody == 1",
            "days >",
            "some(trips, #.amount > 1)",
        ):
            assert understood(more, names) is None, more


class TestFormulas:
    def test_show_labels_for_names_and_take_them_back(self) -> None:
        names = names_of(readable_fields(LEAVE))
        labels = {
            "days_of_time": "【请假时间：天数】",
            "kind": "【请假类型】",
            "days": "【天数】",
            "trips": "【行程】",
            "amount": "【数量】",
            "price": "【单价】",
            "back": "【销假日期】",
            "today": "【今天】",
        }
        for text, template in {
            "time.days * 2": "{days_of_time} * 2",
            'kind == "kind" ? days : 0': '{kind} == "kind" ? {days} : 0',
            "sum(map(trips, #.amount * #.price))": "sum(map({trips}, #{amount} * #{price}))",
            "(date(back) - date(today)) / 86400": "(date({back}) - date({today})) / 86400",
        }.items():
            shown = template.format_map(labels)
            assert (shown_formula(text, names), written_formula(shown, names)) == (shown, text)
        with pytest.raises(ExpressionFault, match="没有叫“没有”的字段"):
            written_formula("【没有】 + 1", names)
        twins = names_of(readable_fields(form_of(*({"type": "number", "name": n, "label": "数"} for n in ("a", "b")))))
        assert shown_formula("a + b", twins) == "【数｜a】 + 【数｜b】"
        assert written_formula("【数｜a】 + 【数｜b】", twins) == "a + b"

    def test_ready_ones_work(self) -> None:
        form = form_of(
            *({"type": "number", "name": name, "label": name} for name in ("number_a", "number_b")),
            *({"type": "date", "name": name, "label": name} for name in ("date_a", "date_b")),
            {
                "type": "group",
                "name": "lines_a",
                "label": "明细",
                "cells": [{"type": "number", "name": "n", "label": "数"}],
            },
        )
        typed = {
            "number_a": "6",
            "number_b": "3",
            "date_a": "2026-11-28",
            "date_b": "2026-11-30",
            "lines_a": [{"n": "1"}, {"n": "4"}],
        }
        got = []
        for ready in READY_FORMULAS:
            slots = {slot: "n" if kind == "cells" else f"{kind}_{slot}" for slot, (_, kind) in ready.slots.items()}
            got.append(try_expression(readable_fields(form), ready.template.format(**slots), typed, CONTEXT).result)
        assert got == ["6", "3", "9", "3", "18", "2", "5", "2"]

    def test_of_a_line_see_its_cells(self) -> None:
        fields = readable_fields(LEAVE, group="trips")
        expression, words = write_expression(fields, shown="【数量】 * 【单价】")
        assert (expression, words) == ("amount * price", "【数量】 * 【单价】")
        trial = try_expression(fields, expression, {"amount": "2", "price": "1.5"}, CONTEXT)
        assert (trial.result, trial.asked) == ("3", ("amount", "price"))


class TestTrial:
    def test_asks_for_what_people_fill_in_and_counts_days_of_a_period(self) -> None:
        fields = readable_fields(LEAVE)
        typed = {"kind": "sick", "time": {"begins_on": "2026-11-27", "ends_on": "2026-11-30"}}
        trial = try_expression(fields, 'kind == "sick" and days > 3', typed, CONTEXT, wanted=[ValueKind.YES_NO])
        assert (trial.result, trial.asked) == ("是", ("kind", "time"))
        # Friday to Monday
        for member, days in {"days": "4", "workdays": "2"}.items():
            assert try_expression(fields, f"time.{member}", typed, CONTEXT).result == days
        for odd in (
            {"begins_on": "2026-11-30", "ends_on": "2026-11-27"},
            {"begins_on": "1900-01-01", "ends_on": "2026-01-01"},
        ):
            assert try_expression(fields, "time.days", {"time": odd}, CONTEXT).result.startswith("空")


class TestStudy:
    def test_says_what_is_wrong_where_and_how_conditions_read(self) -> None:
        whole = study_definition(LEAVE)
        assert whole.faults == ()
        assert whole.expressions["proof.visible_when"].words == "“请假类型”是“病假”，并且“天数”大于 3"
        assert whole.expressions["cost.expression"].words == "【数量】 * 【单价】"
        unfinished = form_of(
            {"type": "number", "name": "a", "label": ""}, {"type": "date", "name": "b", "label": "日期"}
        )
        study = study_definition(unfinished)
        assert [fault.where for fault in study.faults] == ["parts.0.fields.0.label"]
        assert [one["name"] for one in study.as_json()["names"]] == ["today", "b"]
        for odd in (
            {},
            {"parts": 3},
            {"parts": [None]},
            {"parts": [{"fields": [7, {"type": []}]}]},
            {"parts": [{"fields": [{"type": ["group"], "name": "a"}]}]},
            {"parts": [{"fields": [{"type": "group", "name": "a", "cells": 5}]}]},
            {"parts": [{"fields": [{"type": "group", "name": "a", "cells": {"b": 1}}]}]},
            {"parts": [{"fields": 5}]},
            {"format": 1, "parts": []},
        ):
            assert study_definition(odd).faults
            assert not is_editable(odd)
        assert is_editable(unfinished)
        assert not is_editable(form_of({"type": "script", "name": "a", "label": "a"}))


class TestDrawName:
    def test_spells_the_label_and_is_a_name_that_forms_take(self) -> None:
        drawn = {
            "请假类型": "qing_jia_lei_xing",
            "2026年度": "field_2026_nian_du",
            "（）": "field",
            "today": "today_2",
            "A": "a",
        }
        assert {label: draw_name(label, ()) for label in drawn} == drawn
        taken: set[str] = set()
        for label in ("备注", "备注", "申请人现在的详细居住地址和邮政编码" * 5, "__", "Ａ_b", "銀行", "𠮷野家"):
            name = draw_name(label, taken)
            assert name not in taken
            taken.add(name)
            read_definition(form_of({"type": "number", "name": name, "label": "数"}))


class TestSavableDraft:
    """What is refused already when it is saved: everything else that is wrong is kept, and named at publication."""

    @staticmethod
    def _computed(name: str, label: str, expression: str) -> dict[str, Any]:
        return {"type": "computed", "name": name, "label": label, "expression": expression, "result": "number"}

    def _refused(self, *fields: Mapping[str, Any]) -> list[tuple[str, str]]:
        with pytest.raises(Invalid) as refused:
            savable_draft(form_of(*fields))
        assert refused.value.message.startswith("条件或者计算绕成了圈：")
        return [(one.where, one.message) for one in refused.value.faults]

    def test_has_no_circle_wherever_it_stands_and_whatever_else_is_wrong(self) -> None:
        unread = {"type": "choice", "name": "unread", "label": ""}
        one, two = self._computed("one", "甲", "two + 1"), self._computed("two", "乙", "one + 1")
        said = "条件或者计算绕成了圈：甲 → 乙 → 甲。请断开其中一处。"
        assert self._refused(unread, one, two) == [("parts.0.fields.1.expression", said)]
        itself = {"type": "yes_no", "name": "asked", "label": "问", "visible_when": "asked"}
        assert self._refused(itself)[0][0] == "parts.0.fields.0.visible_when"
        cells = [{"type": "number", "name": "n", "label": "数"}, self._computed("share", "份额", "total + 1")]
        lines = {"type": "group", "name": "lines", "label": "明细", "cells": cells}
        total = self._computed("total", "合计", "sum(map(lines, #.n))")
        # where it can be broken: the cell that reads the sum of its own lines
        assert self._refused(unread, lines, total)[0][0] == "parts.0.fields.1.cells.1.expression"
        inner = [self._computed("inner", "子甲", "outer + 1"), self._computed("outer", "子乙", "inner + 1")]
        where, said = self._refused({"type": "group", "name": "lines", "label": "明细", "cells": inner})[0]
        assert (where, "子甲 → 子乙 → 子甲" in said) == ("parts.0.fields.0.cells.0.expression", True)

    @pytest.mark.parametrize(
        "raw",
        [
            {},
            {"parts": 3},
            {"parts": [1, {"fields": "x"}, {"fields": [None, 5, {"name": "a"}]}]},
            form_of({"type": "computed", "name": "a", "label": "甲", "expression": "nobody + 1", "result": "number"}),
            form_of({"type": "computed", "name": "a", "label": "甲", "expression": "1 +", "result": "number"}),
        ],
    )
    def test_may_be_wrong_in_any_other_way(self, raw: dict[str, Any]) -> None:
        assert savable_draft(raw) == raw
