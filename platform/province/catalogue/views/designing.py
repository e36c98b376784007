"""The designers of the form and the flow of an item's draft: a form's canvas, a flow as table and as drawing."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.errors import Conflict, DomainError, NotFound
from province.catalogue.models import Item
from province.catalogue.operations.designs import (
    change_item_flow,
    lock_item_design,
    step_through_item_flow,
    unlock_item_design,
)
from province.catalogue.queries.designing import (
    blank_form,
    choices_of_every_hall,
    flow_of_draft,
    preview_world,
    standing_of_design,
    vocabulary_of_every_hall,
    words_of_shared_flow,
)
from province.catalogue.queries.designs import faults_of_flow
from province.catalogue.queries.desks import item_at_desk, require_over
from province.console.access import actor_of_request
from province.designers.access import in_sandbox, preview_page
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
from province.designers.queries.form_designs import FormCanvas, outline_of
from province.rights.actors import Actor
from standards.flows.bpmn.writing import write_bpmn
from standards.flows.graph import called
from standards.flows.nodes import NODE_TITLES
from standards.forms.palette import palette

_TABLE: Final = "console-item-flow"
_DESIGNS: Final = "console-item-design"


def _own(request: HttpRequest, item_id: UUID) -> tuple[Actor, Item]:
    """Who designs, and the item. Raises NotFound for what is out of sight, NotAllowed for another department's."""
    by = actor_of_request(request, "catalogue.write")
    found = item_at_desk(by, item_id)
    require_over(by, "catalogue.write", found)
    return by, found


@require_GET
def form(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The designer of the form. Opening it takes the lock; while somebody else holds it, the draft's page says so."""
    by, found = _own(request, item_id)
    try:
        held = lock_item_design(by=by, item=found)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect(_DESIGNS, item_id)
    definition = held.form if held.form is not None else blank_form(found)
    context = {
        "item": found,
        "palette": palette(),
        "given": _canvas(item_id).given(definition, held.revision),
        "outline": outline_of(definition),
    }
    return render(request, "catalogue/item_form.html", context)


def _canvas(item_id: UUID) -> FormCanvas:
    asked = {
        "save": "draft",
        "study": "study",
        "expression": "expressions",
        "names": "names",
        "materials": "materials",
        "lock": "lock",
    }
    return FormCanvas(
        urls={name: reverse(f"province-api:item-form-{word}", args=[item_id]) for name, word in asked.items()},
        choices=choices_of_every_hall(),
        preview_url=reverse("console-item-form-preview", args=[item_id]),
        goal="报送",
        materials="在这个事项草稿的申请材料里找，例如“申请书”。",
    )


@in_sandbox
@require_POST
def preview(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """POST as ``preview_page`` says."""
    by, _ = _own(request, item_id)
    return preview_page(request, partial(preview_world, by))


@require_GET
def flow(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The flow as a table of steps, with what keeps it from every hall."""
    by, found = _own(request, item_id)
    definition, shown = flow_of_draft(found)
    standing = standing_of_design(by, found)
    words = words_of_shared_flow(definition, shown.read_form)
    address_of, whole_at = partial(_address_of_node, item_id), reverse("console-item-flow-whole", args=[item_id])
    faults = faults_of_flow(definition, shown.read_form)
    context = {
        "item": found,
        "flow": definition,
        "owner": words.owner,
        "lines": lines_of_flow(definition, words, address_of),
        "faults": list(placed_faults(definition, faults, address_of, whole_at)),
        "has_form": shown.read_form is not None,
        "design": standing.design,
        "lock_owner": standing.holder,
        "revision": None if standing.holder else standing.design.revision,
        "added": added_kinds(vocabulary_of_every_hall().without),
        "can_undo": standing.can_undo,
        "can_redo": standing.can_redo,
        **{f"{verb}_at": reverse(f"{_TABLE}-{verb}", args=[item_id]) for verb in ("change", "undo", "redo")},
    }
    return render(request, "catalogue/item_flow.html", context)


def _address_of_node(item_id: UUID, name: str) -> str:
    return reverse("console-item-flow-node", args=[item_id, name])


@require_http_methods(["GET", "POST"])
def node(request: HttpRequest, item_id: UUID, name: str) -> HttpResponse:
    """Everything of one node: who, what may be decided, rights to fields, limit, risk point, next steps."""
    by, found = _own(request, item_id)
    definition, drafted = flow_of_draft(found)
    shown = next((one for one in definition.nodes if one.name == name), None)
    if shown is None:
        raise Http404
    filled = FlowNodeForm(
        request.POST or None,
        node=shown,
        flow=definition,
        form=drafted.read_form,
        vocabulary=vocabulary_of_every_hall(),
        ports={},
    )

    def save(data: dict[str, Any]) -> object:
        given = {"name": name, "values": filled.values(), "ways": filled.ways()}
        return change_item_flow(by=by, item=found, act="change_node", given=given, revision=data["revision"])

    if filled.carry_out(save):
        messages.success(request, "已保存。")
        return redirect(_TABLE, item_id)
    context = {
        "item": found,
        "node": shown,
        "kind": NODE_TITLES[shown.type],
        "called": called(shown),
        "form": filled,
        "names": filled.condition_names(),
        "revision": standing_of_design(by, found).design.revision,
    }
    return render(request, "catalogue/item_flow_node.html", context, status=422 if filled.errors else 200)


@require_http_methods(["GET", "POST"])
def whole(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """What the flow is called, and who has what nobody else has."""
    by, found = _own(request, item_id)
    definition, _ = flow_of_draft(found)
    filled = FlowWhole(request.POST or None, flow=definition, vocabulary=vocabulary_of_every_hall())

    def save(data: dict[str, Any]) -> object:
        given = {"values": filled.values()}
        return change_item_flow(by=by, item=found, act="change_whole", given=given, revision=data["revision"])

    if filled.carry_out(save):
        messages.success(request, "已保存。")
        return redirect(_TABLE, item_id)
    context = {"item": found, "form": filled, "revision": standing_of_design(by, found).design.revision}
    return render(request, "catalogue/item_flow_whole.html", context, status=422 if filled.errors else 200)


@require_POST
def change(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Do what a button of the table of steps says."""
    by, found = _own(request, item_id)
    act = act_of_button(request.POST.get("act", ""), request.POST.get("name", ""))
    if act is None:
        raise Http404
    verb, given = act
    changed = partial(change_item_flow, by=by, item=found, act=verb, given=given, revision=_revision(request))
    return _done(request, changed, said="已改好，可以撤销。", to=_TABLE, item_id=item_id)


@require_POST
def undo(request: HttpRequest, item_id: UUID) -> HttpResponse:
    return _step(request, item_id, is_undo=True, said="已撤销。")


@require_POST
def redo(request: HttpRequest, item_id: UUID) -> HttpResponse:
    return _step(request, item_id, is_undo=False, said="已恢复。")


def _step(request: HttpRequest, item_id: UUID, *, is_undo: bool, said: str) -> HttpResponse:
    by, found = _own(request, item_id)
    step = partial(step_through_item_flow, by=by, item=found, revision=_revision(request), is_undo=is_undo)
    return _done(request, step, said=said, to=_TABLE, item_id=item_id)


@require_GET
def draw(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The drawing. Opening it takes the lock; while somebody else holds it, the table says so."""
    by, found = _own(request, item_id)
    flow_of_draft(found)
    try:
        held = lock_item_design(by=by, item=found)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect(_TABLE, item_id)
    definition, shown = flow_of_draft(found)
    given = drawing_given(
        write_bpmn(definition),
        held.revision,
        shown.read_form,
        vocabulary_of_every_hall(),
        save=reverse("province-api:item-flow-drawing", args=[item_id]),
        lock=reverse("province-api:item-form-lock", args=[item_id]),
        node=_address_of_node(item_id, ANY_NODE),
    )
    return render(request, "catalogue/item_flow_draw.html", {"item": found, "flow": definition, "given": given})


@require_POST
def leave_form(request: HttpRequest, item_id: UUID) -> HttpResponse:
    return _unlock(request, item_id, to=_DESIGNS, said="已退出设计，改动都已保存。")


@require_POST
def leave_flow(request: HttpRequest, item_id: UUID) -> HttpResponse:
    return _unlock(request, item_id, to=_TABLE, said="已退出画图，改动都已保存。")


@require_POST
def unlock(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Break somebody else's lock."""
    return _unlock(request, item_id, to=_DESIGNS, said="已解除占用，现在可以修改。", is_forced=True)


def _unlock(request: HttpRequest, item_id: UUID, *, to: str, said: str, is_forced: bool = False) -> HttpResponse:
    by, found = _own(request, item_id)
    act = partial(unlock_item_design, by=by, item=found, is_forced=is_forced)
    return _done(request, act, said=said, to=to, item_id=item_id)


def _revision(request: HttpRequest) -> int:
    return posted_number(request.POST.get("revision", ""), otherwise=-1)


def _done(
    request: HttpRequest, act: Callable[[], object], *, said: str, to: str, item_id: UUID
) -> HttpResponseRedirect:
    """Carry out what a button asked for and go back to its page, with a word about how it went."""
    try:
        act()
    except NotFound:
        raise
    except DomainError as refusal:
        faults = "".join(fault.message for fault in refusal.faults if fault.message != refusal.message)
        messages.error(request, f"{refusal.message}{faults}")
    else:
        messages.success(request, said)
    return redirect(to, item_id)
