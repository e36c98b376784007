"""What people write otherwise than meant: taken as meant where that is sure, named or asked about where it is not."""

import json
from typing import Any

import jsonschema_rs
import pytest

from standards.items.exchange import ExchangeItem, read_guides, read_json, read_workbook, write_json
from standards.items.exchange.guide_tables import GUIDES_SHEET
from standards.items.exchange.schema_files import ITEMS_SCHEMA
from tests.factories.items import whole_item
from tests.standards.books import workbook

HEADS = ["基本编码", "事项名称", "事项类型", "主管部门"]


def directory(*rows: list[str], draw: Any = None) -> bytes:
    return workbook({"基本目录": [HEADS, *rows]}, draw=draw)


class TestCode:
    def test_typed_in_full_width_is_taken_as_digits(self) -> None:
        others = ["甲", "行政许可", "乙局"]
        reading = read_workbook(directory(["４２０１３１００１０００", *others], ["420131001000", *others]))
        assert [one.item.code for one in reading.items] == ["420131001000"]
        assert "重复" in reading.faults[0].message
        wide = ExchangeItem("01", whole_item() | {"basic_code": "４２０１３１００１０００"})
        (found,) = read_json(b"".join(write_json([wide]))).items
        assert (found.item.code, found.faults) == ("420131001000", ())
        guides = workbook({GUIDES_SHEET: [["基本编码", "实施编码"], ["４２０１３１００１０００", "Ａ１"]]})
        (guide,) = read_guides(guides).guides
        assert (guide.read.item.code, guide.read.item.hall_values["task_code"]) == ("420131001000", "A1")


class TestMergedCell:
    def test_is_named_as_such_with_the_cell_that_covers_it(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.merge_range("D2:D3", "乙局")
            sheet.merge_range("A3:A4", "420131002000")

        rows = (["420131001000", "甲", "行政许可", ""], ["", "丙", "行政许可", ""], ["", "丁", "行政许可", "乙局"])
        reading = read_workbook(directory(*rows, draw=draw))
        said = {one.where: one.message for one in reading.faults}
        assert "「主管部门」与 D2 合并了" in said["基本目录!D3"]
        assert "「基本编码」与 A3 合并了" in said["基本目录!A4"]
        assert "请取消合并，逐格填写" in said["基本目录!A4"]

    def test_above_the_table_is_nobodys_business(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.merge_range("F1:G2", "备注")

        reading = read_workbook(directory(["420131001000", "甲", "行政许可", "乙局"], draw=draw))
        assert reading.is_clean


class TestLaw:
    @pytest.mark.parametrize("text", ["食品安全法第三十五条", "1. 食品安全法第三十五条"])
    def test_without_its_marks_is_asked_about(self, text: str) -> None:
        content = workbook({"基本目录": [[*HEADS, "设定依据"], ["420131001000", "甲", "行政许可", "乙局", text]]})
        ((fault,), (item,)) = (read_workbook(content).faults, read_workbook(content).items)
        assert fault.where == "基本目录!E2"
        assert "食品安全法第三十五条”没有书名号：是哪一部法规？" in fault.message
        assert item.faults == (fault,)


class TestName:
    def test_is_asked_for_by_schema_and_reader(self) -> None:
        document = json.loads(b"".join(write_json([ExchangeItem("01", whole_item())])))
        validator = jsonschema_rs.validator_for(json.loads(ITEMS_SCHEMA.read_bytes()))
        assert validator.is_valid(document)
        for name in (None, ""):
            values = {key: value for key, value in whole_item().items() if key != "name"}
            document["items"][0]["values"] = values if name is None else values | {"name": name}
            assert not validator.is_valid(document)
            reading = read_json(json.dumps(document).encode())
            assert any("缺少「事项名称」" in fault.message for fault in reading.faults)
            assert reading.items[0].faults
