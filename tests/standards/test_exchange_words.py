"""Values as people write them into a cell."""

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.items import BY_NAME, ELEMENTS, Element
from standards.items.codelists import LimitUnit, StatutoryUnit
from standards.items.exchange import words
from standards.items.exchange.labels import (
    cell_words,
    cells_of,
    code_words,
    element_of,
    element_words,
    normal_label,
)
from tests.factories.items import exchange_items
from tests.strays import Strays


def cell_of(path: str) -> Element:
    name, cell = path.split(".")
    return next(one for one in BY_NAME[name].cells if one.name == cell)


def read(name: str, cell: Any) -> Any:
    value, message = words.read(cell_of(name) if "." in name else BY_NAME[name], cell)
    assert not message
    return value


class TestDay:
    @pytest.mark.parametrize(
        "cell",
        [
            date(2026, 1, 5),
            datetime(2026, 1, 5, 9, 30),  # noqa: DTZ001 - as Excel has it
            "2026-01-05",
            "2026年1月5日",
            "2026 年 01 月 05 日",
            "2026.1.5",
            "2026/1/5",
            "２０２６．１．５",
            "2026/1/5 0:00:00",
            "20260105",
            20260105,
            20260105.0,
            46027,
            46027.0,
            "46027",
        ],
        ids=repr,
    )
    def test_is_read_in_every_form(self, cell: Any) -> None:
        assert read("effective_on", cell) == "2026-01-05"

    @pytest.mark.parametrize("cell", ["2026年1月", "2026-02-30", "尽快", 12, "20261305"], ids=repr)
    def test_that_is_none_is_left_for_the_check(self, cell: Any) -> None:
        assert read("effective_on", cell) == words.text(cell)

    def test_may_be_empty(self) -> None:
        assert read("effective_on", "") is None


class TestNumber:
    @pytest.mark.parametrize("cell", [3, 3.0, "3", "３", " 3 ", "3份", "3.0"], ids=repr)
    def test_is_read_from_numbers_and_texts(self, cell: Any) -> None:
        assert read("materials.copies", cell) == 3

    @pytest.mark.parametrize("cell", ["若干", "3或4", 2.5])
    def test_that_is_none_is_left_for_the_check(self, cell: Any) -> None:
        assert read("materials.copies", cell) == words.text(cell)

    def test_with_more_digits_than_excel_keeps_is_refused_where_it_is_a_code(self) -> None:
        assert "超过 15 位" in words.read(BY_NAME["task_code"], 1.2441500196720244e30)[1]

    def test_becomes_text_where_text_is_wanted(self) -> None:
        assert read("basic_code", 420131001000.0) == "420131001000"
        assert read("consult", 12345) == "12345"


class TestLimit:
    @pytest.mark.parametrize(
        ("written", "limit"),
        [
            ("10个工作日", (10, "1")),
            ("10 工作日", (10, "1")),
            ("１０个工作日内", (10, "1")),
            ("30天", (30, "2")),
            ("30 日", (30, "2")),
            ("当场办结", (0, "0")),
            ("即时办结", (0, "0")),
            ("尽快", None),
            ("10", None),
        ],
    )
    def test_brings_its_unit_along(self, written: str, limit: tuple[int, str] | None) -> None:
        assert words.read_limit(written, LimitUnit) == limit

    def test_may_be_none_by_law(self) -> None:
        assert words.read_limit("法律法规未规定时限", StatutoryUnit) == (0, "9")
        assert words.read_limit("无", StatutoryUnit) == (0, "9")


class TestChoice:
    @pytest.mark.parametrize(
        "cell", ["承诺件", "promised", "承诺办件", " 承 诺 件 ", "2", 2, "2 承诺件", "2-承诺件"], ids=repr
    )
    def test_is_read_by_label_code_and_national_code(self, cell: Any) -> None:
        assert read("case_type", cell) == "promised"

    def test_that_could_be_several_asks_which(self) -> None:
        value, message = words.read(BY_NAME["case_type"], "9")
        assert value is None
        assert message == "“9”可以是补办件、上报件、联办件，请写明是哪一个。"

    def test_gets_back_the_noughts_that_excel_took(self) -> None:
        assert read("item_type", 1.0) == "01"
        assert read("person_themes", 7) == ["007"]

    def test_is_read_from_ticked_boxes(self) -> None:
        assert read("case_type", "□即办件 ☑承诺件 □联办件") == "promised"
        assert read("audiences", "☑自然人  □企业法人  ☑其他组织") == ["1", "6"]
        assert read("audiences", "□自然人 □企业法人") == []

    def test_that_is_unknown_is_left_for_the_check(self) -> None:
        assert read("case_type", "特办件") == "特办件"


class TestChoices:
    @pytest.mark.parametrize(
        "cell",
        ["自然人\n企业法人", "自然人、企业法人", "自然人,企业法人", "自然人；企业法人", "1^2", "个人/企业", "1、2"],
    )
    def test_are_read_however_they_are_parted(self, cell: str) -> None:
        assert read("audiences", cell) == ["1", "2"]

    def test_may_hold_what_parts_them(self) -> None:
        assert read("disclosure_channels", "政府网站、社区、企事业单位、村公示栏、其他") == [
            "website",
            "board",
            "other",
        ]
        assert read("levels", "县级、镇(乡、街道)级") == ["4", "5"]

    def test_that_are_unknown_are_left_for_the_check(self) -> None:
        assert read("audiences", "自然人、外星人") == ["1", "外星人"]


class TestFlag:
    @pytest.mark.parametrize("cell", ["是", "√", "有", 1, "1", True, "Y", "支持", "☑是 □否"], ids=repr)
    def test_is_yes(self, cell: Any) -> None:
        assert read("has_fee", cell) is True

    @pytest.mark.parametrize("cell", ["否", "×", "无", 0, "0", False, "不收费", "□是 ☑否"], ids=repr)
    def test_is_no(self, cell: Any) -> None:
        assert read("has_fee", cell) is False


class TestNames:
    @pytest.mark.parametrize("cell", ["财政局\n公安局", "财政局、公安局", "财政局；公安局", "财政局^公安局"])
    def test_are_read_however_they_are_parted(self, cell: str) -> None:
        assert read("joint_bodies", cell) == ["财政局", "公安局"]


class TestRowsInACell:
    def test_are_steps_between_arrows(self) -> None:
        assert read("flow", "受理→审核→办结") == [{"act": "受理"}, {"act": "审核"}, {"act": "办结"}]

    def test_are_steps_line_by_line(self) -> None:
        assert read("flow", "受理|窗口|2个工作日|||\n决定|局长|3|个工作日||") == [
            {"act": "受理", "position": "窗口", "days": 2, "unit": "1"},
            {"act": "决定", "position": "局长", "days": 3, "unit": "1"},
        ]

    def test_are_legal_bases_with_numbers_before_them(self) -> None:
        assert read("laws", "1.《行政许可法》第四十二条：条文\n2、《民法典》\n（三）《社会保险法》") == [
            {"law": "行政许可法", "article": "第四十二条", "text": "条文"},
            {"law": "民法典"},
            {"law": "社会保险法"},
        ]


class TestText:
    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            (time(9, 30), "09:30"),
            (2.5, "2.5"),
            (None, ""),
            ("a\r\nb\r", "a\nb"),
            (datetime(2026, 1, 5, 9), "2026-01-05 09:00"),  # noqa: DTZ001 - as Excel has it
        ],
    )
    def test_is_what_people_see(self, cell: Any, text: str) -> None:
        assert words.text(cell) == text


class TestEveryValue:
    @given(exchange_items())
    def test_is_read_back_as_it_was_written(self, item: Any) -> None:
        for name, value in {**item.values, **item.hall_values}.items():
            assert words.read(BY_NAME[name], words.write(BY_NAME[name], value)) == (value, "")

    @given(st.sampled_from(ELEMENTS), st.one_of(st.text(), st.floats(), st.integers(), st.dates(), st.booleans()))
    def test_may_be_anything(self, element: Element, cell: Any) -> None:
        words.read(element, cell)


class TestLabels:
    @pytest.mark.parametrize(
        ("label", "name"),
        [
            ("事项名称", "name"),
            ("* 事项名称:", "name"),
            ("（一）事项名称：", "name"),
            ("1.1 项目名称", "name"),
            ("①承诺时限", "promised_days"),
            ("受 理 条 件", "conditions"),
            ("承诺办结时限(本厅)", "hall.promised_days"),
            ("受理时限（工作日）", "accept_days"),
            ("受理时限", "accept_days"),
            ("设定依据(必填)", "laws"),
            ("别的", None),
        ],
    )
    def test_are_known_in_every_form(self, label: str, name: str | None) -> None:
        assert element_of(label) == name

    def test_stand_for_one_element_each(self) -> None:
        found: dict[str, set[str]] = {}
        for name, labels in element_words():
            for label in labels:
                found.setdefault(normal_label(label), set()).add(name)
        assert {label: names for label, names in found.items() if len(names) > 1 or not label} == {}

    def test_stand_for_one_cell_of_a_list_each(self) -> None:
        with Strays(least=15) as strays:
            for element in (one for one in ELEMENTS if one.cells):
                with strays.of(element.name):
                    found: dict[str, set[str]] = {}
                    for cell, labels in cell_words(element):
                        for label in labels:
                            found.setdefault(normal_label(label), set()).add(cell.name)
                            assert cells_of(label)[element.name] == cell.name
                    assert {label: names for label, names in found.items() if len(names) > 1} == {}

    def test_stand_for_one_code_each(self) -> None:
        with Strays(least=30) as strays:
            for element, cell in ((one, cell) for one in ELEMENTS for cell in (one, *one.cells) if cell.codes):
                with strays.of(f"{element.name} {cell.name}"):
                    found: dict[str, set[str]] = {}
                    for word, code in code_words(cell.codes):
                        found.setdefault(word, set()).add(code)
                    assert {word: codes for word, codes in found.items() if len(codes) > 1} == {}

    def test_name_only_what_there_is(self) -> None:
        from standards.items.exchange.labels import _data

        data = _data()
        assert set(data["elements"]) <= set(BY_NAME)
        for name, cells in data["cells"].items():
            assert set(cells) <= {cell.name for cell in BY_NAME[name].cells}
        lists = {one.codes.__name__: one.codes for e in ELEMENTS for one in (e, *e.cells) if one.codes}
        for name, codes in data["codes"].items():
            assert set(codes) <= set(lists[name].values)
