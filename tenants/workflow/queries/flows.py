"""Flows of the hall that is entered, as those see them who design them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotFound
from province.catalogue.queries.codes import public_item_id
from province.catalogue.queries.validity import items_valid_at
from province.halls.models import Hall
from province.people.models import Account, Unit
from province.people.queries.roles import own_roles_in_use
from province.people.queries.units import unit_choices
from province.rights.roles import ROLES_AT_WORK
from standards.definitions import MOST_FAULTS
from standards.flows.bpmn.writing import write_bpmn
from standards.flows.charts import from_chart
from standards.flows.checks import FlowContext, check_flow
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import CallNode, PluginNode, StepLimit
from standards.flows.people import (
    AnyWho,
    ByChoice,
    ByDoer,
    ByExpression,
    ByInitiator,
    ByInitiatorsLeader,
    ByRole,
    OnDuty,
)
from standards.flows.reading import read_flow
from standards.flows.versions import FlowDifference, compare_flows
from standards.flows.words import FlowWords
from standards.forms.definition import FormDefinition
from standards.items.flowchart.chain import ChartCase
from standards.items.power_rules import steps_of
from tenants.workflow.models import Flow
from tenants.workflow.queries.candidates import MOST_PEOPLE, RunFacts, people_for
from tenants.workflow.queries.designs import definition_at, design_with_id
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.plugins import plugins_at, ports_at
from tenants.workflow.slots import Judging
from tenants.workflow.states import DesignState

_NOBODY: Final = UUID(int=0)
# known when a run comes there, and not before
_OF_THE_RUN: Final = (ByInitiator, ByInitiatorsLeader, ByChoice, ByDoer, ByExpression, OnDuty)


def flow_with_id(flow_id: UUID) -> Flow:
    """Raises NotFound, also for another hall's."""
    return design_with_id(Flow, flow_id)


def can_redo(flow: Flow) -> bool:
    """Whether something of the draft was undone and can be done again."""
    return flow.revisions.filter(position=flow.position + 1).exists()


def flow_at(flow: Flow, number: int) -> FlowDefinition:
    """A version by its number; ``DRAFT`` is the draft. Raises NotFound."""
    return read_flow(definition_at(flow, number))


def flow_differences(flow: Flow, before: int, after: int) -> list[FlowDifference]:
    """How two versions differ, by their numbers. Raises NotFound for one that is not there."""
    return compare_flows(flow_at(flow, before), flow_at(flow, after))


def drawing_of(flow: Flow, number: int) -> bytes:
    """A version as BPMN 2.0 with its drawing. Raises NotFound."""
    return write_bpmn(flow_at(flow, number))


def form_of_flow(flow: Flow) -> FormDefinition | None:
    """The form that a version published now would be pinned to; None where it carries none or that is a draft yet."""
    newest = flow.form.newest if flow.form else None
    return definition_of(newest) if newest else None


def faults_of_flow(flow: Flow, hall: Hall) -> list[Fault]:
    """Why the draft cannot be published, in Chinese, each by the name of a step or a way."""
    try:
        definition = read_flow(flow.definition)
    except Invalid as refusal:
        return list(refusal.faults) or [Fault("", refusal.message)]
    found = check_flow(definition, form_of_flow(flow), _context(flow, hall, definition))
    found += list(_faults_of_use(flow, hall, definition))[: MOST_FAULTS - len(found)]
    if flow.form and not flow.form.newest:
        found.insert(0, Fault("", f"表单“{flow.form.title}”还没有发布：请先发布表单。"))
    return found


def _faults_of_use(flow: Flow, hall: Hall, definition: FlowDefinition) -> Iterator[Fault]:
    """What apps have against their actions in this flow, and in those that it calls: these run for what it is of."""
    plugins, judged, published = plugins_at(hall), dict[str, Judging](), dict[str, Any]()

    def against(node: PluginNode) -> Iterator[str]:
        plugin = plugins.get(node.plugin)
        if plugin is None or plugin.why_not is None:
            return
        # what it is judged by is read once, however many nodes there are
        judge = judged.get(node.plugin) or judged.setdefault(node.plugin, plugin.why_not(flow))
        yield from (f"{called(node)}：{said}" for said in judge(node.constants))

    for node in definition.nodes:
        if isinstance(node, PluginNode):
            yield from (Fault(node.name, said) for said in against(node))
        elif isinstance(node, CallNode):
            published = published or _published()
            for inner in _called_flows(node.flow, published):
                said = [one for own in inner.nodes if isinstance(own, PluginNode) for one in against(own)]
                yield from (Fault(node.name, f"{called(node)}调用的“{inner.title}”里，{one}") for one in said)


def _called_flows(code: str, published: Mapping[str, Any]) -> Iterator[FlowDefinition]:
    """The flow of this code, and those that it calls in turn, each once."""
    known, waiting = set[str](), [code]
    while waiting:
        code = waiting.pop()
        if code in known or code not in published:
            continue
        known.add(code)
        yield (definition := read_flow(published[code]))
        waiting += [node.flow for node in definition.nodes if isinstance(node, CallNode)]


def flows_calling(flow: Flow) -> list[Flow]:
    """Those whose draft or newest version calls it, and those that call these in turn. A query for each level."""
    found: dict[UUID, Flow] = {flow.pk: flow}
    codes = [flow.code]
    while codes:
        calls = Q()
        for node in ({"type": "call", "flow": code} for code in codes):
            calls |= Q(definition__nodes__contains=[node]) | Q(newest__definition__nodes__contains=[node])
        callers = [one for one in Flow.objects.filter(calls) if one.pk not in found]
        found |= {one.pk: one for one in callers}
        codes = [one.code for one in callers]
    return list(found.values())[1:]


def _context(flow: Flow, hall: Hall, definition: FlowDefinition) -> FlowContext:
    facts = RunFacts(hall_id=hall.pk, initiator_id=_NOBODY, unit_id=None, chosen=(), doer_of=_no_doer, named={})

    def count(who: AnyWho) -> int | None:
        if isinstance(who, _OF_THE_RUN) or (isinstance(who, ByRole) and who.in_unit):
            return None
        return len(people_for(who, facts).people)

    is_calling = any(isinstance(node, CallNode) for node in definition.nodes)
    return FlowContext(
        count_people=_once(count),
        promise=StepLimit.model_validate(flow.promise) if flow.promise else None,
        code=flow.code,
        calls=_calls() if is_calling else None,
        plugins=ports_at(hall),
    )


def _no_doer(_step: str) -> None:
    """Nothing has run yet."""


def _once(count: Callable[[AnyWho], int | None]) -> Callable[[AnyWho], int | None]:
    """A flow asks of the same few rules again and again."""
    known: dict[str, int | None] = {}

    def counted(who: AnyWho) -> int | None:
        key = who.model_dump_json()
        if key not in known:
            known[key] = count(who)
        return known[key]

    return counted


def _calls() -> dict[str, list[str]]:
    return {
        code: [node["flow"] for node in definition["nodes"] if node["type"] == "call"]
        for code, definition in _published().items()
    }


def _published() -> dict[str, Any]:
    """What each published flow says, by its code. One query."""
    published = Flow.objects.filter(state=DesignState.PUBLISHED, newest__isnull=False)
    return dict(published.values_list("code", "newest__definition"))


def people_choices(hall: Hall) -> dict[str, list[tuple[str, str]]]:
    """What a rule of people can name in the hall: roles, departments and people, each with its code and name."""
    roles = [(role.value, str(role.label)) for role in ROLES_AT_WORK]
    own = [(str(one.pk), one.name) for one in own_roles_in_use(hall.pk)]
    staff = Account.objects.filter(positions__hall_id=hall.pk).distinct().order_by("name", "pk")
    people = [(str(pk), name) for pk, name in staff.values_list("pk", "name")[:MOST_PEOPLE]]
    return {"role": [*roles, *own], "unit": unit_choices(hall.pk), "people": people}


def words_of_flow(flow: FlowDefinition, form: FormDefinition | None, hall: Hall) -> FlowWords:
    """The flow in words, with the names of the hall's roles, departments and people."""
    return FlowWords(flow, form, _Names(flow, hall), ports_at(hall))


class _Names:
    """Looks up what a flow names, each kind at most once."""

    def __init__(self, flow: FlowDefinition, hall: Hall) -> None:
        self._hall = hall
        self._rules: list[Any] = [flow.owner, *(step.who for step in flow.steps)]
        self._rules += [keeper for node in flow.nodes if (keeper := getattr(node, "keeper", None))]
        self._known: dict[str, dict[str, str]] = {}

    def __call__(self, kind: str, code: str) -> str:
        if kind not in self._known:
            self._known[kind] = self._names(kind)
        return self._known[kind].get(code, "")

    def _names(self, kind: str) -> dict[str, str]:
        if kind == "role":
            return dict(people_choices(self._hall)["role"])
        if kind == "unit":
            ids = [one.unit_id for one in self._rules if one.kind in {"unit", "on_duty"} and one.unit_id]
            units = Unit.objects.filter(hall_id=self._hall.pk, pk__in=ids)
            return {str(pk): name for pk, name in units.values_list("pk", "name")}
        ids = [pk for one in self._rules if one.kind == "people" for pk in one.account_ids]
        accounts = Account.objects.filter(pk__in=ids, positions__hall_id=self._hall.pk)
        return {str(pk): name for pk, name in accounts.values_list("pk", "name")}


def flow_of_item(code: str) -> FlowDefinition:
    """A first flow out of the chart of the item that has this code now (基本编码 or 实施编码). Raises NotFound for a
    code of no item in force, Conflict for an item without steps."""
    version = items_valid_at(timezone.now()).filter(item=public_item_id(code.strip()[:36])).first()
    if version is None:
        raise NotFound("这个事项现在没有在用的版本。")
    values = version.values
    case = ChartCase(
        case_type=values.get("case_type", ""),
        item_type=version.item.item_type,
        limits=values,
        excluded=values.get("excluded_steps", ()),
    )
    found = from_chart(values.get("name", ""), steps_of(values), case)
    if found is None:
        raise Conflict("这个事项还没有填写办理环节，画不出流程。")
    return found
