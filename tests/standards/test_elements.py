"""Each element by its name, as docs/standards.md lists them."""

from typing import Any

from hypothesis import given, settings

from standards.items import BY_NAME, Element, Filler, Kind, check, from_columns, to_columns
from standards.items.codelists import TYPES_OF, Family
from standards.items.elements.grounds import LAW_CELLS
from standards.items.values import Report, check_value
from tests.factories.items import values_of
from tests.standards.standards import PAGE, page, rows
from tests.strays import Strays

ROWS = list(rows())
NAMES = [name for name, _ in ROWS]
ALL = 150

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


class TestElement:
    def test_takes_what_is_right(self) -> None:
        with Strays(least=ALL) as strays:
            for name, element in ROWS:
                with strays.of(name):
                    _takes_what_is_right(element)

    def test_refuses_what_is_wrong_by_its_name(self) -> None:
        with Strays(least=ALL) as strays:
            for name, element in ROWS:
                with strays.of(name):
                    for value in WRONG[element.kind]:
                        faults = report_of(element, value).faults
                        assert faults, value
                        assert all(fault.message.startswith(f"「{element.label}」") for fault in faults)

    def test_is_missed_where_it_is_needed(self) -> None:
        with Strays(least=ALL) as strays:
            for name, element in ROWS:
                with strays.of(name):
                    parent = BY_NAME[name.split(".", maxsplit=1)[0]]
                    # the caller has said what kind of item it is
                    is_needed = bool(element.needed) and name != "item_type" and bool(parent.needed or "." in name)
                    assert _is_missed(name, element, parent) is is_needed

    def test_comes_back_from_its_column(self) -> None:
        with Strays(least=ALL) as strays:
            for name, element in ROWS:
                with strays.of(name):
                    _comes_back_from_its_column(name, element)


def _takes_what_is_right(element: Element) -> None:
    @settings(max_examples=8, database=None)
    @given(value=values_of(element))
    def take(value: Any) -> None:
        assert report_of(element, value).faults == []

    take()


def _is_missed(name: str, element: Element, parent: Element) -> bool:
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
    return place in {fault.where for fault in part.missing}


def _comes_back_from_its_column(name: str, element: Element) -> None:
    parent = BY_NAME[name.split(".", maxsplit=1)[0]]
    if not (element.column or parent.column or any(cell.column for cell in element.cells)):
        return

    @settings(max_examples=8, database=None)
    @given(value=values_of(element, is_national=True))
    def come_back(value: Any) -> None:
        values = {name: value} if element is parent else {parent.name: [{element.name: value}]}
        if element is not parent and not (element.column or parent.column):
            values = {}  # a cell that stays at home
        assert from_columns(to_columns(values), known=values) == values

    come_back()


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
