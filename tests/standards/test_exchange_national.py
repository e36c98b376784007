"""Items in the national exchange's tables, as XML and as JSON."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from lxml import etree

from foundation.errors import Invalid
from standards.items import BY_NAME, to_columns
from standards.items.exchange import (
    ExchangeItem,
    Reading,
    read_national_json,
    read_national_xml,
    write_national_json,
    write_national_xml,
)
from standards.items.exchange.national_rows import JSON_SCHEMA, XSD
from tests.factories.items import BASIC, base_items, exchange_items, whole_hall_guide, whole_item
from tests.soak import SOAK

FORMATS = pytest.mark.parametrize(
    ("write", "read"),
    [(write_national_xml, read_national_xml), (write_national_json, read_national_json)],
    ids=["xml", "json"],
)
type Write = Callable[[list[ExchangeItem]], Any]
type Read = Callable[..., Reading]
SPACE = "urn:yizhan:up-task:1"


def item(**changes: Any) -> ExchangeItem:
    return ExchangeItem("01", whole_item() | changes, whole_hall_guide())


def xml(*items: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<exchange xmlns="{SPACE}">\n{"".join(items)}\n</exchange>'.encode()


def xml_item(directory: str = "", others: str = "") -> str:
    columns = f"<catalog_code>{BASIC}</catalog_code>\n<task_name>甲</task_name>\n<task_type>01</task_type>{directory}"
    return f"<item>\n<up_task_directory>\n{columns}\n</up_task_directory>{others}</item>"


def schema() -> Any:
    return etree.XMLSchema(etree.parse(str(XSD)))


class TestRoundTrip:
    @FORMATS
    def test_gives_back_every_item_of_the_base_list(self, write: Write, read: Read) -> None:
        items = base_items()
        before = {one.code: one.together() for one in items}
        reading = read(b"".join(write(items)), known=before.get)
        assert reading.is_clean
        assert not reading.notices
        assert [to_columns(one.item.together()) for one in reading.items] == [
            to_columns(one.together()) for one in items
        ]

    @pytest.mark.soak
    @FORMATS
    @given(typed=exchange_items())
    @settings(max_examples=40 if SOAK else 12)
    def test_gives_back_whatever_can_be_typed(self, write: Write, read: Read, typed: ExchangeItem) -> None:
        made = ExchangeItem(typed.item_type, {"levels": ["4"], **typed.values}, typed.hall_values)
        content = b"".join(write([made]))
        (found,) = read(content, known=lambda _: made.together()).items
        assert to_columns(found.item.together()) == to_columns(made.together())

    @FORMATS
    def test_says_only_what_the_nation_has_a_place_for(self, write: Write, read: Read) -> None:
        (found,) = read(b"".join(write([item()]))).items
        assert "department" not in found.given
        assert "materials.submission" not in found.given
        assert {"materials.name", "flow.act", "windows.address", "name"} <= found.given

    @FORMATS
    def test_notices_codes_that_could_be_several_of_ours(self, write: Write, read: Read) -> None:
        content = b"".join(write([item(case_type="joint", joint_bodies=["财政局"])]))
        (notice,) = read(content).notices
        assert "「办件类型」“9”可以是补办件、上报件、联办件" in notice.message
        (found,) = read(content, known=lambda _: {"case_type": "joint"}).items
        assert found.item.values["case_type"] == "joint"


class TestDocument:
    def test_is_valid_as_a_whole_as_xml(self) -> None:
        document = etree.fromstring(b"".join(write_national_xml(base_items())))
        schema().assertValid(document)
        assert len(document) == len(base_items())

    def test_is_valid_as_a_whole_as_json(self) -> None:
        validator = jsonschema_rs.validator_for(json.loads(JSON_SCHEMA.read_bytes()))
        document = json.loads(b"".join(write_national_json(base_items())))
        assert list(validator.iter_errors(document)) == []

    def test_has_the_nations_tables_and_codes(self) -> None:
        (row,) = etree.fromstring(b"".join(write_national_xml([item()]))).iter(f"{{{SPACE}}}up_task_general_basic")
        columns = {etree.QName(one).localname: one.text for one in row}
        assert (columns["project_type"], columns["is_fee"], columns["server_type"]) == ("2", "0", "1^2")

    @FORMATS
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"basic_code": ""}, r"「基本编码」（catalog_code）缺少或有误"),
            ({"name": "长" * 201}, r"「事项名称」（task_name）缺少或有误"),
            ({"promised_unit": "7"}, r"「承诺办结时限单位」（promise_type）缺少或有误"),
            ({"effective_on": "2026"}, r"「计划生效日期」（plan_effective_date）缺少或有误"),
        ],
        ids=["missing", "long", "code", "day"],
    )
    def test_does_not_leave_with_what_the_schema_refuses(
        self, write: Write, read: Read, changes: dict[str, Any], words: str
    ) -> None:
        with pytest.raises(Invalid, match=words):
            list(write([item(**changes)]))

    def test_does_not_leave_with_what_xml_cannot_say(self) -> None:
        with pytest.raises(Invalid, match="控制字符"):
            list(write_national_xml([item(conditions="\x00")]))


class TestXmlReading:
    def test_names_the_line_of_a_wrong_value(self) -> None:
        others = "\n<up_task_general_basic>\n<promise_day>三</promise_day></up_task_general_basic>"
        assert [(fault.where, fault.message) for fault in read_national_xml(xml(xml_item(others=others))).faults] == [
            ("line 10", "第 10 行（第 1 项“甲”）「承诺办结时限」应为整数。")
        ]

    def test_names_the_line_of_a_wrong_material_whatever_its_place(self) -> None:
        rows = "".join(
            f"\n<up_task_general_material>\n<material_name>{name}</material_name>\n<page_num>{copies}</page_num>\n"
            f"<order_num>{order}</order_num></up_task_general_material>"
            for name, copies, order in (("乙", "2", "2"), ("甲", "许多", "1"))
        )
        reading = read_national_xml(xml(xml_item(others=rows)))
        assert [row["name"] for row in reading.items[0].item.values["materials"]] == ["甲", "乙"]
        assert [fault.message for fault in reading.faults] == [
            "第 15 行（第 1 项“甲”）「申请材料」第 1 项的「份数」应为整数。"
        ]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (xml_item("<colour>red</colour>"), "第 7 行：表 up_task_directory 没有“colour”这一栏"),
            (xml_item(others="<up_task_colour/>"), "没有“up_task_colour”这张表"),
            (xml_item(f"<catalog_code>{BASIC}</catalog_code>"), "“catalog_code”重复"),
            (xml_item("<by_law><b>x</b></by_law>"), "“by_law”里面不应再有元素"),
            ("<colour/>", "没有“colour”这个元素"),
            (xml_item() + xml_item(), "“420131001000”与第 3 行的重复"),
        ],
        ids=["column", "table", "column twice", "element inside", "element", "item twice"],
    )
    def test_names_what_is_not_the_exchange(self, content: str, words: str) -> None:
        assert any(words in fault.message for fault in read_national_xml(xml(content)).faults)

    def test_takes_gb18030_comments_and_a_mark(self) -> None:
        body = xml(xml_item()).decode().replace("UTF-8", "GBK").replace("<item>", "<!-- 事项 --><?x y?><item>")
        assert read_national_xml(body.encode("gb18030")).items[0].item.name == "甲"
        assert read_national_xml(b"\xef\xbb\xbf" + xml(xml_item())).items[0].item.name == "甲"

    def test_counts_lines_however_many(self) -> None:
        content = xml("\n" * 70_000 + xml_item("<colour/>"))
        assert read_national_xml(content).faults[0].where == "line 70007"


class TestJsonReading:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ([], "应为对象"),
            ({"up_task_colour": []}, "没有“up_task_colour”这张表"),
            ({"up_task_directory": {}}, "应为若干行"),
            ({"up_task_directory": [{"task_name": 1}]}, "应为若干行"),
            ({"up_task_directory": [{"colour": "red"}]}, "没有“colour”这一栏"),
            ({}, "请填写「事项类型」"),
        ],
        ids=["list", "table", "no rows", "number", "column", "empty"],
    )
    def test_names_what_is_not_the_exchange(self, data: Any, words: str) -> None:
        content = json.dumps({"format": "yizhan-up-task", "version": 1, "items": [data]}).encode()
        assert any(words in fault.message for fault in read_national_json(content).faults)


class TestSchema:
    def test_lists_every_national_code(self) -> None:
        text = XSD.read_text(encoding="utf-8")
        assert 'name="project_type"' in text
        assert 'value="(1|2|9)"' in text
        assert BY_NAME["case_type"].national
