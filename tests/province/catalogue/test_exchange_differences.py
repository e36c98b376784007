"""What an import would change."""

from typing import Any

import pytest
from hypothesis import given

from province.catalogue.exchange import (
    ExchangeItem,
    ReadItem,
    changes_between,
    difference_preview,
    merged,
    read_national_xml,
    read_workbook,
    write_national_xml,
)
from province.catalogue.exchange.json_items import EVERYTHING
from tests.factories.items import BASIC, exchange_items, whole_hall_part, whole_item
from tests.province.catalogue.books import tables_of, workbook


def item(**changes: Any) -> ExchangeItem:
    return ExchangeItem("01", whole_item() | changes, whole_hall_part())


def read(one: ExchangeItem, given: frozenset[str] = EVERYTHING) -> ReadItem:
    return ReadItem(one, "第 1 行", given)


def sentences(before: ExchangeItem, after: ExchangeItem) -> list[str]:
    return [change.sentence for change in changes_between(before, after)]


class TestChanges:
    def test_are_none_between_equals(self) -> None:
        assert changes_between(item(), item()) == ()
        assert changes_between(item(quota=""), item(joint_bodies=[])) == ()

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"name": "食品许可"}, "「事项名称」由“食品经营许可”改为“食品许可”"),
            ({"promised_days": 5}, "「承诺办结时限」由“10”改为“5”"),
            ({"case_type": "instant"}, "「办件类型」由“承诺件”改为“即办件”"),
            ({"has_fee": True}, "「是否收费」由“否”改为“是”"),
            ({"quota": "每年 10 家"}, "增加「数量限制说明」:每年 10 家"),
            ({"rights": ""}, "删去「申请人权利和义务」:依法取得许可;如实提交材料。"),
            ({"audiences": ["1"]}, "「服务对象」由“自然人\n企业法人”改为“自然人”"),
            ({"laws": []}, "删去「设定依据」:《中华人民共和国食品安全法》第三十五条"),
        ],
        ids=["text", "number", "code", "flag", "new", "gone", "codes", "law"],
    )
    def test_are_said_plainly(self, changes: dict[str, Any], sentence: str) -> None:
        assert sentences(item(), item(**changes)) == [sentence]

    def test_are_said_of_single_rows(self) -> None:
        material = whole_item()["materials"][0]
        two = [material | {"copies": 2}, material | {"name": "平面图"}]
        assert sentences(item(), item(materials=two)) == [
            "增加「申请材料」:平面图",
            "「申请材料」“食品经营许可申请书”的「份数」由“1”改为“2”",
        ]
        assert sentences(item(materials=two), item(materials=two[::-1])) == [
            "「申请材料」的顺序由“食品经营许可申请书、平面图”改为“平面图、食品经营许可申请书”"
        ]

    def test_say_what_is_the_halls(self) -> None:
        after = ExchangeItem("01", whole_item(), whole_hall_part() | {"promised_days": 5, "level": "5"})
        assert sentences(item(), after) == [
            "「行使层级」由“县级”改为“镇(乡、街道)级”",
            "增加「承诺办结时限(本厅)」:5",
        ]

    def test_say_another_type(self) -> None:
        other = ExchangeItem("07", whole_item(), whole_hall_part())
        assert sentences(item(), other) == ["「事项类型」由“行政许可”改为“行政确认”"]

    @given(exchange_items(), exchange_items())
    def test_are_found_exactly_where_items_differ(self, one: ExchangeItem, other: ExchangeItem) -> None:
        assert bool(changes_between(one, other)) == (one != other)


class TestPreview:
    def test_tells_new_changed_unchanged_and_removed_apart(self) -> None:
        codes = ["420131001000", "420131002000", "420131003000", "420131004000"]
        olds = [item(basic_code=code, name=code) for code in codes[:3]]
        news = [olds[0], item(basic_code=codes[1], name="乙"), item(basic_code=codes[3], name="丁")]
        preview = difference_preview(olds, map(read, news))
        assert [one.code for one in preview.new] == [codes[3]]
        assert [(one.after.code, one.changes[0].sentence) for one in preview.changed] == [
            (codes[1], "「事项名称」由“420131002000”改为“乙”")
        ]
        assert [one.code for one in preview.unchanged] == [codes[0]]
        assert [one.code for one in preview.removed] == [codes[2]]

    def test_knows_an_item_without_a_code_by_its_name_and_department(self) -> None:
        form = item(quota="无")
        bare = ExchangeItem("01", {k: v for k, v in form.values.items() if k != "basic_code"}, form.hall_values)
        preview = difference_preview([item()], [read(bare, EVERYTHING - {"basic_code"})])
        assert [change.after.code for change in preview.changed] == [BASIC]
        twins = [item(), item(basic_code="420131002000")]
        assert len(difference_preview(twins, [read(bare)]).new) == 1

    def test_of_what_was_exported_is_empty(self) -> None:
        olds = [item(), item(basic_code="420131002000")]
        preview = difference_preview(olds, read_workbook(tables_of(*olds)).items)
        assert (preview.new, preview.changed, preview.removed) == ((), (), ())
        assert list(preview.unchanged) == olds


class TestMerging:
    def test_leaves_alone_what_the_file_has_no_place_for(self) -> None:
        rows = [["基本编码", "事项名称", "主管部门"], [BASIC, "新名称", ""]]
        (found,) = read_workbook(workbook({"基本目录": rows})).items
        after = merged(found, item())
        assert after.values == {k: v for k, v in (whole_item() | {"name": "新名称"}).items() if k != "department"}
        assert after.hall_values == whole_hall_part()

    def test_keeps_the_cells_of_rows_that_the_nation_has_no_column_for(self) -> None:
        (found,) = read_national_xml(b"".join(write_national_xml([item()]))).items
        assert "submission" not in found.item.values["materials"][0]
        assert changes_between(item(), merged(found, item())) == ()

    def test_takes_a_new_item_as_it_is(self) -> None:
        assert merged(read(item()), None) == item()

    @given(exchange_items(), exchange_items())
    def test_with_everything_given_takes_everything(self, one: ExchangeItem, other: ExchangeItem) -> None:
        assert merged(read(one), other) == one

    @given(exchange_items(), exchange_items())
    def test_with_nothing_given_takes_nothing(self, one: ExchangeItem, other: ExchangeItem) -> None:
        after = merged(read(one, frozenset()), other)
        assert (after.values, after.hall_values) == (other.values, other.hall_values)
