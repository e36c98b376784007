"""Conditions and computed values: what is taken, what comes out, and that nothing can be run or held up."""

from decimal import Decimal
from typing import Any

import pytest

from foundation.errors import Invalid
from standards.forms.definition import FormDefinition
from standards.forms.expressions.checking import check_expression
from standards.forms.expressions.kinds import ExpressionFault, ValueKind
from standards.forms.plans import work_through
from standards.forms.posted import read_posted
from standards.forms.rights import FieldRight
from standards.forms.trial import ExpressionTrial, try_expression
from tests.standards.form_samples import CONTEXT, field_of, form_of, whole_form, whole_post

ATTEMPTS = (
    *('__import__("os").system("id")', "__builtins__", "().__class__.__bases__", 'eval("1")', 'exec("1")'),
    *("f_short_text.__class__", 'f_short_text["__class__"]', "f_number.__init__.__globals__", "lambda: 1"),
    *('open("/etc/passwd")', "import os", 'f"{f_number}"', "`${f_number}`", "[x for x in f_choices]", "f_number := 1"),
    *("f_number = 1", "f_number = 1; f_number", "$root", "$nodes", "$", "@f_number", "{a: 1}", "f_number ** 2"),
    *('matches("a", "(a+)+$")', 'extract("a", "a")', "d()", 'date("now")', "rand(10)", "[1..1000000]", "len([1..9])"),
    *("map([1, 2], # * 2)", "map(f_group, map(f_group, #.g_many))", "filter([1], # > 0)", "keys(f_group)"),
    *("f_group[0]", "f_group[0].g_many", "#.g_many", "{{ f_number }}", "{% load x %}", "<!ENTITY x>", "os.getpid()"),
    *('"a\\x00b" == f_short_text', "f_number\u202e + 1", "ｆ_number + 1", "字段", "1e9", "0x10", "1_000", "--[[x]]"),
    *("globals()", "self", "None", "True", "print(1)", "getattr(f_number, 1)", "type(f_number)", "f_number.real"),
)
WRONG = {
    "f_numbr + 1": "最接近的是“f_number”（字段 number）",
    "rund(f_number, 1)": "您要的是“round”吗",
    'f_number + "1"': "“+”两边要数字，现在是文字",
    "f_number": "这里要的是是或否",
    'f_choice == "c"': "没有代码是“c”的选项",
    'f_choice in ["a", "d"]': "没有代码是“d”的选项",
    "f_choices == f_choices": "请用 contains、len 或 some",
    "f_date > f_date": "日期要写成 date(f_date) 再比较",
    'date("2026-13-01") > 1': '函数 date 要日期字段，或者写成 date("2026-01-31")',
    "f_number > ": "没有写完",
    "(f_number > 1": "末尾少了",
    "f_number > 1 1": "在“1”处读不下去",
    "金额 > 1": "不能写“金”",
    "f_number ? 1 : 2": "请写成一个判断",
    'f_yes_no ? 1 : "x"': "两边要同一种值",
    "": "表达式是空的",
    "sum(f_group)": "要一列数字，现在是明细",
    "some(f_number, #.x > 1)": "只能用在明细上",
    "some(f_group, some(f_group, #.g_many > 1))": "逐行计算里面不能再逐行计算",
    "sum(map(f_group, sum(map(f_group, #.g_many)))) > 1": "逐行计算里面不能再逐行计算",
    "abs(1, 2)": "要 1 个值，现在有 2 个",
    "round(f_number, 9) > 1": "位数是 0 到 6",
    "1 + " * 130 + "1 > 0": "最多 500 个",
    "(" * 40 + "1" + ")" * 40 + " > 0": "太复杂",
    "!" * 300 + "f_yes_no": "太复杂",
    "+".join(["1"] * 240) + "> 0": "太复杂",
    "[] == []": "方括号里要写几个",
}
# expression → what comes of it over whole_post
RIGHT: dict[str, Any] = {
    "f_number * 2 + 1": Decimal(2402),
    "0.1 + 0.2": Decimal("0.3"),
    "f_money * 3": Decimal("4228.5"),
    "round(10 / 3, 2)": Decimal("3.33"),
    "-f_number % 7": Decimal("-3.5"),
    "f_number / 0": None,
    'f_number > 1000 and not (f_choice == "b")': True,
    'f_choice in ["a"] && f_choice not in ["b"] || false': True,
    'contains(f_choices, "b")': True,
    'startsWith(f_short_text, "取水") ? "a" : "b"': "a",
    'f_short_text + "：" + string(f_number)': "取水 口：1200.5",
    "len(f_short_text) + len(f_choices) + len(f_group) + len(f_material)": Decimal(9),
    "sum(map(f_group, #.g_amount))": Decimal("59.97"),
    "sum(map(f_group, #.g_many * 2))": Decimal(6),
    "count(f_group, #.g_many > 1)": Decimal(1),
    "len(filter(f_group, #.g_price == null))": Decimal(1),
    'some(f_group, #.g_name == "阀门") and not all(f_group, #.g_many > 1)': True,
    "f_resident_number.age >= 60": True,
    'f_resident_number.sex == "女"': True,
    "f_money.in_words": "壹仟肆佰零玖元伍角",
    "f_listed.name": "当阳市民政局",
    "(date(f_date) - date(today)) / 86400": Decimal(1),
    'date(f_date) > date("2026-11-01")': True,
    "year(f_date) * 100 + monthOfYear(f_date)": Decimal(202611),
    "f_yes_no": True,
    'f_opinion == "yes" and f_signature and f_declaration': True,
    "min([f_number, 5]) + max([1, 2])": Decimal(7),
    "f_number ?? 0": Decimal("1200.5"),
}


def computed(expression: str, name: str = "c", **more: Any) -> dict[str, Any]:
    return {"type": "computed", "name": name, "label": name, "expression": expression, "result": "number", **more}


def faults_of(*fields: dict[str, Any]) -> str:
    with pytest.raises(Invalid) as caught:
        form_of(*fields)
    return " ".join(fault.message for fault in caught.value.faults)


@pytest.fixture(scope="module")
def form() -> FormDefinition:
    return whole_form()


class TestExpression:
    def test_runs_no_code_whatever_is_tried(self, form: FormDefinition) -> None:
        """Each attempt is refused when it is saved and when it is tried, and nothing of it reaches zen."""
        taken = []
        for attempt in ATTEMPTS:
            try:
                taken.append((attempt, check_expression(attempt, form.plan.names).code))
            except ExpressionFault:
                continue
        assert taken == []
        silent = [one for one in ATTEMPTS if not try_expression(form.fields, one, {}, CONTEXT).fault]
        assert silent == []
        assert len(ATTEMPTS) >= 25

    def test_is_refused_with_what_is_wrong_and_the_nearest_name(self, form: FormDefinition) -> None:
        strays = []
        for expression, piece in WRONG.items():
            said = faults_of_condition(form, expression)
            if piece not in said:
                strays.append((expression[:60], said))
        assert strays == []

    def test_is_worked_out_exactly(self, form: FormDefinition) -> None:
        got = {}
        for expression, result in RIGHT.items():
            trial = try_expression(form.fields, expression, whole_post(), CONTEXT)
            assert trial.fault == "", (expression, trial)
            said = {True: "是", False: "否"}.get(result) if isinstance(result, bool) else result
            got[expression] = (trial.result, "空：用到的字段还没有填，或者除数是 0" if said is None else f"{said}")
        strays = {expression: pair for expression, pair in got.items() if not _equal(*pair)}
        assert strays == {}

    def test_of_an_empty_form_is_false_or_empty_and_never_fails(self, form: FormDefinition) -> None:
        strays = {}
        for expression in RIGHT:
            trial = try_expression(form.fields, expression, {}, CONTEXT)
            if trial.fault:
                strays[expression] = trial.fault
        assert strays == {}
        for condition in ("f_number > 1", "f_number <= 1", 'startsWith(f_short_text, "a")', "f_number + 1 == 2"):
            assert try_expression(form.fields, condition, {}, CONTEXT).result == "否"
        # what needs no empty value is still decided
        assert try_expression(form.fields, "f_number > 1 or f_yes_no", {"f_yes_no": "true"}, CONTEXT).result == "是"


def faults_of_condition(form: FormDefinition, expression: str) -> str:
    try:
        return check_expression(expression, form.plan.names, wanted=(ValueKind.YES_NO,)).code
    except ExpressionFault as fault:
        return fault.message


def _equal(got: str, wanted: str) -> bool:
    return got == wanted or (_is_number(got) and _is_number(wanted) and Decimal(got) == Decimal(wanted))


def _is_number(text: str) -> bool:
    return text.replace("-", "").replace(".", "").isdigit()


class TestCircle:
    def test_is_refused_with_all_its_names(self) -> None:
        assert "甲 → 乙 → 甲" in faults_of(computed("b + 1", "a", label="甲"), computed("a + 1", "b", label="乙"))
        assert "绕成了圈：甲 → 甲" in faults_of({**field_of("yes_no"), "name": "a", "label": "甲", "visible_when": "a"})
        assert "绕成了圈" in faults_of(
            {**field_of("yes_no"), "name": "a", "label": "甲", "visible_when": "b"},
            {**field_of("number"), "name": "n", "label": "数", "visible_when": "a"},
            computed("n > 1", "b", result="yes_no"),
        )
        cells = [computed("g_b", "g_a", label="子甲"), computed("g_a", "g_b", label="子乙")]
        assert "子甲 → 子乙 → 子甲" in faults_of({**field_of("group"), "cells": cells, "sums": []})
        # the lines would depend on their own sum
        cells = [{"type": "number", "name": "g_n", "label": "数"}, computed("total + 1", "g_a")]
        assert "绕成了圈" in faults_of(
            {**field_of("group"), "cells": cells, "sums": []}, computed("sum(map(f_group, #.g_n))", "total")
        )

    def test_is_none_where_only_a_requirement_reads_back(self) -> None:
        form_of(
            {**field_of("yes_no"), "name": "a", "required_when": "b"},
            {**field_of("yes_no"), "name": "b", "required_when": "a"},
        )

    def test_is_looked_for_in_the_longest_chain_there_can_be(self) -> None:
        fields = [computed(f"c{number + 1} + 1", f"c{number}") for number in range(998)]
        form = form_of(*fields, {**field_of("number"), "name": "c998", "label": "末"})
        assert work_through(form.plan, {"c998": "1"}, CONTEXT).shown["c0"] == "999.00"


class TestBounds:
    """Size and time are bounded by what is taken, not by a clock: no loop in a loop, few loops, short results."""

    def test_hold_for_loops(self) -> None:
        loops = [computed("sum(map(f_group, #.g_many)) + count(f_group, #.g_many > 0)", f"c{n}") for n in range(51)]
        assert "最多 100 处逐行计算" in faults_of(field_of("group"), *loops)

    def test_hold_for_texts_that_double(self) -> None:
        """Each field is twice the one before: so thirty would make a thousand million characters."""
        fields = [computed(f"c{n - 1} + c{n - 1}", f"c{n}", result="text") for n in range(1, 13)]
        form = form_of({**field_of("short_text"), "name": "c0"}, *fields)
        worked = work_through(form.plan, {"c0": "长" * 100}, CONTEXT)
        assert "最多 2000 个" in worked.faults[0].message
        assert max(len(str(value)) for value in worked.shown.values()) <= 2_000

    def test_hold_for_numbers_that_grow(self) -> None:
        fields = [computed(f"c{n - 1} * c{n - 1}", f"c{n}") for n in range(1, 10)]
        form = form_of({**field_of("number"), "name": "c0"}, *fields)
        filled = read_posted(form, form.rights_at(), {"c0": "999999"}, {}, CONTEXT)
        assert "太大" in filled.faults[0].message
        assert filled.worked.shown.keys() == {"c0", "c1"}
        # nothing is said of what stands on another page, or is hidden
        assert read_posted(form, form.rights_at(), {"c0": "999999"}, {}, CONTEXT, only=["c0"]).is_right
        hidden = {**dict.fromkeys(form.named_fields, FieldRight.HIDDEN), "c0": FieldRight.WRITE}
        assert read_posted(form, hidden, {"c0": "999999"}, {}, CONTEXT).is_right


class TestComputed:
    def test_is_rounded_half_up_to_its_places(self) -> None:
        rounded = {"2.345": "2.35", "-2.345": "-2.35", "2.344": "2.34", "-0.001": "0.00", "7": "7.00"}
        form = form_of(field_of("number", decimals=3, least=-9), computed("f_number + 0"))
        got = {raw: work_through(form.plan, {"f_number": raw}, CONTEXT).shown["c"] for raw in rounded}
        assert got == rounded


class TestTrial:
    def test_says_result_and_kind_or_the_fault(self, form: FormDefinition) -> None:
        assert try_expression(form.fields, "f_number * 2", {"f_number": "２.5"}, CONTEXT) == ExpressionTrial(
            "5", "数字", asked=("f_number",)
        )
        assert try_expression(form.fields, "f_yes_no", {"f_yes_no": "是"}, CONTEXT) == ExpressionTrial(
            "是", "是或否", asked=("f_yes_no",)
        )
        assert "最接近的是“f_number”" in try_expression(form.fields, "f_numbr", {}, CONTEXT).fault
