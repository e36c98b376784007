"""Conditions on a flow's ways: expressions over the form's names and, for each step, ``<step>.outcome``."""

from collections.abc import Mapping
from typing import Any, Final

from standards.flows.definition import FlowDefinition
from standards.flows.nodes import PluginNode, StepNode
from standards.flows.plugins import PluginPorts
from standards.forms.definition import FormDefinition
from standards.forms.expressions.checking import TODAY, Checked, check_expression, variable
from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.expressions.running import is_true

OUTCOME: Final = "outcome"
# the outcome of a step where there is nothing to decide
DONE: Final = "done"
_NO_PLUGINS: Final[Mapping[str, PluginPorts]] = {}


def outcome_codes(step: StepNode) -> tuple[str, ...]:
    """The codes that ``<step>.outcome`` can have."""
    return tuple(one.code for one in step.outcomes) or (DONE,)


def names_of_flow(
    flow: FlowDefinition, form: FormDefinition | None, plugins: Mapping[str, PluginPorts] = _NO_PLUGINS
) -> Mapping[str, NamedValue]:
    """Everything that a flow's expressions may call by name: fields, outcomes of steps, and what actions outside
    (``plugins``, by code) gave: ``<node>.<output>``."""
    names = dict(form.plan.names) if form else {TODAY: NamedValue("今天", ValueKind.DATE)}
    for step in flow.steps:
        label = f"{step.label}的办理结果"
        names[f"{step.name}.{OUTCOME}"] = NamedValue(label, ValueKind.TEXT, frozenset(outcome_codes(step)))
    for node in flow.nodes:
        if isinstance(node, PluginNode) and node.plugin in plugins:
            for name, port in plugins[node.plugin].outputs.items():
                names[f"{node.name}.{name}"] = port.named(f"{node.label}的{port.label}")
    return names


def check_condition(text: str, names: Mapping[str, NamedValue], *, is_hinting: bool = True) -> Checked:
    """Judge a condition over ``names_of_flow``; ``is_hinting``: as of ``check_expression``. Raises ExpressionFault, in
    Chinese."""
    return check_expression(text, names, wanted=(ValueKind.YES_NO,), is_hinting=is_hinting)


def holds(checked: Checked, known: Mapping[str, Any], outcomes: Mapping[str, str]) -> bool:
    """Whether a checked condition holds; one that cannot be decided does not.

    ``known``: what ``standards.forms.plans.known_values`` gives; ``outcomes``: the code of each step's last outcome.
    """
    said = {variable(f"{step}.{OUTCOME}"): code for step, code in outcomes.items()}
    return is_true(checked, {**known, **said})
