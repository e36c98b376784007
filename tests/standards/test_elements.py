"""Each element by its name, as docs/standards.md lists them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standards.items import BY_NAME, Element, Filler, Kind, check, from_columns, to_columns
from standards.items.codelists import TYPES_OF, Family
from standards.items.elements.grounds import LAW_CELLS
from standards.items.values import Report, check_value
from tests.factories.items import values_of
from tests.standards.standards import PAGE, page, rows

ROWS = list(rows())
NAMES = [name for name, _ in ROWS]
every_element = pytest.mark.parametrize(("name", "element"), ROWS, ids=NAMES)

TEXT = [5, ["文字"], "字" * 5000, "看不见\u200e\u202e"]
WRONG: dict[Kind, list[Any]] = {
    Kind.LINE: [*TEXT, "一\n二"],
    Kind.TEXT: TEXT,
    Kind.NUMBER: ["5", 1.5, True, -1, 10**9],
    Kind.FLAG: ["是", 1, 0],
    Kind.DAY: ["2026-02-30", "20260101", "2026-W01-1", 5],
    Kind.LINK: ["javascript:alert(1)", "www.example.cn", "https://", 5],
    Kind.FILE: ["表.docx", "../etc/passwd", 5],
    Kind.CHOICE: ["没有这一项", 1, ["1"]],
    Kind.CHOICES: [["没有这一项"], "1", [["1"]]],
    Kind.NAMES: ["名称", [5], ["甲", "甲"], [" "]],
    Kind.ROWS: ["文字", ["文字"], {"name": "甲"}, [{"没有这一栏": 1}]],
}


def report_of(element: Element, value: Any) -> Report:
    report = Report()
    item_type = min(element.needed or element.applies)
    check_value(element, value, item_type=item_type, where="here", words=f"「{element.label}」", report=report)
    return report


@every_element
class TestElement:
    @settings(max_examples=8)
    @given(data=st.data())
    def test_takes_what_is_right(self, name: str, element: Element, data: st.DataObject) -> None:
        assert report_of(element, data.draw(values_of(element))).faults == []

    def test_refuses_what_is_wrong_by_its_name(self, name: str, element: Element) -> None:
        for value in WRONG[element.kind]:
            faults = report_of(element, value).faults
            assert faults, value
            assert all(fault.message.startswith(f"「{element.label}」") for fault in faults)

    def test_is_missed_where_it_is_needed(self, name: str, element: Element) -> None:
        parent = BY_NAME[name.split(".", maxsplit=1)[0]]
        item_type = min(element.needed or parent.applies)
        if item_type not in parent.applies:
            item_type = min(parent.applies)
        family = next(one for one in Family if item_type in TYPES_OF[one])
        around = {element.when.element: element.when.value} if element.when else {}
        values = {parent.name: [around]} if element is not parent else around
        by = {Filler.PROVINCE, Filler.BOTH, Filler.PLATFORM}
        province = {one: value for one, value in values.items() if BY_NAME[one].by in by}
        hall = {one: value for one, value in values.items() if BY_NAME[one].by not in by}
        findings = check(family=family, item_type=item_type, values=province, hall_values=hall)
        part = findings.hall if parent.by is Filler.HALL else findings.province
        place = parent.name if element is parent else f"{parent.name}.1.{element.name}"
        is_missed = place in {fault.where for fault in part.missing}
        # what kind of item it is, whoever asks has said
        assert is_missed is (bool(element.needed) and name != "item_type" and bool(parent.needed or "." in name))

    @settings(max_examples=8)
    @given(data=st.data())
    def test_comes_back_from_its_column(self, name: str, element: Element, data: st.DataObject) -> None:
        parent = BY_NAME[name.split(".", maxsplit=1)[0]]
        if not (element.column or parent.column or any(cell.column for cell in element.cells)):
            return
        value = data.draw(values_of(element, is_national=True))
        values = {name: value} if element is parent else {parent.name: [{element.name: value}]}
        if element is not parent and not (element.column or parent.column):
            values = {}  # a cell that stays at home
        assert from_columns(to_columns(values), known=values) == values


class TestStandardsPage:
    def test_is_what_the_definition_says(self) -> None:
        assert PAGE.read_text(encoding="utf-8") == page()

    def test_names_every_element_once(self) -> None:
        assert len(set(NAMES)) == len(NAMES)
        assert set(BY_NAME) <= set(NAMES)

    def test_leaves_out_no_cells_but_those_of_further_legal_bases(self) -> None:
        left_out = {
            element.name
            for element in BY_NAME.values()
            if element.cells and not any(name.startswith(f"{element.name}.") for name in NAMES)
        }
        assert left_out == {one.name for one in BY_NAME.values() if one.cells is LAW_CELLS} - {"laws"}
