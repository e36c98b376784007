"""The hall's flows at the desk: the table of them, the page of each with its table of steps, its drawing."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.tables import TableColumn, TableKind
from foundation.editing.drafts import lock_holder
from foundation.errors import Conflict, DomainError, Invalid
from province.rights.queries import may
from standards.flows.checks.people import OWNER
from standards.flows.graph import called
from standards.flows.nodes import NODE_TITLES, AnyFlowNode, CallNode, PluginNode, StepLimit
from standards.flows.reading import read_flow
from standards.flows.table import as_table, numbers_of
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk
from tenants.workflow.forms.flows import FlowSettings, FlowStarting, FlowWhole
from tenants.workflow.forms.nodes import FlowNodeForm
from tenants.workflow.forms.people import naming_fields
from tenants.workflow.layouts import at_design
from tenants.workflow.models import Flow, Form
from tenants.workflow.operations import designs, flows
from tenants.workflow.queries.callable import flow_choices, plugin_choices
from tenants.workflow.queries.candidates import MANAGE
from tenants.workflow.queries.designs import DRAFT, all_designs, definition_at, free_code
from tenants.workflow.queries.flow_beginnings import beginning_of_flow
from tenants.workflow.queries.flows import (
    can_redo,
    drawing_of,
    faults_of_flow,
    flow_differences,
    flow_with_id,
    form_of_flow,
    people_choices,
    words_of_flow,
)
from tenants.workflow.states import DesignState
from tenants.workflow.views.designs import (
    DesignAct,
    acts_of_life,
    as_file,
    comparison_context,
    design_context,
    design_table,
    json_file,
    numbers_to_compare,
    place_of,
    revision_posted,
    version_asked,
)

_TABLE: Final = TableKind(
    "desk.flows",
    (
        TableColumn("title", "名称", sort="title", is_fixed=True),
        TableColumn("state", "状态"),
        TableColumn("version", "版本"),
        TableColumn("form", "表单"),
        TableColumn("edited", "最后修改", sort="edited_at"),
    ),
    filters=("search", "state"),
)


@at_design
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    return design_table(request, desk, Flow, _TABLE)


@at_design
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = FlowStarting(request.POST or None, request.FILES or None)
    refused: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            begun = beginning_of_flow(**form.begun())
            title = form.cleaned_data["title"]
            code = free_code(Flow, title)
            made = flows.create_flow(by=desk.by, hall=desk.hall, code=code, title=title, definition=begun.definition)
        except Invalid as refusal:
            form.take_faults(refusal)
            refused = tuple(fault.message for fault in refusal.faults if fault.where not in form.fields)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            for fault in begun.left_out:
                messages.warning(request, fault.message)
            return redirect("desk-flow", made.pk)
    context = {"place": place_of(Flow), "form": form, "refused": refused}
    return desk_page(request, desk, "workflow/desk/flow_new.html", context, status=422 if form.errors else 200)


@at_design
@require_GET
def flow(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:
    """The flow as a table of steps, with what it still lacks."""
    found = flow_with_id(flow_id)
    definition, newest = read_flow(found.definition), found.newest
    words, numbers = words_of_flow(definition, form_of_flow(found), desk.hall), numbers_of(definition)
    sources = {edge.name: edge.source for edge in definition.edges}
    context = {
        **design_context(found, desk),
        "rows": [
            {
                "number": row.number,
                "node": row.node,
                "kind": NODE_TITLES[row.node.type],
                "who": words.who(row.node),
                "decides": words.decides(row.node),
                "limit": words.limit(row.node),
                "ways": [
                    (numbers[way.target], called(definition.named_nodes[way.target]), words.condition(way))
                    for way in row.ways
                ],
            }
            for row in as_table(definition)
        ],
        "faults": [
            (fault.message, _node_of(fault.where, sources), fault.where == OWNER)
            for fault in faults_of_flow(found, desk.hall)
        ],
        "owner": words.owner,
        "is_changed": not newest or newest.definition != found.definition or _has_newer_form(found),
        "settings": _settings(found, None),
        "promise": StepLimit.model_validate(found.promise) if found.promise else None,
        "may_move": may(desk.by, MANAGE, hall_id=desk.hall.pk),
        "can_undo": found.position > 0,
        "can_redo": can_redo(found),
    }
    return desk_page(request, desk, "workflow/desk/flow.html", context)


def _has_newer_form(found: Flow) -> bool:
    current = found.form.newest_id if found.form else None
    return bool(found.newest and found.newest.form_version_id != current)


def _node_of(where: str, sources: dict[str, str]) -> str:
    """The node to whose page a fault leads; "" where it is of the whole."""
    name = where.partition(".")[0]
    return sources.get(name, name)


def _settings(found: Flow, data: Any) -> FlowSettings:
    promise = found.promise or {}
    initial = {
        "form_id": str(found.form_id or ""),
        "amount": promise.get("amount"),
        "unit": promise.get("unit", "working_days"),
        "revision": found.revision,
    }
    form = FlowSettings(data, initial=initial)
    rows = [one for one in all_designs(Form) if one.state != DesignState.RETIRED or one.pk == found.form_id]
    form.offer("form_id", [("", "（不用表单）"), *((str(one.pk), one.title) for one in rows)])
    return form


@at_design
@require_http_methods(["GET", "POST"])
def node(request: HttpRequest, desk: Desk, flow_id: UUID, name: str) -> HttpResponse:
    """Everything of one node: who, what may be decided, rights to fields, limit, risk point, next steps."""
    found = flow_with_id(flow_id)
    definition = read_flow(found.definition)
    if name not in definition.named_nodes:
        raise Http404
    shown = next(one for one in definition.nodes if one.name == name)
    form_definition = form_of_flow(found)
    form = FlowNodeForm(
        request.POST or None,
        node=shown,
        flow=definition,
        form=form_definition,
        choices=people_choices(desk.hall),
        offered=_offered(desk, found, shown),
    )
    if request.method == "POST" and form.is_valid():
        given = {"name": name, "values": form.values(), "ways": form.ways()}
        try:
            flows.change_flow(
                by=desk.by,
                hall=desk.hall,
                flow_id=flow_id,
                act="change_node",
                given=given,
                revision=form.cleaned_data["revision"],
            )
        except (Conflict, Invalid) as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "已保存。")
            # what another one takes is filled in next
            is_other = any(name in form.changed_data for name in ("plugin", "flow"))
            return redirect("desk-flow-node", flow_id, name) if is_other else redirect("desk-flow", flow_id)
    context = {
        "place": place_of(Flow),
        "flow": found,
        "node": shown,
        "kind": NODE_TITLES[shown.type],
        "called": called(shown),
        "form": form,
        "names": form.condition_names(),
    }
    return desk_page(request, desk, "workflow/desk/flow_node.html", context, status=422 if form.errors else 200)


@at_design
@require_http_methods(["GET", "POST"])
def whole(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:
    """What the flow is called, and who has what nobody else has."""
    found = flow_with_id(flow_id)
    form = FlowWhole(request.POST or None, flow=read_flow(found.definition), choices=people_choices(desk.hall))

    def change(data: dict[str, Any]) -> object:
        given = {"values": form.values()}
        revision = data["revision"]
        return flows.change_flow(
            by=desk.by, hall=desk.hall, flow_id=flow_id, act="change_whole", given=given, revision=revision
        )

    if form.carry_out(change):
        messages.success(request, "已保存。")
        return redirect("desk-flow", flow_id)
    context = {"place": place_of(Flow), "flow": found, "form": form}
    return desk_page(request, desk, "workflow/desk/flow_whole.html", context, status=422 if form.errors else 200)


def _offered(desk: Desk, found: Flow, node: AnyFlowNode) -> list[dict[str, Any]]:
    """What a node that calls something can call."""
    if isinstance(node, PluginNode):
        return plugin_choices(desk.hall)
    return flow_choices(found) if isinstance(node, CallNode) else []


@at_design
@require_GET
def compare(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:
    """What differs between two versions, or a version and the draft (number 0)."""
    found = flow_with_id(flow_id)
    numbers = numbers_to_compare(request)
    context = {**comparison_context(found, numbers), "changes": flow_differences(found, *numbers)}
    return desk_page(request, desk, "workflow/desk/compare.html", context)


@at_design
@require_GET
def export(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The draft, or the version that is asked for, as BPMN 2.0 or as JSON that can be brought into another flow."""
    found = flow_with_id(flow_id)
    number = version_asked(request)
    if request.GET.get("format") == "json":
        return json_file(found, definition_at(found, number))
    return as_file(found, "bpmn", drawing_of(found, number), "application/xml")


@at_design
@require_POST
def change(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:
    """Do what a button of the table of steps says."""
    button, _, kind = request.POST.get("act", "").partition(":")
    if button not in _CHANGES:
        raise Http404
    verb, given = _CHANGES[button](request.POST.get("name", ""), kind)
    return act_and_return(
        request,
        lambda: flows.change_flow(
            by=desk.by, hall=desk.hall, flow_id=flow_id, act=verb, given=given, revision=revision_posted(request)
        ),
        said="已改好，可以撤销。",
        to="desk-flow",
        args=(flow_id,),
    )


_ANY_NODE: Final = "any"
_WAIT: Final = {"type": "timer", "label": "等待", "wait": {"amount": 1}}
# what it is called by programs is written on the node's own page
_MESSAGE: Final = {"type": "message", "label": "等待消息", "message": "message"}
# what is called is picked on the node's own page
_OUTSIDE: Final = {"type": "plugin", "label": "外部动作", "plugin": "none"}
_CALL: Final = {"type": "call", "label": "子流程", "flow": "none"}
_CHANGES: Final[dict[str, Callable[[str, str], tuple[str, dict[str, Any]]]]] = {
    "step": lambda name, _: ("add_step", {"after": name, "label": "新的环节"}),
    "branch": lambda name, kind: ("add_branch", {"after": name, "kind": kind}),
    "wait": lambda name, _: ("add_node", {"after": name, "node": _WAIT}),
    "message": lambda name, _: ("add_node", {"after": name, "node": _MESSAGE}),
    "plugin": lambda name, _: ("add_node", {"after": name, "node": _OUTSIDE}),
    "call": lambda name, _: ("add_node", {"after": name, "node": _CALL}),
    "end": lambda *_: ("add_end", {}),
    "delete": lambda name, _: ("delete_node", {"name": name}),
    "up": lambda name, _: ("move_node", {"name": name, "up": True}),
    "down": lambda name, _: ("move_node", {"name": name, "up": False}),
}


@at_design
@require_POST
def settings(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:
    """Which form its runs fill in, and what the hall has promised for the whole."""
    form = _settings(flow_with_id(flow_id), request.POST)
    if not form.is_valid():
        messages.error(request, "没有保存：请选一张本厅的表单，时限写 1 到 1,000 的整数。")
        return redirect("desk-flow", flow_id)
    return act_and_return(
        request,
        lambda: flows.set_up_flow(by=desk.by, hall=desk.hall, flow_id=flow_id, **form.given()),
        said="已保存。",
        to="desk-flow",
        args=(flow_id,),
    )


@at_design
@require_GET
def draw(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:
    """The drawing. Opening it takes the lock; while somebody else holds it, the flow's page says so."""
    found = flow_with_id(flow_id)
    if lock_holder(found, desk.by):
        return redirect("desk-flow", flow_id)
    held = designs.lock_design(by=desk.by, hall=desk.hall, kind=Flow, design_id=flow_id)
    form = form_of_flow(found)
    given = {
        "drawing": drawing_of(held, DRAFT).decode(),
        "revision": held.revision,
        "save": reverse("hall-api:draw_flow", args=[flow_id]),
        "choices": people_choices(desk.hall),
        "plugins": plugin_choices(desk.hall),
        "flows": flow_choices(found),
        "fields": [(name, field.label) for name, field in form.named_fields.items() if field.is_filled] if form else [],
        "people_fields": naming_fields(form),
        # of the page of a node, with a name in it that the island replaces
        "node": reverse("desk-flow-node", args=[flow_id, _ANY_NODE]),
        "any_node": _ANY_NODE,
    }
    context = {"place": place_of(Flow), "flow": held, "given": given}
    return desk_page(request, desk, "workflow/desk/flow_draw.html", context)


@at_design
@require_POST
def act(request: HttpRequest, desk: Desk, flow_id: UUID, verb: str) -> HttpResponse:
    """Do what a button of a flow's page says."""
    revised: dict[str, Any] = {
        "by": desk.by,
        "hall": desk.hall,
        "flow_id": flow_id,
        "revision": revision_posted(request),
    }
    acts: dict[str, DesignAct] = {
        "publish": (lambda: flows.publish_flow(**revised), "已发布，现在就能发起。"),
        "undo": (lambda: flows.step_through_flow_edits(**revised, is_undo=True), "已撤销。"),
        "redo": (lambda: flows.step_through_flow_edits(**revised, is_undo=False), "已恢复。"),
        **acts_of_life(
            desk,
            Flow,
            flow_id,
            retired="已停用，不能再发起；已经发起的继续办完。",
            left="已退出画图，改动都已保存。",
        ),
    }
    carry_out, said = acts[verb]
    return act_and_return(request, carry_out, said=said, to="desk-flow", args=(flow_id,))
