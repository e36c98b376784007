"""What pydantic finds wrong is said in Chinese, whatever it is."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from foundation.errors import LONGEST_MESSAGE, Fault, Invalid
from foundation.schema_faults import MOST_FAULTS, SAID, faults_of, said_of

# what only a program in Python could cause, and types that no schema of ours has
_NEVER = {
    *("no_such_attribute", "needs_python_object", "frozen_field", "frozen_instance", "get_attribute_error"),
    *("dataclass_exact_type", "named_tuple_type", "default_factory_not_called", "iteration_error"),
    *("frozen_dict_type", "ordered_dict_type", "counter_type", "deque_type", "bytes_too_short", "bytes_too_long"),
    *("bytes_invalid_encoding", "assertion_error", "missing_sentinel_error", "ellipsis_error", "is_instance_of"),
    *("is_subclass_of", "callable_type", "arguments_type", "missing_argument", "unexpected_keyword_argument"),
    *("missing_keyword_only_argument", "unexpected_positional_argument", "missing_positional_only_argument"),
    *("multiple_argument_values", "fraction_type", "fraction_parsing", "complex_type", "complex_str_parsing"),
}


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Sample(BaseModel, extra="forbid"):
    on: date
    at: time
    moment: AwareDatetime
    whose: UUID
    number: Annotated[int, Field(ge=1, le=9)]
    price: Annotated[Decimal, Field(max_digits=4, decimal_places=2)]
    name: Annotated[str, Field(max_length=3)]
    kind: Literal["a", "b"]
    colour: Colour
    lasts: timedelta
    is_open: bool
    rows: Annotated[list[int], Field(max_length=2)]
    by_name: dict[str, int]


_WRONG: Mapping[str, list[Any]] = {
    "on": ["x", [], "2026-01-31T08:00:00", 1e300],
    "at": ["x", {}, -1],
    "moment": ["x", None, "2026-01-31T08:00:00"],
    "whose": ["x", 1],
    "number": ["x", 0, 10, 1.5, "9" * 5_000, [], float("inf")],
    "price": ["x", {}, "12345", "1.234", "NaN"],
    "name": ["long", 1, None],
    "kind": ["c", 1],
    "colour": ["green", []],
    "lasts": ["x", []],
    "is_open": ["maybe", {}],
    "rows": [[1, 2, 3], ["x"], {}],
    "by_name": [[], {"a": "x"}],
    "unknown": [1],
}


class TestSaidOf:
    def test_has_words_for_all_that_pydantic_may_find(self) -> None:
        assert set(get_args(ErrorType)) - _NEVER == set(SAID)

    @pytest.mark.parametrize(("name", "value"), [(name, one) for name, several in _WRONG.items() for one in several])
    def test_speaks_chinese(self, name: str, value: Any) -> None:
        with pytest.raises(ValidationError) as refused:
            Sample.model_validate({name: value})
        said = [said_of(one) for one in refused.value.errors() if one["loc"][:1] == (name,)]
        assert said
        for one in said:
            assert one.endswith("。")
            assert not re.search(r"[A-Za-z]{5,}|[{}']", one.replace("true 或 false", "")), one

    def test_names_what_may_be_chosen(self) -> None:
        with pytest.raises(ValidationError) as refused:
            TypeAdapter(Colour).validate_python("green")
        assert said_of(refused.value.errors()[0]) == "只能是“red”、“blue”。"


class TestFaultsOf:
    def test_are_some_of_very_many_and_short(self) -> None:
        with pytest.raises(ValidationError) as refused:
            TypeAdapter(dict[str, int]).validate_python({f"{at}{'字' * 1_000}": "x" for at in range(MOST_FAULTS + 9)})
        found = faults_of(refused.value.errors())
        assert len(found) == MOST_FAULTS
        assert max(len(one.where) for one in found) < 50


class TestMessage:
    def test_is_no_longer_than_anybody_reads(self) -> None:
        refused = Invalid.at("name" * 1_000, "没有“" + "字" * 1_000_000)
        assert len(refused.message) == len(refused.faults[0].message) == LONGEST_MESSAGE
        assert len(Fault("x" * 9_999, "").where) == LONGEST_MESSAGE
