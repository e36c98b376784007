"""Whether a flow hangs together: one start, an end, nothing beside the way, no loop that nobody ends."""

from collections.abc import Iterator

from foundation.errors import Fault
from standards.flows.definition import FlowDefinition
from standards.flows.graph import arrows_of, called, circles, reached
from standards.flows.nodes import (
    CallNode,
    EndNode,
    GatewayNode,
    MessageNode,
    StartNode,
    StepNode,
    TimerNode,
)

_WAITING = (StepNode, TimerNode, MessageNode)


def shape_faults(flow: FlowDefinition) -> Iterator[Fault]:
    """Faults of points and arrows. Where there are none, each node lies between the start and an end."""
    starts = [node for node in flow.nodes if isinstance(node, StartNode)]
    ends = [node for node in flow.nodes if isinstance(node, EndNode)]
    if not starts:
        yield Fault("", "流程没有开始：请加一个“开始”。")
    for extra in starts[1:]:
        yield Fault(extra.name, f"{called(extra)}是多出来的开始：一个流程只能有一个开始。")
    if not ends:
        yield Fault("", "流程没有结束：请加一个“结束”，并连到它。")
    yield from _faults_of_ends(flow)
    followers, leaders = arrows_of(flow)
    found = reached(followers, [node.name for node in starts])
    ending = reached(leaders, [node.name for node in ends])
    for node in flow.nodes:
        if starts and node.name not in found and not isinstance(node, StartNode):
            yield Fault(node.name, f"从开始走不到{called(node)}：请把它连上，或者删去。")
        elif not isinstance(node, EndNode) and not flow.ways_out[node.name]:
            yield Fault(node.name, f"{called(node)}后面没有路：请连到下一个环节或者结束。")
    stuck = [node.name for node in flow.nodes if node.name not in ending and flow.ways_out[node.name]]
    for circle in circles(followers, stuck) if ends else ():
        way = " → ".join(called(flow.named_nodes[name]) for name in circle)
        yield Fault(circle[0], f"{way}绕成了圈，出不来：请从其中一处连到结束。")
    yield from _faults_of_spinning(flow)


def _faults_of_ends(flow: FlowDefinition) -> Iterator[Fault]:
    for node in flow.nodes:
        ways_in, ways_out = flow.ways_in[node.name], flow.ways_out[node.name]
        if isinstance(node, StartNode) and ways_in:
            yield Fault(
                node.name, f"{called(node)}前面不能有连线：要回到填写人手里，请连到一个办理人是“发起人”的环节。"
            )
        if isinstance(node, EndNode) and ways_out:
            yield Fault(node.name, f"{called(node)}后面不能再有连线。")
        if not isinstance(node, GatewayNode | EndNode) and len(ways_out) > 1:
            said = "后面有几条路，要先连到一个分支，由分支说明走哪条。"
            yield Fault(node.name, f"{called(node)}{said}")
    for edge in flow.edges:
        if edge.source == edge.target:
            itself = called(flow.named_nodes[edge.source])
            yield Fault(edge.source, f"{itself}连到了自己：请先连到一个条件分支。")


def _faults_of_spinning(flow: FlowDefinition) -> Iterator[Fault]:
    """A loop in which nobody and nothing waits would be run through without end."""
    followers, _ = arrows_of(flow)
    running = [node.name for node in flow.nodes if not _waits(node)]
    for circle in circles(followers, running):
        way = " → ".join(called(flow.named_nodes[name]) for name in circle)
        yield Fault(circle[0], f"{way}绕成了圈，圈里没有环节也没有等待：流程会一直空转。请在圈里放一个环节。")


def _waits(node: object) -> bool:
    return isinstance(node, _WAITING) or (isinstance(node, CallNode) and node.waits)
