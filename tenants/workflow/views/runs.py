"""One run at the desk: started, read, and done step by step."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import ids_of, posted_number
from foundation.errors import Conflict, DomainError, NotFound
from foundation.rows import draw_id
from province.designers.queries.shown import ShownForm
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk
from tenants.workflow.forms.by_hand import HandAnswerForm
from tenants.workflow.layouts import at_part
from tenants.workflow.models import FilledForm
from tenants.workflow.operations import clock, items, returns, runs, signers
from tenants.workflow.operations.by_hand import answer_by_hand, call_again
from tenants.workflow.operations.filling import save_filling
from tenants.workflow.operations.phrases import add_phrase
from tenants.workflow.operations.run_forms import begin_run_form
from tenants.workflow.queries.filled import FormFiller, begun_run_form
from tenants.workflow.queries.flow_starts import startable_version
from tenants.workflow.queries.phrases import phrases_at
from tenants.workflow.queries.public_line import public_line
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
from tenants.workflow.queries.running import running_flow
from tenants.workflow.queries.uploads import materials_of
from tenants.workflow.slots import RUN_SUBJECTS
from tenants.workflow.states import ItemPart, WorkState
from tenants.workflow.views.step_forms import StepForm, TypedStep, check_files, is_same, unlike

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
    "again": "已经再请求一次，结果出来会显示在这里。",
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
    """The form with which a flow begins; what is wrong stands beside its fields. To look at it keeps nothing."""
    version = startable_version(flow_id)
    flow = running_flow(version)
    filled = begun_run_form(FormFiller(desk.by), version)
    if filled is None and request.FILES:
        # files need a draft to which they belong
        filled = begin_run_form(by=desk.by, hall=desk.hall, flow_id=flow_id)
    form = StepForm(desk, flow, flow.rights_at(flow.walking.start), version.form_version, filled)
    typed = form.typed(request) if request.method == "POST" else None
    refusal: DomainError | None = None
    if typed and typed.act == "keep":
        _keep_draft(desk, flow_id, typed)
        messages.success(request, "已保存为草稿，下次发起这个流程时接着填。")
        return redirect("desk-run-start", flow_id)
    if typed and not typed.is_looking:
        try:
            check_files(typed.refused)
            made = runs.start_run(
                by=desk.by,
                hall=desk.hall,
                flow_id=flow_id,
                title=request.POST.get("_title", ""),
                posted=typed.values,
                filled_id=filled.pk if filled else None,
                chosen=_chosen(request),
                form_key=_key(request),
            )
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
            # what was typed is there again, also on another device
            filled = _keep_draft(desk, flow_id, typed)
            form = replace(form, filled=filled)
        else:
            messages.success(request, f"已发起，编号 {made.number}。")
            return redirect("desk-run", made.pk)
    shown = form.show(typed, refusal.faults if refusal else ())
    if typed and is_same(typed, shown):
        return HttpResponse(status=204)
    context = {
        "place": "work",
        "flow": version.flow,
        "definition": flow.definition,
        "shown": shown,
        "filled": filled,
        "files_at": f"{reverse('desk-filling', args=[filled.pk])}files/" if filled else "",
        "chunks_at": reverse("desk-run-start-chunks", args=[flow_id]),
        "chooses": choosable_steps(flow, flow.walking.start),
        "colleagues": colleagues_of(desk.hall),
        "title": request.POST.get("_title", ""),
        "form_key": request.POST.get("_key", "") or _draw(),
        "refused": refusal.message if refusal else "",
        "faults": {one.where: one.message for one in refusal.faults} if refusal else {},
    }
    return desk_page(request, desk, "workflow/desk/start.html", context, status=422 if refusal else 200)


def _keep_draft(desk: Desk, flow_id: UUID, typed: TypedStep) -> FilledForm | None:
    filled = begin_run_form(by=desk.by, hall=desk.hall, flow_id=flow_id)
    if filled is None:
        return None
    who = FormFiller(desk.by)
    return save_filling(
        who=who, hall=desk.hall, filled_id=filled.pk, posted=typed.values, revision=filled.revision
    ).filled


@at_part
@require_http_methods(["GET", "POST"])
def run(request: HttpRequest, desk: Desk, run_id: UUID) -> HttpResponse:
    """The run, with its form at the rights of one's own step. POST ends one's work there."""
    view = run_view(desk.by, desk.hall, run_of(desk.by, desk.hall, run_id))
    if request.method == "GET":
        return run_page(request, desk, view)
    is_own = view.item is not None and view.item.state == WorkState.CLAIMED
    typed = _form_of(desk, view).typed(request, takes_files=is_own)
    if typed.is_looking:
        return run_page(request, desk, view, typed)
    if typed.act == "phrase":
        return _keep_phrase(request, desk, view, typed)
    # what was on the page: it may be somebody else's by now, and then that is told
    item_id = next(iter(ids_of([request.POST.get("_item", "")])), view.item.pk if view.item else None)
    if item_id is None:
        messages.error(request, "这项工作已经办理，或者不由您办理。")
        return redirect("desk-run", run_id)
    try:
        check_files(typed.refused)
        items.finish_item(
            by=desk.by,
            hall=desk.hall,
            item_id=item_id,
            outcome=request.POST.get("_outcome", ""),
            opinion=request.POST.get("_opinion", ""),
            posted=typed.values,
            chosen=_chosen(request),
            next_people=ids_of(request.POST.getlist("_next")),
            form_revision=typed.revision,
        )
    except NotFound:
        raise
    except DomainError as refusal:
        now = run_view(desk.by, desk.hall, run_of(desk.by, desk.hall, run_id))
        return run_page(request, desk, now, typed, refusal)
    messages.success(request, "已办理。")
    return redirect("desk-run", run_id)


def _keep_phrase(request: HttpRequest, desk: Desk, view: RunView, typed: TypedStep) -> HttpResponse:
    try:
        add_phrase(by=desk.by, hall=desk.hall, text=request.POST.get("_opinion", ""))
    except DomainError as refusal:
        return run_page(request, desk, view, typed, refusal)
    messages.success(request, "已存为您的常用语。")
    return run_page(request, desk, view, typed)


@at_part
@require_POST
def act_on_item(request: HttpRequest, desk: Desk, item_id: UUID, verb: str) -> HttpResponse:
    """Everything else that is done with one item."""
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "item_id": item_id}
    if verb == "claim":
        return _claim(request, desk, item_id)
    found = run_of_item(desk.by, desk.hall, item_id)
    opinion = request.POST.get("opinion", "")
    people = ids_of(request.POST.getlist("people"))
    acts: dict[str, Callable[[], object]] = {
        "put-back": lambda: items.put_back_item(**given),
        "return": lambda: returns.return_item(**given, opinion=opinion, to_step=request.POST.get("to_step", "")),
        "withdraw": lambda: returns.withdraw_item(**given, opinion=opinion),
        "transfer": lambda: signers.transfer_item(**given, to_id=_one(people), opinion=opinion),
        "delegate": lambda: signers.delegate_item(**given, to_id=_one(people), opinion=opinion),
        "sign": lambda: signers.add_signer(**given, people=people, place=_place(request), opinion=opinion),
        "unsign": lambda: signers.remove_signer(**given, opinion=opinion),
        "urge": lambda: signers.urge_item(**given, opinion=opinion),
        "release": lambda: clock.release_item(**given),
        "again": lambda: call_again(**given, opinion=opinion),
    }
    return act_and_return(request, acts[verb], said=_SAID[verb], to="desk-run", args=(found.pk,))


def _claim(request: HttpRequest, desk: Desk, item_id: UUID) -> HttpResponse:
    """Who comes second is told who has it, in the inbox: the run is not theirs to see any more."""
    try:
        item = items.claim_item(by=desk.by, hall=desk.hall, item_id=item_id)
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("desk-work")
    messages.success(request, _SAID["claim"])
    return redirect("desk-run", item.run_id)


@at_part
@require_POST
def by_hand(request: HttpRequest, desk: Desk, item_id: UUID) -> HttpResponse:
    """Say what came of something outside, and go on; what is wrong stands beside its field."""
    view = run_view(desk.by, desk.hall, run_of_item(desk.by, desk.hall, item_id))
    call = next((one for one in view.calls if one.item.pk == item_id), None)
    form = HandAnswerForm(request.POST, call.ports.outputs if call and call.ports else {})

    def act(data: dict[str, Any]) -> object:
        return answer_by_hand(
            by=desk.by, hall=desk.hall, item_id=item_id, answer=form.answer(), opinion=data["opinion"]
        )

    if form.carry_out(act):
        messages.success(request, "已按手工填写的结果继续。")
        return redirect("desk-run", view.run.pk)
    if call is None:
        messages.error(request, "".join(map(str, form.non_field_errors())) or "这一步已经结束。")
        return redirect("desk-run", view.run.pk)
    return run_page(request, desk, view, hand_form=(item_id, form))


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


def _form_of(desk: Desk, view: RunView) -> StepForm:
    return StepForm(desk, view.flow, view.rights, view.run.version.form_version, view.run.filled)


def run_page(
    request: HttpRequest,
    desk: Desk,
    view: RunView,
    typed: TypedStep | None = None,
    refusal: DomainError | None = None,
    *,
    hand_form: tuple[UUID, HandAnswerForm] | None = None,
) -> HttpResponse:
    """The run as it is now; ``typed``: what stands in its form instead of what is kept; ``hand_form``: of an item, as
    it was filled in and refused."""
    forms = dict([hand_form]) if hand_form else {}
    faults = refusal.faults if refusal else ()
    form = _form_of(desk, view)
    shown = form.show(typed, faults)
    if typed and typed.is_looking and is_same(typed, shown):
        return HttpResponse(status=204)
    needs_people = view.may_manage or view.item is not None
    filled = view.run.filled
    history = history_lines(view)
    context = {
        "place": "work",
        "run": view.run,
        "view": view,
        "subjects": [head for one in RUN_SUBJECTS.entries() if (head := one.head(desk.hall, view.run))],
        "calls": [
            (one, forms.get(one.item.pk) or HandAnswerForm(None, one.ports.outputs if one.ports else {}))
            for one in view.calls
        ],
        "shown": shown,
        "filled": filled,
        "materials": materials_of(filled, shown) if filled else [],
        "files_at": f"{reverse('desk-run', args=[view.run.pk])}files/",
        "chunks_at": reverse("desk-filling-chunks", args=[filled.pk]) if filled else "",
        "lines": step_lines(view),
        "line": public_line(view.run),
        "drawing": draw_run(view),
        "phrases": phrases_at(desk.by, view.node),
        "colleagues": colleagues_of(desk.hall) if needs_people else [],
        "places": [(one.value, one.label) for one in (ItemPart.BEFORE, ItemPart.BESIDE, ItemPart.AFTER)],
        "acts": {one.value for one in view.acts},
        "refused": refusal.message if refusal else "",
        "faults": {one.where: one.message for one in faults},
        "typed_outcome": request.POST.get("_outcome", ""),
        "typed_opinion": request.POST.get("_opinion", ""),
        "history": history,
        # why it came, or came back, without a look at everything that was done
        "latest": next((line for line in reversed(history) if line[0].opinion), None) if view.item else None,
        **_meanwhile(request, view, form, shown, refusal),
    }
    status = refusal.status if refusal else 422 if forms else 200
    return desk_page(request, desk, "workflow/desk/run.html", context, status=status)


def _meanwhile(
    request: HttpRequest, view: RunView, form: StepForm, shown: ShownForm | None, refusal: DomainError | None
) -> dict[str, Any]:
    """What others have done since the page was drawn on which something was typed, where that stopped it."""
    if not isinstance(refusal, Conflict):
        return {}
    read = posted_number(request.POST.get("_acts", ""), otherwise=len(view.history))
    return {"meanwhile": history_lines(view)[read:], "differing": unlike(form.show(), shown)}


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
