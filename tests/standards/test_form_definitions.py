"""Definitions: what is refused and how it is said, rights, blocks, and two versions."""

import json
from typing import Any

import pytest

from foundation.errors import Invalid
from standards.forms.blocks import BLOCKS, block_fields
from standards.forms.filling import FillingContext
from standards.forms.posted import read_posted
from standards.forms.reading import read_definition
from standards.forms.rights import FieldRight
from standards.forms.versions import Fate, compare_definitions, move_values
from tests.standards.form_samples import CONTEXT, field_of, form_of, whole_form, whole_values

ONE = {"type": "number", "name": "n", "label": "数"}


def raw_form(*fields: Any, **more: Any) -> dict[str, Any]:
    return {"format": 1, "title": "样表", "parts": [{"name": "a", "label": "甲", "fields": list(fields)}], **more}


def refused(raw: Any) -> str:
    with pytest.raises(Invalid) as caught:
        read_definition(raw)
    return " ".join(f"{one.where} {one.message}" for one in caught.value.faults) or caught.value.message


WRONG: dict[str, tuple[Any, str]] = {
    "unknown type": (
        raw_form({**ONE, "type": "numbr"}),
        "parts.0.fields.0.type 没有“numbr”这种字段类型。最接近的是“number”",
    ),
    "no type": (raw_form({"name": "n", "label": "数"}), "字段缺少“类型”"),
    "group in group": (
        raw_form({**field_of("group"), "cells": [field_of("group")]}),
        "明细的一行里不能放“明细（可增加行）”",
    ),
    "extra attribute": (raw_form({**ONE, "script": "x"}), "parts.0.fields.0.script 没有“script”这个属性"),
    "extra at top": (raw_form(ONE, python="x"), "python 没有“python”这个属性"),
    "name": (raw_form({**ONE, "name": "__class__"}), "名称只能用小写英文字母"),
    "name with double line": (raw_form({**ONE, "name": "a__b"}), "名称只能用小写英文字母"),
    "name with break": (raw_form({**ONE, "name": "a\n"}), "名称只能用小写英文字母"),
    "reserved name": (raw_form({**ONE, "name": "today"}), "“today”是表达式里的词"),
    "double name": (raw_form(ONE, {**ONE, "label": "又"}), "字段“数”和“又”的名称都是“n”"),
    "double name in lines": (raw_form(field_of("group"), {**ONE, "name": "g_name"}), "的名称都是“g_name”"),
    "empty label": (raw_form({**ONE, "label": " "}), "“名称”的写法不对"),
    "label that turns": (raw_form({**ONE, "label": "a\u202eb"}), "看不见的字符"),
    "long label": (raw_form({**ONE, "label": "长" * 101}), "最多 100 个字"),
    "decimals": (raw_form({**ONE, "decimals": 7}), "不能大于 6"),
    "bounds": (raw_form({**ONE, "least": 5, "most": 1}), "下限"),
    "no options": (raw_form({**field_of("choice"), "options": []}), "至少 1 个"),
    "double option": (
        raw_form({**field_of("choice"), "options": [{"code": "a", "label": "x"}, {"code": "a", "label": "y"}]}),
        "有两个选项的代码都是“a”",
    ),
    "half a point": (
        raw_form({**field_of("map_place"), "places": [{"code": "a", "label": "东门", "longitude": 111.8}]}),
        "“东门”经度、纬度只写了一个",
    ),
    "point elsewhere": (
        raw_form({**field_of("map_place"), "places": [{"code": "a", "label": "x", "longitude": 1, "latitude": 30}]}),
        "不能小于 73",
    ),
    "many options": (
        raw_form({**field_of("choice"), "options": [{"code": str(n), "label": str(n)} for n in range(501)]}),
        "最多 500 个",
    ),
    "boolean": (raw_form({**ONE, "required": "maybe"}), "应当是 true 或 false"),
    "bound of a day": (raw_form({**field_of("date"), "latest": {"days": 1, "workdays": 1}}), "其中一个"),
    "sums": (raw_form({**field_of("group"), "sums": ["g_name"]}), "不是明细里的数字"),
    "condition of a cell on itself": (
        raw_form({**field_of("group"), "sums": [], "cells": [{**ONE, "visible_when": "n > 1"}]}),
        "绕成了圈",
    ),
    "condition of a cell on nothing": (
        raw_form({**field_of("group"), "sums": [], "cells": [{**ONE, "required_when": "nobody > 1"}]}),
        "nobody",
    ),
    "what lines keep": (
        raw_form({**field_of("group"), "sums": [], "cells": [{**ONE, "when_hidden": "keep"}]}),
        "只能清除",
    ),
    "many conditions in lines": (
        raw_form(
            *(
                {
                    **field_of("group"),
                    "name": f"g{g}",
                    "sums": [],
                    "cells": [{**ONE, "name": f"g{g}_{n}", "visible_when": "today != null"} for n in range(30)],
                }
                for g in range(3)
            )
        ),
        "最多 60 个条件，现在有 90 个",
    ),
    "no fields": (raw_form(), "至少 1 个"),
    "format": ({**raw_form(ONE), "format": 2}, "能读的是 1"),
    "rights of nobody": (raw_form(ONE, rights=[{"rights": {"m": "read"}}]), "权限里的“m”不是这张表单的字段"),
    "right": (raw_form(ONE, rights=[{"rights": {"n": "own"}}]), "只能是"),
    "double rule": (raw_form(ONE, rights=[{"step": "s"}, {"step": "s"}]), "权限写了两次"),
    "no form": ([], "应当是一组属性"),
    "no json": ("{", "不是正确的 JSON"),
    "no number": ('{"format": NaN}', "不能写 NaN"),
    "double key": ('{"format": 1, "format": 1}', "写了两次"),
    "too deep": ('{"format": 1, "title": ' + "[" * 50_000 + "]" * 50_000 + "}", "嵌套太深"),
    "deep": (raw_form({**ONE, "hint": [[[[[[[[[[1]]]]]]]]]]}), "嵌套太深"),
    "too large": ('{"title": "' + "x" * 5_000_000 + '"}', "最多 1,024 KB"),
    "too many": (raw_form(*({**ONE, "name": f"n{n}"} for n in range(1_001))), "最多 1000 个"),
    "too many over parts": (
        {
            "format": 1,
            "title": "样表",
            "parts": [
                {"name": f"p{p}", "label": "甲", "fields": [{**ONE, "name": f"n{p}_{n}"} for n in range(501)]}
                for p in (1, 2)
            ],
        },
        "一张表单最多 1,000 个字段，现在有 1,002 个",
    ),
    "two parts of a name": (
        {**raw_form(ONE), "parts": [raw_form({**ONE, "name": f"n{n}"})["parts"][0] for n in (1, 2)]},
        "有两个部分的名称都是“a”",
    ),
}


class TestDefinition:
    def test_is_refused_with_the_place_and_what_to_do(self) -> None:
        strays = {}
        for name, (raw, piece) in WRONG.items():
            # lists at the top are no mapping: they come as text
            said = refused(json.dumps(raw) if isinstance(raw, list) else raw)
            if piece not in said:
                strays[name] = said[:300]
        assert strays == {}

    def test_says_several_faults_at_once(self) -> None:
        said = refused(raw_form({**ONE, "decimals": 9}, {**ONE, "label": ""}, {"type": "x"}))
        assert "parts.0.fields.0.decimals" in said
        assert "parts.0.fields.1.label" in said
        assert "parts.0.fields.2.type" in said

    def test_is_read_from_what_it_writes(self) -> None:
        form = whole_form(rights=[{"step": "s", "rights": {"f_number": "required"}}])
        assert read_definition(json.dumps(form.as_json())) == form
        assert len(json.dumps(form.as_json())) < 8_000

    def test_takes_markup_in_words_as_words(self) -> None:
        words = "<script>alert(1)</script>{{ x }}"
        assert form_of({**ONE, "label": words}).fields[0].label == words


class TestRights:
    def test_are_the_widest_of_the_roles_and_narrow_where_nothing_is_said(self) -> None:
        form = form_of(
            ONE,
            {**ONE, "name": "m"},
            rights=[
                {"step": "", "rights": {"m": "hidden"}, "otherwise": "write"},
                {"step": "review", "role": "clerk", "rights": {"n": "required"}},
                {"step": "review", "role": "head", "rights": {"n": "read", "m": "write"}},
                {"step": "end", "role": "clerk"},
            ],
        )
        hidden, read, write, required = FieldRight
        assert form.rights_at() == {"n": write, "m": hidden}
        assert form.rights_at(step="review", roles=["clerk"]) == {"n": required, "m": read}
        assert form.rights_at(step="review", roles=["clerk", "head"]) == {"n": required, "m": write}
        assert form.rights_at(step="review", roles=["guest"]) == {"n": hidden, "m": hidden}
        assert form.rights_at(step="other") == {"n": read, "m": read}
        assert form_of(ONE).rights_at() == {"n": write}


class TestBlocks:
    def test_stand_in_a_form_together_and_twice(self) -> None:
        assert [label for label, _ in BLOCKS.values()] == [
            "申请人",
            "法定代表人",
            "代办人",
            "银行账户",
            "预约时间",
            "承诺书",
        ]
        fields = [field for block in BLOCKS for prefix in ("", "second_") for field in block_fields(block, prefix)]
        form = form_of(*fields)
        filled = read_posted(form, form.rights_at(), {"second_agent_is_there": "true"}, {}, CONTEXT)
        assert "second_agent_name" in filled.worked.visible
        assert "agent_name" not in filled.worked.visible
        missing = {fault.where for fault in filled.faults}
        assert {"applicant_nature", "second_agent_name", "bank_account", "promise_agreed"} <= missing
        assert "agent_name" not in missing


OLD = (
    {"type": "short_text", "name": "name", "label": "名称", "most": 20},
    {"type": "short_text", "name": "amount", "label": "金额"},
    {
        "type": "choice",
        "name": "kind",
        "label": "类别",
        "options": [{"code": "a", "label": "甲"}, {"code": "b", "label": "乙"}],
    },
    {"type": "number", "name": "gone", "label": "旧数"},
    {"type": "mobile", "name": "phone", "label": "手机"},
)
NEW = (
    {"type": "money", "name": "amount", "label": "金额", "required": True},
    {"type": "short_text", "name": "name", "label": "项目名称", "most": 20, "required": True},
    {"type": "choice", "name": "kind", "label": "类别", "options": [{"code": "a", "label": "甲"}]},
    {"type": "mobile", "name": "mobile", "label": "手机"},
    {"type": "yes_no", "name": "fresh", "label": "是否新设"},
)


class TestVersions:
    def test_are_compared_in_words(self) -> None:
        said = [change.said for change in compare_definitions(form_of(*OLD), form_of(*NEW))]
        assert said == [
            "“金额”的类型由“单行文字”改为“金额”。",
            "“项目名称”的名称由“名称”改为“项目名称”。",
            "“项目名称”的必填由“否”改为“是”。",
            "“类别”的选项去掉 1 个。",
            "新增“手机”（手机号）。",
            "新增“是否新设”（是或否）。",
            "“金额”换了位置。",
            "“项目名称”换了位置。",
            "删去“旧数”（数字）。",
            "删去“手机”（手机号）。",
        ]
        assert compare_definitions(whole_form(), whole_form()) == []

    def test_take_values_over_and_say_what_became_of_each(self) -> None:
        values = {"name": "水厂", "amount": "1,200", "kind": "b", "gone": "7", "phone": "13800138000"}
        report = move_values(form_of(*OLD), form_of(*NEW), values, CONTEXT, renamed={"mobile": "phone"})
        assert report.values == {"name": "水厂", "amount": "1200.00", "kind": "b", "mobile": "13800138000"}
        assert {fate: [one.name for one in report.of(fate)] for fate in Fate} == {
            Fate.KEPT: ["name", "mobile"],
            Fate.CONVERTED: ["amount"],
            Fate.DOUBTFUL: ["kind"],
            Fate.LOST: ["gone"],
            Fate.NEW: ["fresh"],
        }
        unreadable = move_values(form_of(*OLD), form_of(*NEW), {"amount": "若干"}, CONTEXT)
        assert unreadable.values == {}
        assert [(one.name, one.text) for one in unreadable.of(Fate.LOST)] == [("amount", "若干")]

    def test_keep_every_type_where_nothing_changed(self) -> None:
        """Also what can no longer be looked up: a department that has ended, an upload."""
        nowhere = FillingContext(today=CONTEXT.today)
        report = move_values(whole_form(), whole_form(), whole_values(), nowhere)
        assert report.values == whole_values()
        assert not report.of(Fate.LOST)
