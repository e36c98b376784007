"""Whether somebody can do each step."""

from collections.abc import Iterator, Mapping
from typing import Final

from foundation.errors import Fault
from standards.flows.checks.context import FlowContext
from standards.flows.checks.writing import Writing
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import BaseNode, PluginNode, StepNode
from standards.flows.people import WHO_TITLES, AnyWho, ByChoice, ByDoer, ByExpression, ByInitiatorsLeader, OnDuty
from standards.forms.expressions.checking import check_expression
from standards.forms.expressions.kinds import ExpressionFault, NamedValue, ValueKind

# where faults of who owns the flow are: of the whole, and of no node
OWNER: Final = ".owner"
# found anew at each step: too unsure for who keeps a run when all else fails
_UNSURE = (ByChoice, ByDoer, ByExpression, OnDuty, ByInitiatorsLeader)
# kinds of rules that can say who owns a flow, as people choose them
OWNER_TITLES: Final[Mapping[str, str]] = {
    kind: title
    for kind, title in WHO_TITLES.items()
    if kind not in {one.model_fields["kind"].default for one in _UNSURE}
}


def people_faults(
    flow: FlowDefinition, names: Mapping[str, NamedValue], writing: Writing, context: FlowContext
) -> Iterator[Fault]:
    """Rules that find nobody, or that ask for what is not known yet."""
    if isinstance(flow.owner, _UNSURE):
        said = (
            f"流程负责人不能是“{WHO_TITLES[flow.owner.kind]}”：找不到人的环节要交给负责人，请选岗位、部门、职务或人员。"
        )
        yield Fault(OWNER, said)
    elif context.count_people(flow.owner) == 0:
        yield Fault(OWNER, "流程负责人现在没有人：请换一个岗位、部门或人员。")
    for node in flow.nodes:
        for attribute, who in _asked(node):
            yield from _faults_of_rule(flow, node, attribute, who, names, writing)
        if isinstance(node, StepNode) and isinstance(node.who, OnDuty) and not _is_sure(node.fallback):
            yield Fault(
                f"{node.name}.who", f"{called(node)}交给值班人员，可是有的时候没有排班：请写上找不到人时交给谁。"
            )
        elif isinstance(node, StepNode) and context.count_people(node.who) == 0:
            if node.fallback is None:
                said = "现在没有人能办：请换办理人，或者写上找不到人时交给谁。"
                yield Fault(f"{node.name}.who", f"{called(node)}{said}")
            elif context.count_people(node.fallback) == 0:
                said = "现在没有人能办，找不到人时交给的也没有人：请换办理人。"
                yield Fault(f"{node.name}.who", f"{called(node)}{said}")


def _is_sure(fallback: AnyWho | None) -> bool:
    """Whether it finds somebody also where nobody is on duty."""
    return fallback is not None and not isinstance(fallback, OnDuty)


def _asked(node: object) -> Iterator[tuple[str, AnyWho]]:
    if isinstance(node, StepNode):
        yield "who", node.who
        if node.fallback is not None:
            yield "fallback", node.fallback
        yield from (("copies", who) for who in node.copies)
    elif isinstance(node, PluginNode) and node.keeper is not None:
        yield "keeper", node.keeper


def _faults_of_rule(
    flow: FlowDefinition,
    node: BaseNode,
    attribute: str,
    who: AnyWho,
    names: Mapping[str, NamedValue],
    writing: Writing,
) -> Iterator[Fault]:
    where, label = f"{node.name}.{attribute}", called(node)
    if isinstance(who, ByChoice | ByDoer):
        step = who.at if isinstance(who, ByChoice) else who.step
        verb = "选" if isinstance(who, ByChoice) else "办"
        if not isinstance(flow.named_nodes.get(step), StepNode):
            yield Fault(where, f"{label}的人由环节“{step}”{verb}，可是没有这个环节：请重新选择。")
        elif step not in writing.comes_before(node.name) or (step == node.name and isinstance(who, ByChoice)):
            yield Fault(
                where, f"{label}的人由{called(flow.named_nodes[step])}{verb}，可是那个环节不在它前面：请换一个。"
            )
    elif isinstance(who, ByExpression):
        try:
            checked = check_expression(who.expression, names, wanted=(ValueKind.TEXT,))
        except ExpressionFault as fault:
            yield Fault(where, f"{label}的办理人不对：{fault.message}")
            return
        for said in writing.unknown_at(node.name, checked.reads):
            yield Fault(where, f"{label}的办理人还不知道：{said}")
