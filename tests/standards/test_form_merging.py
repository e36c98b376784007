"""Several forms as one: what has a standard name is asked once, materials by what they are, all else by item."""

from typing import Any, Final

import pytest

from standards.forms.blocks import BLOCKS
from standards.forms.definition import FormDefinition
from standards.forms.expressions.grammar import renamed
from standards.forms.expressions.kinds import ExpressionFault
from standards.forms.merging import FormToMerge, MergedForm, merge_forms, values_of_part
from standards.forms.reading import read_definition
from standards.forms.rights import FieldRight

_LINES: Final[list[dict[str, Any]]] = [
    {"type": "number", "name": "person", "label": "面积", "required": True},
    {
        "type": "short_text",
        "name": "why",
        "label": "说明",
        "visible_when": 'person > 3 and applicant_number.age > 18 and applicant_nature != "person"',
    },
    {
        "type": "group",
        "name": "lines",
        "label": "明细",
        "cells": [
            {"type": "number", "name": "amount", "label": "数量"},
            {"type": "short_text", "name": "note", "label": "备注", "visible_when": "amount > 2"},
        ],
        "sums": ["amount"],
    },
    {
        "type": "computed",
        "name": "total",
        "label": "合计",
        "expression": "sum(map(lines, #.amount))",
        "result": "number",
    },
]


def form(
    own: list[dict[str, Any]], materials: list[str], *, blocks: tuple[str, ...] = ("applicant",)
) -> FormDefinition:
    parts = [
        {"name": one, "label": BLOCKS[one][0], "fields": [dict(each) for each in BLOCKS[one][1]]} for one in blocks
    ]
    parts.append({"name": "own", "label": "情况", "fields": own})
    fields = [
        {"type": "material", "name": f"material_{place}", "label": name, "material": f"material-{place}"}
        for place, name in enumerate(materials, start=1)
    ]
    parts.append({"name": "materials", "label": "申请材料", "fields": fields})
    return read_definition({"format": 1, "title": "申请表", "parts": parts})


def merged(*forms: tuple[FormDefinition, dict[str, str]], hidden: tuple[str, ...] = ()) -> MergedForm:
    return merge_forms(
        "一件事申请表",
        [
            FormToMerge(
                key=f"p{place}",
                title=f"第 {place} 项",
                definition=one,
                materials=materials,
                rights={name: FieldRight.HIDDEN if name in hidden else FieldRight.WRITE for name in one.named_fields},
            )
            for place, (one, materials) in enumerate(forms, start=1)
        ],
    )


class TestMergeForms:
    def test_asks_once_what_has_a_standard_name_and_keeps_the_rest_apart(self) -> None:
        first, second = form(_LINES, ["户口簿", "申请书"]), form([_LINES[0]], ["申请书", "户口簿", "照片"])
        third = form([{"type": "short_text", "name": "why", "label": "为何"}], ["x"])
        made = merged(
            (first, {"material_1": "户口簿", "material_2": "甲申请书"}),
            (second, {"material_1": "乙申请书", "material_2": "户口簿", "material_3": ""}),
            (third, {"material_1": ""}),
        )
        names = [field.name for field in made.definition.fields]
        assert len(names) == len(set(names))
        assert names.count("applicant_mobile") == 1
        assert [part.label for part in made.definition.parts] == [
            *("申请人", "第 1 项：情况", "第 2 项：情况", "第 3 项：情况", "申请材料")
        ]
        assert made.names["p2"]["material_2"] == made.names["p1"]["material_1"]
        asked = [field.label for field in made.definition.fields if field.type == "material"]
        assert asked == ["户口簿", "申请书", "申请书", "照片", "x"]
        assert "用于“第 3 项”。" in [field.hint for field in made.definition.fields]
        by_name = made.definition.named_fields
        # only names of fields are renamed: neither members nor words
        assert by_name["p1_why"].visible_when == (
            'p1_person > 3 and applicant_number.age > 18 and applicant_nature != "person"'
        )
        assert by_name["p1_total"].expression == "sum(map(p1_lines, #.p1_amount))"  # type: ignore[attr-defined]
        assert by_name["p1_lines"].sums == ("p1_amount",)  # type: ignore[attr-defined]

    def test_gives_each_form_its_own_values_back(self) -> None:
        first, second = form(_LINES, ["户口簿"]), form([_LINES[0]], ["户口簿"])
        made = merged((first, {"material_1": "户口簿"}), (second, {"material_1": "户口簿"}))
        values = {
            "applicant_name": "安娜",
            "p1_person": "5",
            "p2_person": "7",
            "p1_lines": [{"p1_amount": "3", "p1_note": "好"}],
            "material_1": [{"id": "a"}],
        }
        assert values_of_part(first, made.names["p1"], values) == {
            "applicant_name": "安娜",
            "person": "5",
            "lines": [{"amount": "3", "note": "好"}],
            "material_1": [{"id": "a"}],
        }
        assert values_of_part(second, made.names["p2"], values) == {
            "applicant_name": "安娜",
            "person": "7",
            "material_1": [{"id": "a"}],
        }

    def test_does_not_share_what_only_has_the_name(self) -> None:
        """Another type, other conditions, or a condition that reads a field that is not the standard one."""
        nature = {"type": "short_text", "name": "applicant_nature", "label": "是什么人"}
        own = [
            nature,
            {
                "type": "person_name",
                "name": "applicant_name",
                "label": "姓名",
                "visible_when": "applicant_nature == 'x'",
            },
            dict(BLOCKS["applicant"][1][3]),
            {"type": "mobile", "name": "applicant_mobile", "label": "电话", "hint": "随时能接的"},
        ]
        odd = form(own, ["申请书"], blocks=())
        made = merged((odd, {}), (form([_LINES[0]], ["申请书"]), {}))
        assert made.names["p1"] | {"material_1": ""} == {
            "applicant_nature": "p1_applicant_nature",
            "applicant_name": "p1_applicant_name",
            "applicant_number": "p1_applicant_number",
            "applicant_mobile": "applicant_mobile",
            "material_1": "",
        }
        assert made.definition.named_fields["applicant_mobile"].required

    def test_keeps_hidden_what_one_form_hides_unless_another_asks_for_it(self) -> None:
        made = merged((form(_LINES, ["申请书"]), {}), hidden=("person", "applicant_address"))
        rights = made.definition.rights_at()
        assert (rights["p1_person"], rights["applicant_address"]) == (FieldRight.HIDDEN, FieldRight.HIDDEN)
        assert rights["applicant_mobile"] is FieldRight.WRITE


class TestRenamed:
    def test_refuses_what_is_no_expression(self) -> None:
        with pytest.raises(ExpressionFault):
            renamed("a ＞ 3", {"a": "b"})
        assert renamed(" a  &&not b or a.a ", {"a": "x", "b": "y"}) == " x  &&not y or x.a "
