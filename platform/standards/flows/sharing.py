"""What a flow of the province may not name, since it means something in one hall alone."""

from collections.abc import Collection, Iterator

from foundation.errors import Fault
from standards.flows.checks.people import OWNER
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import CallNode, PluginNode, StepNode
from standards.flows.people import TO_CHOOSE, AnyWho, ByPeople, ByRole, ByTitle, ByUnit, OnDuty

_ADVICE = "请改用通用的岗位、职务、发起人等每个厅都有的。"


def faults_of_sharing(flow: FlowDefinition, *, roles: Collection[str]) -> Iterator[Fault]:
    """Each by the name of a step and in Chinese. ``roles``: codes of those that every hall has."""
    for where, place, who in _rules(flow):
        if said := _misfit(who, roles):
            yield Fault(where, f"{place}{said}：{_ADVICE}")
    for node in flow.nodes:
        if isinstance(node, CallNode):
            yield Fault(node.name, f"{called(node)}调用的流程“{node.flow}”是某一个厅自己的：请把它的环节直接画进来。")
        elif isinstance(node, PluginNode):
            said = f"{called(node)}是外部动作，不是每个厅都接了：请删去，由要用的厅自己加。"
            yield Fault(node.name, said)


def _rules(flow: FlowDefinition) -> Iterator[tuple[str, str, AnyWho]]:
    """Where each rule of people stands, as faults and as people name it."""
    yield OWNER, "流程负责人", flow.owner
    for node in flow.nodes:
        if not isinstance(node, StepNode):
            continue
        yield f"{node.name}.who", f"{called(node)}的办理人", node.who
        if node.fallback:
            yield f"{node.name}.fallback", f"{called(node)}找不到人时的办理人", node.fallback
        for copied in node.copies:
            yield f"{node.name}.copies", f"{called(node)}抄送的人", copied


def _misfit(who: AnyWho, roles: Collection[str]) -> str:
    """Why not every hall has it; "" where each has."""
    if isinstance(who, ByPeople):
        return "是指定的人员，别的厅没有"
    if isinstance(who, ByUnit) or (isinstance(who, OnDuty) and who.unit_id):
        return "是某一个厅的部门，别的厅没有"
    if isinstance(who, ByTitle) and who.title == TO_CHOOSE["title"]:
        return "还没有选"
    if isinstance(who, ByRole) and who.role not in roles:
        return f"是某一个厅自设的岗位（{who.role}），别的厅没有"
    return ""
