"""Items as JSON."""

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import Invalid
from standards.items.exchange import ExchangeItem, read_json, write_json
from standards.items.exchange.schema_files import ITEMS_SCHEMA, schema_files
from tests.factories.items import BASIC, base_items, exchange_items, whole_hall_guide, whole_item
from tests.soak import SOAK
from tests.standards.books import items_of

SCHEMA = jsonschema_rs.validator_for(json.loads(ITEMS_SCHEMA.read_bytes()))


def written(*items: ExchangeItem) -> bytes:
    return b"".join(write_json(items))


def document(*items: Any, **head: Any) -> bytes:
    return json.dumps({"format": "yizhan-items", "version": 1} | head | {"items": list(items)}).encode()


def data(**changes: Any) -> dict[str, Any]:
    return {"family": "power", "item_type": "01", "values": {"basic_code": BASIC, "name": "甲"}} | changes


class TestSchemaFiles:
    @pytest.mark.parametrize("path", schema_files(), ids=lambda path: path.name)
    def test_are_those_of_the_definition(self, path: Any) -> None:
        """To make them anew: ``SECRET_KEY=check uv run python -m tests.standards.schemas``."""
        assert path.read_text(encoding="utf-8") == schema_files()[path]


class TestRoundTrip:
    def test_gives_back_every_item_of_the_base_list(self) -> None:
        content = written(*base_items())
        reading = read_json(content)
        assert reading.is_clean
        assert items_of(reading) == base_items()
        assert list(SCHEMA.iter_errors(json.loads(content))) == []

    @pytest.mark.soak
    @given(exchange_items())
    @settings(max_examples=50 if SOAK else 15)
    def test_gives_back_whatever_can_be_typed(self, made: ExchangeItem) -> None:
        content = written(made)
        assert items_of(read_json(content)) == [made]
        assert list(SCHEMA.iter_errors(json.loads(content))) == []

    def test_has_an_item_a_line(self) -> None:
        assert written(*base_items()).count(b"\n") == len(base_items()) + 2


class TestReading:
    def test_takes_the_document_in_any_layout(self) -> None:
        made = ExchangeItem("01", whole_item(), whole_hall_guide())
        loose = json.dumps(json.loads(written(made)), indent=4).encode("utf-8-sig")
        assert items_of(read_json(loose)) == [made]

    def test_names_item_line_and_element(self) -> None:
        content = document(data(), data(values={"basic_code": "420131002000", "name": "乙", "promised_days": "三"}))
        lines = content.replace(b', {"family"', b',\n {"family"')
        assert [(fault.where, fault.message) for fault in read_json(lines).faults] == [
            ("items/2/values/promised_days", "第 2 行（第 2 项）“乙”：「承诺办结时限」应为整数。")
        ]

    def test_names_the_halls_part(self) -> None:
        (fault,) = read_json(document(data(hall_values={"level": "9"}))).faults
        assert fault.where == "items/1/hall_values/level"

    @pytest.mark.parametrize(
        ("item", "words"),
        [
            ([], "应为对象"),
            ("x", "应为对象"),
            ({"family": "power"}, "values 和 hall_values 应为对象"),
            (data(values=[]), "values 和 hall_values 应为对象"),
            (data(colour="red"), "没有“colour”这个名称"),
            (data(family="service"), "family 和 item_type 互相矛盾"),
            (data(item_type="99"), "没有“99”这个「事项类型」"),
            (data(item_type=None), "请填写「事项类型」"),
            (data(values={"basic_code": BASIC, "item_type": "02"}), "互相矛盾"),
            (data(values={"name": "甲", "colour": "red"}), "没有“colour”这个要素"),
        ],
        ids=["list", "text", "bare", "wrong part", "strange", "family", "type", "no type", "two types", "no element"],
    )
    def test_names_what_is_no_item(self, item: Any, words: str) -> None:
        assert words in read_json(document(item)).faults[0].message

    def test_names_a_code_twice(self) -> None:
        reading = read_json(document(data(), data()))
        assert [fault.message for fault in reading.faults] == [
            "第 1 行（第 2 项）「基本编码」与第 1 项重复，没有导入。"
        ]
        assert len(reading.items) == 1

    @pytest.mark.parametrize("version", [2, "1", None])
    def test_refuses_another_version(self, version: Any) -> None:
        with pytest.raises(Invalid, match="只认得第 1 版格式"):
            read_json(document(data(), version=version))

    def test_says_where_the_json_breaks(self) -> None:
        with pytest.raises(Invalid, match="第 3 行第 5 个字符处不是正确的 JSON"):
            read_json(b'{"format": "yizhan-items", "version": 1, "items": [\n{},\n    oops]}')

    @pytest.mark.soak
    @settings(max_examples=100 if SOAK else 30)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda one: st.lists(one) | st.dictionaries(st.text(), one),
        )
    )
    def test_takes_any_item_without_breaking(self, item: Any) -> None:
        read_json(document(item, data(values=item, hall_values=item, item_type=item)))
