"""What a file says of an item, together with what it does not say."""

from typing import Any

import pytest
from hypothesis import given, settings

from standards.items.exchange import (
    ExchangeItem,
    ReadItem,
    merged,
    read_national_xml,
    read_workbook,
    write_national_xml,
)
from standards.items.exchange.json_items import everything
from tests.factories.items import BASIC, exchange_items, whole_hall_guide, whole_item
from tests.soak import SOAK
from tests.standards.books import workbook


def item(**changes: Any) -> ExchangeItem:
    return ExchangeItem("01", whole_item() | changes, whole_hall_guide())


def read(one: ExchangeItem, given: frozenset[str] | None = None) -> ReadItem:
    return ReadItem(one, "第 1 行", everything() if given is None else given)


class TestMerging:
    def test_leaves_alone_what_the_file_has_no_place_for(self) -> None:
        rows = [["基本编码", "事项名称", "主管部门"], [BASIC, "新名称", ""]]
        (found,) = read_workbook(workbook({"基本目录": rows})).items
        after = merged(found, item())
        assert after.values == {k: v for k, v in (whole_item() | {"name": "新名称"}).items() if k != "department"}
        assert after.hall_values == whole_hall_guide()

    def test_keeps_the_cells_of_rows_that_the_nation_has_no_column_for(self) -> None:
        (found,) = read_national_xml(b"".join(write_national_xml([item()]))).items
        assert "submission" not in found.item.values["materials"][0]
        assert merged(found, item()) == item()

    def test_takes_a_new_item_as_it_is(self) -> None:
        assert merged(read(item()), None) == item()

    @pytest.mark.soak
    @settings(max_examples=100 if SOAK else 30)
    @given(exchange_items(), exchange_items())
    def test_with_everything_given_takes_everything(self, one: ExchangeItem, other: ExchangeItem) -> None:
        assert merged(read(one), other) == one

    @pytest.mark.soak
    @settings(max_examples=100 if SOAK else 30)
    @given(exchange_items(), exchange_items())
    def test_with_nothing_given_takes_nothing(self, one: ExchangeItem, other: ExchangeItem) -> None:
        after = merged(read(one, frozenset()), other)
        assert (after.values, after.hall_values) == (other.values, other.hall_values)
