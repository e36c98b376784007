"""A flow as a plain table of steps, for those who do not draw; ``changes`` has the acts by which it is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from standards.flows.definition import FlowDefinition
from standards.flows.nodes import AnyFlowNode, FlowEdge


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


def numbers_of(flow: FlowDefinition) -> Mapping[str, int]:
    """The number of every node's line."""
    return {node.name: number for number, node in enumerate(flow.nodes, start=1)}
