"""A flow's definition: versioned JSON, and the one place that says what the flow is.

The drawing (BPMN 2.0) and the table of steps are two ways to write it; the engine reads nothing else.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from standards.flows.nodes import AnyNode, BaseNode, FlowEdge, StepNode
from standards.flows.people import Who
from standards.forms.fields.base import LongWords, Strict, Words

FORMAT: Final = 1
MOST_NODES: Final = 500
MOST_EDGES: Final = 1_000
# out of one node: its page asks everything of each of them
MOST_WAYS_OUT: Final = 60


class FlowDefinition(Strict):
    """A whole flow. ``standards.flows.reading.read_flow`` makes one: only there is it checked as a whole.

    ``owner``: who has a step for which nobody is found, and whatever fails.
    """

    format: Literal[1] = FORMAT
    title: Words
    hint: LongWords = ""
    owner: Who
    nodes: Annotated[tuple[AnyNode, ...], Field(min_length=2, max_length=MOST_NODES)]
    edges: Annotated[tuple[FlowEdge, ...], Field(min_length=1, max_length=MOST_EDGES)]

    @cached_property
    def named_nodes(self) -> Mapping[str, BaseNode]:
        return {node.name: node for node in self.nodes}

    @cached_property
    def steps(self) -> tuple[StepNode, ...]:
        return tuple(node for node in self.nodes if isinstance(node, StepNode))

    @cached_property
    def ways_out(self) -> Mapping[str, Sequence[FlowEdge]]:
        """The edges out of every node."""
        return self._grouped("source")

    @cached_property
    def ways_in(self) -> Mapping[str, Sequence[FlowEdge]]:
        """The edges into every node."""
        return self._grouped("target")

    def _grouped(self, end: str) -> dict[str, list[FlowEdge]]:
        found: dict[str, list[FlowEdge]] = {name: [] for name in self.named_nodes}
        for edge in self.edges:
            found[getattr(edge, end)].append(edge)
        return found

    def as_json(self) -> dict[str, Any]:
        """What ``read_flow`` reads again; what is as usual is left out."""
        return {"format": self.format, **self.model_dump(mode="json", exclude_unset=True)}
