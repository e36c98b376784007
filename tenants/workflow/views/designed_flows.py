"""The hall's flows at the desk: the table of them, the page of each with its table of steps, its drawing."""

from functools import partial
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
from province.designers.forms.nodes import FlowNodeForm
from province.designers.forms.whole import FlowWhole
from province.designers.queries.flow_tables import (
    ANY_NODE,
    act_of_button,
    added_kinds,
    drawing_given,
    lines_of_flow,
    placed_faults,
)
from province.rights.queries import may
from standards.flows.graph import called
from standards.flows.nodes import NODE_TITLES, StepLimit
from standards.flows.reading import read_flow
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk
from tenants.workflow.forms.flows import FlowSettings, FlowStarting
from tenants.workflow.layouts import at_design
from tenants.workflow.models import Flow, Form
from tenants.workflow.operations import designs, flows
from tenants.workflow.queries.callable import vocabulary_of
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
    words_of_flow,
)
from tenants.workflow.queries.plugins import known_ports
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
    words = words_of_flow(definition, form_of_flow(found), desk.hall)
    address_of = partial(_address_of_node, flow_id)
    whole = reverse("desk-flow-whole", args=[flow_id])
    context = {
        **design_context(found, desk),
        "lines": lines_of_flow(definition, words, address_of),
        "faults": list(placed_faults(definition, faults_of_flow(found, desk.hall), address_of, whole)),
        "owner": words.owner,
        "is_changed": not newest or newest.definition != found.definition or _has_newer_form(found),
        "settings": _settings(found, None),
        "promise": StepLimit.model_validate(found.promise) if found.promise else None,
        "may_move": may(desk.by, MANAGE, hall_id=desk.hall.pk),
        "revision": None if lock_holder(found, desk.by) else found.revision,
        "added": added_kinds(),
        "can_undo": found.position > 0,
        "can_redo": can_redo(found),
        **{f"{verb}_at": reverse(f"desk-flow-{verb}", args=[flow_id]) for verb in ("change", "undo", "redo")},
    }
    return desk_page(request, desk, "workflow/desk/flow.html", context)


def _address_of_node(flow_id: UUID, name: str) -> str:
    return reverse("desk-flow-node", args=[flow_id, name])


def _has_newer_form(found: Flow) -> bool:
    current = found.form.newest_id if found.form else None
    return bool(found.newest and found.newest.form_version_id != current)


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
        vocabulary=vocabulary_of(found, desk.hall),
        ports=known_ports(),
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
    vocabulary = vocabulary_of(found, desk.hall)
    form = FlowWhole(request.POST or None, flow=read_flow(found.definition), vocabulary=vocabulary)

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
    act = act_of_button(request.POST.get("act", ""), request.POST.get("name", ""))
    if act is None:
        raise Http404
    verb, given = act
    return act_and_return(
        request,
        lambda: flows.change_flow(
            by=desk.by, hall=desk.hall, flow_id=flow_id, act=verb, given=given, revision=revision_posted(request)
        ),
        said="已改好，可以撤销。",
        to="desk-flow",
        args=(flow_id,),
    )


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
    given = drawing_given(
        drawing_of(held, DRAFT),
        held.revision,
        form_of_flow(found),
        vocabulary_of(found, desk.hall),
        save=reverse("hall-api:draw_flow", args=[flow_id]),
        lock=reverse("hall-api:take_flow_lock", args=[flow_id]),
        node=_address_of_node(flow_id, ANY_NODE),
    )
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
