"""What a flow still lacks to be published: each fault by the name of a node or a way, and in Chinese."""

from collections.abc import Collection, Iterator, Mapping

from foundation.errors import Fault
from standards.definitions import MOST_FAULTS
from standards.flows.checks.context import FlowContext
from standards.flows.checks.deciding import deciding_faults
from standards.flows.checks.people import people_faults
from standards.flows.checks.plugins import plugin_faults
from standards.flows.checks.shape import shape_faults
from standards.flows.checks.times import time_faults
from standards.flows.checks.tokens import token_faults
from standards.flows.checks.writing import Writing, writing_faults
from standards.flows.conditions import names_of_flow
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import CallNode
from standards.forms.definition import FormDefinition

_NOWHERE = FlowContext()

__all__ = ["FlowContext", "check_flow"]


def check_flow(flow: FlowDefinition, form: FormDefinition | None, context: FlowContext = _NOWHERE) -> list[Fault]:
    """Everything that stands in the way of publication, the first MOST_FAULTS of it; [] where nothing does.

    ``Fault.where``: a node, a way, one attribute of a node (``leader.who``), or "" for the whole (``.owner`` for who
    owns it).
    """
    writing = Writing(flow, form)
    names = names_of_flow(flow, form, context.plugins or {})
    found = list(shape_faults(flow))
    # joins and forks have a sense only where everything hangs together
    if not found:
        found += token_faults(flow)
    found += deciding_faults(flow, names, writing)
    found += writing_faults(flow, writing)
    found += people_faults(flow, names, writing, context)
    found += time_faults(flow, context.promise)
    found += plugin_faults(flow, writing.fields, context.plugins)
    found += _faults_of_calls(flow, context)
    return found[:MOST_FAULTS]


def _faults_of_calls(flow: FlowDefinition, context: FlowContext) -> Iterator[Fault]:
    for node in flow.nodes:
        if not isinstance(node, CallNode) or context.calls is None:
            continue
        if node.flow == context.code:
            yield Fault(node.name, f"{called(node)}调用的是这个流程自己，会没完没了：请换一个流程。")
        elif node.flow not in context.calls:
            yield Fault(node.name, f"{called(node)}要调用的流程“{node.flow}”没有发布：请先发布它，或者重新选择。")
        elif way := _way_back(node.flow, context.code, context.calls):
            said = f"绕成了圈：{' → '.join([context.code, *way])}。请断开其中一处。"
            yield Fault(node.name, f"{called(node)}调用的流程{said}")


def _way_back(start: str, end: str, calls: Mapping[str, Collection[str]]) -> list[str]:
    """The flows by which calls lead from one to another; [] where they do not."""
    came: dict[str, str] = {start: ""}
    waiting = [start]
    while waiting:
        code = waiting.pop()
        for follower in calls.get(code, ()):
            if follower == end:
                way = [end]
                while code:
                    way.append(code)
                    code = came[code]
                return way[::-1]
            if follower not in came:
                came[follower] = code
                waiting.append(follower)
    return []
