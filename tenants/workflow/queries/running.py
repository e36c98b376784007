"""What a flow's version is made of for its runs, and what its conditions say now."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from foundation.written import rows_once
from standards.flows.conditions import OUTCOME, check_condition, holds, names_of_flow
from standards.flows.definition import FlowDefinition
from standards.flows.nodes import NODE_TITLES, PluginNode, StartNode, StepNode
from standards.flows.people import AnyWho, ByExpression
from standards.flows.reading import read_flow
from standards.flows.walking import Decide, WalkingFlow, prepare
from standards.forms.definition import FormDefinition
from standards.forms.expressions.checking import Checked, check_expression
from standards.forms.expressions.kinds import ExpressionFault, NamedValue
from standards.forms.expressions.running import work_out
from standards.forms.rights import Rights
from tenants.workflow.models import Flow, FlowVersion, Run
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.plugins import known_ports
from tenants.workflow.queries.published import Published

_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class RunningFlow:
    """A version, read and checked once. ``conditions``: by edge; ``expressions``: those that name people;
    ``asked_results``: the actions outside of whose results one of these asks."""

    walking: WalkingFlow
    form: FormDefinition | None
    conditions: Mapping[str, Checked]
    expressions: Mapping[str, Checked]
    asked_results: frozenset[str]

    @property
    def definition(self) -> FlowDefinition:
        return self.walking.definition

    def step(self, name: str) -> StepNode | None:
        """None where that is no step of people."""
        node = self.definition.named_nodes.get(name)
        return node if isinstance(node, StepNode) else None

    def label(self, name: str) -> str:
        node = self.definition.named_nodes.get(name)
        return (node.label or ("发起" if node.type == "start" else NODE_TITLES[node.type])) if node else name

    def rights_at(self, step: str) -> Rights:
        """What may be done with each field of the form there."""
        node = self.definition.named_nodes.get(step)
        if self.form is None or not isinstance(node, StepNode | StartNode):
            return {}
        return {field.name: node.fields.get(field.name, node.otherwise) for field in self.form.fields}

    def asks_for_outcome(self, step: str) -> bool:
        """Whether some condition asks how this step ended."""
        return any(f"{step}.{OUTCOME}" in condition.reads for condition in self.conditions.values())

    def decide(self, known: Mapping[str, Any], outcomes: Mapping[str, str]) -> Decide:
        """``known``: the form's values as expressions see them."""
        return lambda edge: edge in self.conditions and holds(self.conditions[edge], known, outcomes)

    def named(self, known: Mapping[str, Any]) -> dict[str, str]:
        """What expressions that name people give: an id each, "" where there is none."""
        found: dict[str, str] = {}
        for text, checked in self.expressions.items():
            try:
                found[text] = str(work_out(checked, known) or "")
            except ExpressionFault:
                found[text] = ""
        return found


def title_of_flow(run: Run) -> str:
    """What the run's flow is called now."""
    if Run.version.is_cached(run):
        return run.version.flow.title
    ((title,),) = rows_once(_titles, run.version_id)
    return str(title)


def _titles(version_id: UUID) -> "QuerySet[Flow, str]":
    return Flow.objects.filter(versions=version_id).values_list("title", flat=True)


def _asked_results(definition: FlowDefinition, asking: Iterable[Checked]) -> frozenset[str]:
    called = {node.name for node in definition.nodes if isinstance(node, PluginNode)}
    return frozenset(called & {read.partition(".")[0] for one in asking for read in one.reads})


def running_flow(version: FlowVersion) -> RunningFlow:
    """A version never changes, so that the last ones are kept, with what SpiffWorkflow made of them."""
    return _prepared(Published(version.pk, lambda: version))


def flow_of_run(run: Run) -> RunningFlow:
    """As ``running_flow``; the run's version is read only where nothing is kept of it."""
    return _prepared(Published(run.version_id, lambda: run.version))


@lru_cache(maxsize=_KEPT)
def _prepared(published: Published[FlowVersion]) -> RunningFlow:
    version = published.read()
    definition = read_flow(version.definition)
    form = definition_of(version.form_version) if version.form_version else None
    names = names_of_flow(definition, form, known_ports())
    conditions = _conditions(definition, names)
    expressions = {
        one.expression: check_expression(one.expression, names)
        for one in _rules(definition)
        if isinstance(one, ByExpression)
    }
    asked = _asked_results(definition, [*conditions.values(), *expressions.values()])
    return RunningFlow(prepare(definition), form, conditions, expressions, asked)


def _conditions(definition: FlowDefinition, names: Mapping[str, NamedValue]) -> dict[str, Checked]:
    """What asks for the result of an action outside that there is no more holds nowhere."""
    found = {}
    for edge in definition.edges:
        if edge.condition:
            with suppress(ExpressionFault):
                found[edge.name] = check_condition(edge.condition, names)
    return found


def _rules(definition: FlowDefinition) -> list[AnyWho]:
    rules: list[AnyWho] = [definition.owner]
    for step in definition.steps:
        rules += [step.who, *step.copies, *([step.fallback] if step.fallback else [])]
    keepers = (getattr(node, "keeper", None) for node in definition.nodes)
    return [*rules, *(one for one in keepers if one)]
