"""One sheet an item, as offices really have it."""

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from foundation.errors import Invalid
from standards.items import BY_NAME
from standards.items.codelists import ALL_TYPES, ItemType
from standards.items.exchange import ExchangeItem, read_workbook, write_blank_form, write_forms
from standards.items.exchange.form_writing import MOST_FORMS
from tests.factories.items import BASIC, base_items, exchange_items, whole_hall_guide, whole_item
from tests.soak import SOAK
from tests.standards.books import forms_of, items_of, messages_of, workbook

ITEMS = base_items()


def one(rows: list[list[Any]], **options: Any) -> ExchangeItem:
    reading = read_workbook(workbook({"Sheet1": rows}, **options))
    assert reading.faults == ()
    (read,) = reading.items
    return read.item


OFFICE = [
    [],
    ["", "北安县政务服务事项登记表"],
    ["", "填表单位:市场监督管理局", "", "", "填表日期:2026.1.5"],
    [],
    ["", "1. 项目名称：", "食品经营许可", "职权类型", "许可"],
    ["", "事项编码", 420131001000, "责任部门", "市场监督管理局"],
    ["", "行使层级", "县级"],
    ["", "（二）服务对象", "☑自然人 ☑企业法人 □其他组织"],
    [],
    ["", "办理条件", "有与经营的食品相适应的场所。"],
    ["", "法定期限", "20个工作日", "承诺期限", "10个工作日"],
    ["", "办件类型", "承诺件", "是否收费", "不收费"],
    ["", "办理地点", "人民路 1 号", "办公时间", "工作日 9:00—17:00"],
    ["", "生效日期", "2026年1月5日", "联系电话", 7001234567],
    ["", "法律依据", "1.《中华人民共和国食品安全法》第三十五条\n2.《食品经营许可和备案管理办法》"],
    ["", "办理流程", "受理→审核→决定→送达"],
    ["", "申请材料"],
    ["", "序号", "申请材料名称", "份数", "是否必要", "来源", "备注"],
    ["", 1, "食品经营许可申请书", "1份", "必要", "申请人自备", ""],
    [],
    ["", 2, "平面图", 2, "容缺", "申请人", ""],
    ["", "常见问题"],
    ["", "问", "答"],
    ["", "要多久？", "10 个工作日。"],
]


class TestOfficeForm:
    def test_is_read_as_it_is(self) -> None:
        item = one(OFFICE)
        assert item == ExchangeItem(
            "01",
            {
                "name": "食品经营许可",
                "basic_code": BASIC,
                "department": "市场监督管理局",
                "audiences": ["1", "2"],
                "conditions": "有与经营的食品相适应的场所。",
                "statutory_days": 20,
                "statutory_unit": "1",
                "promised_days": 10,
                "promised_unit": "1",
                "case_type": "promised",
                "has_fee": False,
                "effective_on": "2026-01-05",
                "laws": [
                    {"law": "中华人民共和国食品安全法", "article": "第三十五条"},
                    {"law": "食品经营许可和备案管理办法"},
                ],
                "flow": [{"act": "受理"}, {"act": "审核"}, {"act": "决定"}, {"act": "送达"}],
                "materials": [
                    {"name": "食品经营许可申请书", "copies": 1, "need": "1", "source": "1"},
                    {"name": "平面图", "copies": 2, "need": "3", "source": "1"},
                ],
                "questions": [{"question": "要多久？", "answer": "10 个工作日。"}],
            },
            {
                "level": "4",
                "windows": [{"address": "人民路 1 号", "hours": "工作日 9:00—17:00"}],
                "consult": "7001234567",
            },
        )

    def test_says_only_what_it_has_labels_for(self) -> None:
        (read,) = read_workbook(workbook({"a": OFFICE})).items
        assert {"name", "materials.copies", "windows.address", "hall.questions"} <= read.given
        assert not {"fees", "materials.checked", "joint_bodies", "hall.promised_days"} & read.given

    def test_may_have_its_labels_in_any_order(self) -> None:
        head, pairs, lists = OFFICE[:4], OFFICE[4:16], OFFICE[16:]
        assert one([*head, *pairs[::-1], *lists]) == one(OFFICE)
        assert one([*lists, *pairs, *head]) == one(OFFICE)

    def test_may_be_one_of_several(self) -> None:
        other = [["项目名称", "乙"], ["事项编码", "420131002000"], ["职权类型", "许可"]]
        reading = read_workbook(workbook({"甲": OFFICE, "说明": [["请如实填写"]], "乙": other}))
        assert [item.name for item in items_of(reading)] == ["食品经营许可", "乙"]
        assert [notice.message for notice in reading.notices] == ["“说明”里没有认出事项的要素，没有导入。"]

    def test_finds_its_type_in_the_code(self) -> None:
        assert one([["事项名称", "甲"], ["基本编码", BASIC], ["办件类型", "即办件"]]).item_type == "01"


class TestMergedCells:
    def test_hold_a_long_text_in_several_rows(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.merge_range("A3:A5", "受理条件")
            sheet.merge_range("B3:D3", "一、有场所；")
            sheet.merge_range("B4:D4", "二、有设备；")
            sheet.merge_range("B5:D5", "三、有人员。")
            sheet.write("A6", "职权类型")
            sheet.write("B6", "许可")

        item = one([["事项名称", "甲"], ["基本编码", BASIC]], draw=draw)
        assert item.values["conditions"] == "一、有场所；\n二、有设备；\n三、有人员。"
        assert item.item_type == "01"

    def test_may_be_a_heading_over_labels(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.merge_range("A3:A4", "办结时限")
            for row, (label, days) in enumerate([("法定办结时限", "20个工作日"), ("承诺时限", "5个工作日")], start=2):
                sheet.write(row, 1, label)
                sheet.write(row, 2, days)

        values = one([["事项名称", "甲"], ["基本编码", BASIC]], draw=draw).values
        assert (values["statutory_days"], values["promised_days"]) == (20, 5)

    def test_may_name_a_list_to_its_left_and_repeat_a_value_downwards(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.merge_range("A3:A6", "设定依据")
            sheet.write_row("B3", ["序号", "法规名称", "条款"])
            sheet.write_row("B4", [1, "某法", "第一条"])
            sheet.write_row("B5", [2, "", "第二条"])
            sheet.merge_range("C4:C5", "某法")
            sheet.write_row("B6", [3, "某条例", ""])
            sheet.write_row("A7", ["事项类型", "行政许可"])

        item = one([["事项名称", "甲"], ["基本编码", BASIC]], draw=draw)
        assert item.values["laws"] == [
            {"law": "某法", "article": "第一条"},
            {"law": "某法", "article": "第二条"},
            {"law": "某条例"},
        ]
        assert item.item_type == "01"

    def test_may_put_a_text_below_its_label(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.merge_range("A3:D3", "受理条件")
            sheet.merge_range("A4:D4", "有场所。")

        assert one([["事项名称", "甲"], ["基本编码", BASIC]], draw=draw).values["conditions"] == "有场所。"


class TestDays:
    @pytest.mark.parametrize("cell", [date(2026, 1, 5), 46027, "20260105", "2026.1.5", "2026年1月5日"], ids=repr)
    def test_may_stand_in_any_form(self, cell: Any) -> None:
        assert one([["事项名称", "甲"], ["基本编码", BASIC], ["生效日期", cell]]).values["effective_on"] == "2026-01-05"

    def test_of_a_limit_may_stand_beside_their_unit(self) -> None:
        values = one([["事项名称", "甲"], ["基本编码", BASIC], ["承诺时限", 10, "个工作日"]]).values
        assert (values["promised_days"], values["promised_unit"]) == (10, "1")

    def test_may_be_none(self) -> None:
        values = one([["事项名称", "甲"], ["基本编码", BASIC], ["承诺时限", "当场办结"], ["办件类型", "即办件"]]).values
        assert (values["promised_days"], values["promised_unit"]) == (0, "0")


class TestFault:
    def test_names_sheet_and_cell(self) -> None:
        rows = [["事项名称", "甲"], ["基本编码", BASIC], ["", "承诺时限", "尽快"]]
        reading = read_workbook(workbook({"甲": rows}))
        assert [(fault.where, fault.message) for fault in reading.faults] == [
            ("甲!C3", "“甲”第 3 行 C 列「承诺办结时限」应为整数。")
        ]

    def test_names_the_cell_of_a_list(self) -> None:
        rows = [
            ["事项名称", "甲"],
            ["基本编码", BASIC],
            ["申请材料"],
            ["材料名称", "份数"],
            ["乙", 1],
            [],
            ["丙", "若干"],
        ]
        (fault,) = read_workbook(workbook({"甲": rows})).faults
        assert fault.message == "“甲”第 7 行 B 列「申请材料」第 2 项的「份数」应为整数。"

    def test_is_the_same_label_with_two_values(self) -> None:
        rows = [["事项名称", "甲"], ["基本编码", BASIC], ["办件类型", "承诺件"], ["办理类型", "即办件"]]
        assert messages_of(workbook({"甲": rows})) == ["“甲”第 4 行 B 列「办件类型」在 甲!B3 已经填写过，两处不一样。"]

    def test_is_a_form_without_a_name(self) -> None:
        rows = [["事项名称", ""], ["基本编码", BASIC], ["办件类型", "承诺件"]]
        assert "“甲”里没有填写「事项名称」。" in messages_of(workbook({"甲": rows}))

    def test_is_a_form_without_a_type(self) -> None:
        rows = [["事项名称", "甲"], ["受理条件", "x"], ["办件类型", "承诺件"]]
        assert messages_of(workbook({"甲": rows})) == ["“甲”请填写「事项类型」。"]

    def test_is_a_code_twice(self) -> None:
        rows = [["事项名称", "甲"], ["基本编码", BASIC], ["办件类型", "承诺件"]]
        content = workbook({"甲": rows, "乙": rows})
        assert messages_of(content) == [f"“乙”的「基本编码」“{BASIC}”与“甲”重复，没有导入。"]
        assert len(read_workbook(content).items) == 1

    def test_is_a_formula_without_a_result(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.write_formula("B3", "=A1", None, "")
            sheet.write_formula("B4", '="承诺件"', None, "承诺件")

        rows = [["事项名称", "甲"], ["基本编码", BASIC], ["受理条件"], ["办件类型"]]
        reading = read_workbook(workbook({"甲": rows}, draw=draw))
        assert [fault.where for fault in reading.faults] == ["甲!B3"]
        assert items_of(reading)[0].values["case_type"] == "promised"


class TestWrittenForm:
    def test_gives_back_every_item_of_the_base_list(self) -> None:
        reading = read_workbook(forms_of(*ITEMS[::3]))
        assert reading.is_clean
        assert items_of(reading) == ITEMS[::3]

    @pytest.mark.soak
    @given(exchange_items())
    @settings(max_examples=30 if SOAK else 10)
    def test_gives_back_whatever_can_be_typed(self, made: ExchangeItem) -> None:
        assert items_of(read_workbook(forms_of(made))) == [made]

    def test_keeps_apart_what_a_hall_says_of_the_provinces_word(self) -> None:
        questions = [{"question": "停车？", "answer": "免费。"}]
        made = ExchangeItem("01", whole_item(), whole_hall_guide() | {"promised_days": 5, "questions": questions})
        assert items_of(read_workbook(forms_of(made))) == [made]

    def test_may_hold_many_items_but_not_any_number(self) -> None:
        with pytest.raises(Invalid, match=f"最多导出 {MOST_FORMS} 个事项"):
            write_forms((ExchangeItem("21", {"name": "甲"}) for _ in range(MOST_FORMS + 1)), io.BytesIO())

    def test_may_have_any_name(self) -> None:
        made = ExchangeItem("01", whole_item() | {"name": "[关于]*?/\\:'" + "长" * 60}, {})
        assert items_of(read_workbook(forms_of(made, made))) == [made]


class TestBlankForm:
    @pytest.mark.parametrize("item_type", sorted(ALL_TYPES))
    def test_asks_for_what_the_type_has(self, item_type: ItemType) -> None:
        out = io.BytesIO()
        write_blank_form(item_type, out)
        reading = read_workbook(out.getvalue())
        (read,) = reading.items
        assert read.item.item_type == item_type
        assert read.item.values == read.item.hall_values == {}
        asked = {name for name in read.given if "." not in name}
        assert asked == {name for name, element in BY_NAME.items() if item_type in element.applies}
