"""Conditions on a flow's ways: expressions over the form's names and, for each step, ``<step>.outcome``."""

from collections.abc import Mapping
from typing import Any, Final

from standards.flows.definition import FlowDefinition
from standards.flows.nodes import StepNode
from standards.forms.definition import FormDefinition
from standards.forms.expressions.checking import TODAY, Checked, check_expression, variable
from standards.forms.expressions.grammar import (
    Call,
    Conditional,
    Infix,
    Listed,
    Literal,
    Name,
    Node,
    Prefix,
    parse,
)
from standards.forms.expressions.kinds import ExpressionFault, NamedValue, ValueKind
from standards.forms.expressions.running import is_true

OUTCOME: Final = "outcome"
# the outcome of a step where there is nothing to decide
DONE: Final = "done"


def outcome_codes(step: StepNode) -> tuple[str, ...]:
    """The codes that ``<step>.outcome`` can have."""
    return tuple(one.code for one in step.outcomes) or (DONE,)


def names_of_flow(flow: FlowDefinition, form: FormDefinition | None) -> Mapping[str, NamedValue]:
    """Everything that a flow's expressions may call by name."""
    names = dict(form.plan.names) if form else {TODAY: NamedValue("今天", ValueKind.DATE)}
    for step in flow.steps:
        label = f"{step.label}的办理结果"
        names[f"{step.name}.{OUTCOME}"] = NamedValue(label, ValueKind.TEXT, frozenset(outcome_codes(step)))
    return names


def check_condition(text: str, names: Mapping[str, NamedValue]) -> Checked:
    """Judge a condition over ``names_of_flow``. Raises ExpressionFault, in Chinese."""
    return check_expression(text, names, wanted=(ValueKind.YES_NO,))


def holds(checked: Checked, known: Mapping[str, Any], outcomes: Mapping[str, str]) -> bool:
    """Whether a checked condition holds; one that cannot be decided does not.

    ``known``: what ``standards.forms.plans.known_values`` gives; ``outcomes``: the code of each step's last outcome.
    """
    said = {variable(f"{step}.{OUTCOME}"): code for step, code in outcomes.items()}
    return is_true(checked, {**known, **said})


def in_words(text: str, names: Mapping[str, NamedValue], codes: Mapping[str, Mapping[str, str]]) -> str:
    """A condition as people read it: “请假天数”大于 3; as it stands where it is no expression. ``codes``: for a name,
    how its codes are called."""
    try:
        return _said(parse(text), names, codes)
    except ExpressionFault:
        return text


_SIGNS: Final[Mapping[str, str]] = {
    "and": "并且",
    "or": "或者",
    "==": "等于",
    "!=": "不等于",
    "<": "小于",
    "<=": "不超过",
    ">": "大于",
    ">=": "不小于",
    "in": "属于",
    "not in": "不属于",
    "+": "加",
    "-": "减",
    "*": "乘",
    "/": "除以",
    "%": "除以后的余数",
    "??": "没有时用",
}
_LITERALS: Final[Mapping[str, str]] = {"true": "是", "false": "否", "null": "空"}
_JOINED: Final = frozenset({"and", "or"})


def _said(  # noqa: C901, PLR0911 - one a kind of node
    node: Node, names: Mapping[str, NamedValue], codes: Mapping[str, Mapping[str, str]]
) -> str:
    match node:
        case Literal(kind="text", text=text):
            return f"“{text[1:-1]}”"
        case Literal(text=text):
            return _LITERALS.get(text, text)
        case Name(name=name):
            return f"“{names[name].label if name in names else name}”"
        case Prefix(sign="not", operand=operand):
            return f"不是（{_said(operand, names, codes)}）"
        case Prefix(operand=operand):
            return f"负 {_said(operand, names, codes)}"
        case Infix(sign=sign, left=left, right=right):
            known = codes.get(left.name, {}) if isinstance(left, Name) else {}
            if isinstance(right, Literal) and right.kind == "text" and (called := known.get(right.text[1:-1])):
                return f"{_said(left, names, codes)}{_SIGNS[sign]}“{called}”"
            first, second = (_side(one, sign, names, codes) for one in (left, right))
            return f"{first}，{_SIGNS[sign]}{second}" if sign in _JOINED else f"{first}{_SIGNS[sign]} {second}"
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            parts = [_said(one, names, codes) for one in (condition, then, otherwise)]
            return f"如果{parts[0]}就是{parts[1]}，否则是{parts[2]}"
        case Listed(items=items):
            return "、".join(_said(one, names, codes) for one in items)
        case Call(function=function, given=given):
            return f"{function}（{'，'.join(_said(one, names, codes) for one in given)}）"


def _side(node: Node, sign: str, names: Mapping[str, NamedValue], codes: Mapping[str, Mapping[str, str]]) -> str:
    said = _said(node, names, codes)
    return f"（{said}）" if isinstance(node, Infix) and node.sign != sign else said
