"""Whether every branch can be decided."""

from collections.abc import Iterator, Mapping, Sequence

from foundation.errors import Fault
from standards.definitions import MOST_FAULTS
from standards.flows.checks.writing import Writing
from standards.flows.conditions import check_condition
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import BaseNode, FlowEdge, GatewayNode
from standards.forms.expressions.kinds import ExpressionFault, NamedValue

_CHOOSING = frozenset({"exclusive", "inclusive"})


def deciding_faults(flow: FlowDefinition, names: Mapping[str, NamedValue], writing: Writing) -> Iterator[Fault]:
    """Conditions that are missing, wrong, at the wrong place, or over what nobody has filled in by then."""
    wrong = 0
    for node in flow.nodes:
        ways = flow.ways_out[node.name]
        is_choice = isinstance(node, GatewayNode) and node.type in _CHOOSING and len(ways) > 1
        yield from _faults_of_choice(flow, node, ways) if is_choice else _faults_without_choice(flow, ways)
        for edge in ways:
            if edge.condition.strip() and is_choice:
                found = list(_faults_of_condition(flow, node, edge, names, writing, is_hinting=wrong < MOST_FAULTS))
                wrong += len(found)
                yield from found


def _faults_of_choice(flow: FlowDefinition, node: BaseNode, ways: Sequence[FlowEdge]) -> Iterator[Fault]:
    defaults = [edge for edge in ways if edge.is_default]
    if not defaults:
        said = "没有默认的路：条件都不成立时不知道走哪条。请把其中一条设为“其他情况”。"
        yield Fault(node.name, f"{called(node)}{said}")
    for edge in defaults[1:]:
        yield Fault(edge.name, f"{called(node)}有两条默认的路，{_way(flow, edge)}是多出来的：只能有一条。")
    for edge in ways:
        if edge.is_default and edge.condition.strip():
            yield Fault(edge.name, f"{_way(flow, edge)}是默认的路，不能再写条件：请删去条件，或者换一条默认的路。")
        elif not edge.is_default and not edge.condition.strip():
            yield Fault(edge.name, f"{_way(flow, edge)}没有写条件。")


def _faults_without_choice(flow: FlowDefinition, ways: Sequence[FlowEdge]) -> Iterator[Fault]:
    for edge in ways:
        if edge.condition.strip() or edge.is_default:
            said = "上的条件没有用：只有从条件分支、多选分支出来的几条路才能写条件。"
            yield Fault(edge.name, f"{_way(flow, edge)}{said}")


def _faults_of_condition(
    flow: FlowDefinition,
    node: BaseNode,
    edge: FlowEdge,
    names: Mapping[str, NamedValue],
    writing: Writing,
    *,
    is_hinting: bool,
) -> Iterator[Fault]:
    try:
        checked = check_condition(edge.condition, names, is_hinting=is_hinting)
    except ExpressionFault as fault:
        yield Fault(edge.name, f"{_way(flow, edge)}的条件不对：{fault.message}")
        return
    for said in writing.unknown_at(node.name, checked.reads):
        yield Fault(edge.name, f"{_way(flow, edge)}的条件判断不了：{said}")


def _way(flow: FlowDefinition, edge: FlowEdge) -> str:
    ends = f"{called(flow.named_nodes[edge.source])}到{called(flow.named_nodes[edge.target])}的连线"
    return f"{ends}“{edge.label}”" if edge.label else ends
