"""One run at the desk: started, read, and done step by step."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import ids_of
from foundation.errors import DomainError, Fault, NotFound
from foundation.rows import draw_id
from standards.forms.posted import nested, read_posted
from standards.forms.rights import Rights
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_part
from tenants.workflow.models import FilledForm
from tenants.workflow.operations import clock, items, returns, runs, signers
from tenants.workflow.operations.run_forms import begin_run_form
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import FormFiller, values_of
from tenants.workflow.queries.flow_starts import startable_version
from tenants.workflow.queries.pages import FormShower, ShownForm
from tenants.workflow.queries.run_access import run_of, run_of_item
from tenants.workflow.queries.run_pages import (
    RunView,
    choosable_steps,
    colleagues_of,
    history_lines,
    run_view,
    step_lines,
)
from tenants.workflow.queries.run_progress import draw_run
from tenants.workflow.queries.running import RunningFlow, running_flow
from tenants.workflow.states import ItemPart

_PHRASES: Final = ("同意。", "同意，请按程序办理。", "请补充材料后再报。", "不同意。", "已阅。")
_SAID: Final = {
    "claim": "已认领，现在由您办理。",
    "put-back": "已放回，其他人可以认领。",
    "return": "已退回。",
    "withdraw": "已撤回，请重新办理。",
    "transfer": "已转办。",
    "delegate": "已委派，对方办完后会回到您这里。",
    "sign": "已加签。",
    "unsign": "已减签。",
    "urge": "已催办。",
    "release": "已继续。",
    "cancel": "已撤销。",
    "terminate": "已终止。",
    "suspend": "已挂起。",
    "resume": "已恢复。",
    "jump": "已跳转。",
    "copy": "已抄送。",
    "message": "已收到消息，流程继续。",
}


@at_part
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:
    """The form with which a flow begins; what is wrong stands beside its fields."""
    version = startable_version(flow_id)
    flow = running_flow(version)
    filled = begin_run_form(by=desk.by, hall=desk.hall, flow_id=flow_id)
    rights = flow.rights_at(flow.walking.start)
    faults: tuple[Fault, ...] = ()
    said = ""
    if request.method == "POST":
        try:
            made = runs.start_run(
                by=desk.by,
                hall=desk.hall,
                flow_id=flow_id,
                title=request.POST.get("_title", ""),
                posted=_posted(request),
                filled_id=filled.pk if filled else None,
                chosen=_chosen(request),
                form_key=_key(request),
            )
        except NotFound:
            raise
        except DomainError as refusal:
            faults, said = refusal.faults, refusal.message
        else:
            messages.success(request, f"已发起，编号 {made.number}。")
            return redirect("desk-run", made.pk)
    context = {
        "place": "work",
        "flow": version.flow,
        "definition": flow.definition,
        "shown": _shown(request, desk, flow, filled, rights, faults),
        "chooses": choosable_steps(flow, flow.walking.start),
        "colleagues": colleagues_of(desk.hall),
        "title": request.POST.get("_title", ""),
        "form_key": request.POST.get("_key", "") or _draw(),
        "refused": said,
        "faults": {one.where: one.message for one in faults},
    }
    return desk_page(request, desk, "workflow/desk/start.html", context, status=422 if said else 200)


@at_part
@require_http_methods(["GET", "POST"])
def run(request: HttpRequest, desk: Desk, run_id: UUID) -> HttpResponse:
    """The run, with its form at the rights of one's own step. POST ends one's work there."""
    view = run_view(desk.by, desk.hall, run_of(desk.by, desk.hall, run_id))
    if request.method == "GET":
        return _page(request, desk, view)
    if view.item is None:
        messages.error(request, "这项工作已经办理，或者不由您办理。")
        return redirect("desk-run", run_id)
    try:
        items.finish_item(
            by=desk.by,
            hall=desk.hall,
            item_id=view.item.pk,
            outcome=request.POST.get("_outcome", ""),
            opinion=request.POST.get("_opinion", ""),
            posted=_posted(request),
            chosen=_chosen(request),
            next_people=ids_of(request.POST.getlist("_next")),
        )
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(request, desk, view, refusal)
    messages.success(request, "已办理。")
    return redirect("desk-run", run_id)


@at_part
@require_POST
def act_on_item(request: HttpRequest, desk: Desk, item_id: UUID, verb: str) -> HttpResponse:
    """Everything else that is done with one item."""
    found = run_of_item(desk.by, desk.hall, item_id)
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "item_id": item_id}
    opinion = request.POST.get("opinion", "")
    people = ids_of(request.POST.getlist("people"))
    acts: dict[str, Callable[[], object]] = {
        "claim": lambda: items.claim_item(**given),
        "put-back": lambda: items.put_back_item(**given),
        "return": lambda: returns.return_item(**given, opinion=opinion, to_step=request.POST.get("to_step", "")),
        "withdraw": lambda: returns.withdraw_item(**given, opinion=opinion),
        "transfer": lambda: signers.transfer_item(**given, to_id=_one(people), opinion=opinion),
        "delegate": lambda: signers.delegate_item(**given, to_id=_one(people), opinion=opinion),
        "sign": lambda: signers.add_signer(**given, people=people, place=_place(request), opinion=opinion),
        "unsign": lambda: signers.remove_signer(**given, opinion=opinion),
        "urge": lambda: signers.urge_item(**given, opinion=opinion),
        "release": lambda: clock.release_item(**given),
    }
    return act_and_return(request, acts[verb], said=_SAID[verb], to="desk-run", args=(found.pk,))


@at_part
@require_POST
def act_on_run(request: HttpRequest, desk: Desk, run_id: UUID, verb: str) -> HttpResponse:
    """What is done with a run as a whole."""
    found = run_of(desk.by, desk.hall, run_id)
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "run_id": found.pk}
    opinion = request.POST.get("opinion", "")
    own = ids_of(request.POST.getlist("item"))
    item_id = own[0] if own else None
    acts: dict[str, Callable[[], object]] = {
        "cancel": lambda: runs.cancel_run(**given, opinion=opinion),
        "terminate": lambda: runs.terminate_run(**given, opinion=opinion, item_id=item_id),
        "suspend": lambda: runs.suspend_run(**given, opinion=opinion),
        "resume": lambda: runs.resume_run(**given, opinion=opinion),
        "jump": lambda: returns.jump_run(
            **given,
            step=request.POST.get("step", ""),
            opinion=opinion,
            instead_of=ids_of(request.POST.getlist("instead_of")),
        ),
        "copy": lambda: signers.copy_run(
            **given, people=ids_of(request.POST.getlist("people")), item_id=item_id, opinion=opinion
        ),
        "message": lambda: clock.deliver_message(**given, message=request.POST.get("message", "")),
    }
    return act_and_return(request, acts[verb], said=_SAID[verb], to="desk-run", args=(found.pk,))


@at_part
@require_GET
def progress(request: HttpRequest, desk: Desk, run_id: UUID) -> HttpResponse:
    """The drawing alone, large."""
    view = run_view(desk.by, desk.hall, run_of(desk.by, desk.hall, run_id))
    context = {"place": "work", "run": view.run, "drawing": draw_run(view)}
    return desk_page(request, desk, "workflow/desk/progress.html", context)


def _page(request: HttpRequest, desk: Desk, view: RunView, refusal: DomainError | None = None) -> HttpResponse:
    faults = refusal.faults if refusal else ()
    needs_people = view.may_manage or view.item is not None
    context = {
        "place": "work",
        "run": view.run,
        "view": view,
        "shown": _shown(request, desk, view.flow, view.run.filled, view.rights, faults),
        "lines": step_lines(view),
        "drawing": draw_run(view),
        "phrases": _PHRASES,
        "colleagues": colleagues_of(desk.hall) if needs_people else [],
        "places": [(one.value, one.label) for one in (ItemPart.BEFORE, ItemPart.BESIDE, ItemPart.AFTER)],
        "acts": {one.value for one in view.acts},
        "refused": refusal.message if refusal else "",
        "faults": {one.where: one.message for one in faults},
        "typed_outcome": request.POST.get("_outcome", ""),
        "typed_opinion": request.POST.get("_opinion", ""),
        "history": history_lines(view),
    }
    return desk_page(request, desk, "workflow/desk/run.html", context, status=422 if refusal else 200)


def _shown(
    request: HttpRequest,
    desk: Desk,
    flow: RunningFlow,
    filled: FilledForm | None,
    rights: Rights,
    faults: tuple[Fault, ...],
) -> ShownForm | None:
    """The form at these rights, with what was typed where it was refused."""
    if filled is None or flow.form is None:
        return None
    who = FormFiller(desk.by)
    posted = _posted(request) if request.method == "POST" else {}
    context = filling_context(desk.hall, who, filled, posted=posted)
    values: Mapping[str, Any] = values_of(desk.hall, filled)
    if posted:
        values = read_posted(flow.form, rights, posted, values, context).values
    shower = FormShower(
        hall=desk.hall, who=who, definition=flow.form, rights=rights, context=context, origins=filled.origins
    )
    return shower.show(values, faults)


def _posted(request: HttpRequest) -> dict[str, object]:
    """The form's own fields: what begins with an underline is the page's."""
    return nested((name, texts) for name, texts in request.POST.lists() if not name.startswith("_"))


def _chosen(request: HttpRequest) -> dict[str, list[UUID]]:
    found = {
        name.removeprefix("_chosen."): texts for name, texts in request.POST.lists() if name.startswith("_chosen.")
    }
    return {step: ids_of(texts) for step, texts in found.items() if ids_of(texts)}


def _one(people: list[UUID]) -> UUID:
    """Who was chosen; an id of nobody where nobody was, which is refused like a stranger's."""
    return people[0] if people else UUID(int=0)


def _place(request: HttpRequest) -> ItemPart:
    found = request.POST.get("place", "")
    return ItemPart(found) if found in ItemPart.values else ItemPart.MAIN


def _key(request: HttpRequest) -> UUID | None:
    found = ids_of([request.POST.get("_key", "")])
    return found[0] if found else None


def _draw() -> str:
    return str(draw_id())
