"""A flow as a plain table of steps, for those who do not draw: another way to write the same definition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from standards.flows.definition import FlowDefinition
from standards.flows.nodes import AnyFlowNode, FlowEdge
from standards.flows.reading import read_flow


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of the table: a node and the ways that lead on from it. ``number`` counts from 1."""

    number: int
    node: AnyFlowNode
    ways: tuple[FlowEdge, ...]


def as_table(flow: FlowDefinition) -> tuple[TableRow, ...]:
    """The flow's nodes in its own order, each with its ways out."""
    return tuple(
        TableRow(number, node, tuple(flow.ways_out[node.name])) for number, node in enumerate(flow.nodes, start=1)
    )


def from_rows(rows: Iterable[TableRow], flow: FlowDefinition) -> FlowDefinition:
    """The flow that a table says, in the order of its lines; what is said of the whole stays. Raises Invalid."""
    rows = list(rows)
    whole = flow.as_json()
    whole["nodes"] = [row.node.model_dump(mode="json", exclude_unset=True) for row in rows]
    whole["edges"] = [way.model_dump(mode="json", exclude_unset=True) for row in rows for way in row.ways]
    return read_flow(whole)


def numbers_of(flow: FlowDefinition) -> Mapping[str, int]:
    """The number of every node's line."""
    return {node.name: number for number, node in enumerate(flow.nodes, start=1)}
