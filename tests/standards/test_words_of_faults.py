"""What is said of a wrong form or flow names nothing by its word in the JSON, which who draws one has never seen."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from typing import Any

import pytest
from pydantic import BaseModel

from foundation.errors import Invalid
from standards.definitions import DefinitionReader
from standards.flows import reading as flows
from standards.flows.definition import FlowDefinition
from standards.forms import reading as forms
from standards.forms.definition import FormDefinition
from tests.security.bodies import GIVEN, at, places_of
from tests.standards.flow_samples import LEAVE

type Read = Callable[[Mapping[str, Any]], object]
KINDS = [
    pytest.param(FormDefinition, forms._READER, forms.read_definition, GIVEN["definition"], id="form"),  # noqa: SLF001
    pytest.param(FlowDefinition, flows._READER, flows.read_flow, dict(LEAVE), id="flow"),  # noqa: SLF001
]
_WRONG: tuple[Any, ...] = (None, True, -1, "", "不 对\n", [], {}, [None], {"未知": 1}, "字" * 5_000)
# values that may stand there, for who writes a definition by hand: no words of the JSON's own
_LISTED = re.compile(r"(?:只能是|可用的有|最接近的是).*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def attributes_of(model: type[BaseModel]) -> set[str]:
    schema = model.model_json_schema()
    return {name for one in (schema, *schema["$defs"].values()) for name in one.get("properties", {})}


def wrong_ones(right: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The definition with something else at one place, by turns, or without what stands there."""
    text = json.dumps(right)
    for value, place in zip(cycle(_WRONG), list(places_of(right))[1:], strict=False):
        one = json.loads(text)
        at(one, place[:-1])[place[-1]] = value
        yield one
        one = json.loads(text)
        del at(one, place[:-1])[place[-1]]
        yield one


@pytest.mark.parametrize(("model", "reader", "read", "right"), KINDS)
class TestFault:
    def test_has_a_word_for_every_attribute(
        self, model: type[BaseModel], reader: DefinitionReader[Any], read: Read, right: Mapping[str, Any]
    ) -> None:
        without = {one for one in attributes_of(model) if not _CHINESE.search(reader.called(one) or "")}
        assert without == set()

    def test_says_no_word_of_the_json(
        self, model: type[BaseModel], reader: DefinitionReader[Any], read: Read, right: Mapping[str, Any]
    ) -> None:
        named = re.compile(rf"[“（](?:{'|'.join(sorted(attributes_of(model)))})[”）]")
        read(right)
        said = set()
        for one in wrong_ones(right):
            try:
                read(one)
            except Invalid as refused:
                said |= {_LISTED.sub("", fault.message) for fault in refused.faults}
        assert len(said) > 20
        # a definition's own names stand in faults, and some are called as an attribute is
        own = {str(at(right, place)) for place in places_of(right) if not isinstance(at(right, place), dict | list)}
        strays = [one for one in said if any(hit[1:-1] not in own for hit in named.findall(one))]
        assert strays == []
