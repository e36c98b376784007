"""One question at the desk: what was said, and what is done with it."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from foundation.design.forms import FaultyForm
from foundation.errors import DomainError
from province.citizens.models import Citizen
from province.citizens.operations.citizens import REVEAL, reveal_citizen
from province.citizens.operations.guest_contacts import reveal_guest_contact
from province.citizens.queries.notices import notices_about
from province.console.access import require_fresh
from province.opinion.states import QUESTION_TRANSITIONS, QuestionState
from province.people.queries.units import unit_choices
from province.rights.queries import may
from tenants.engagement.forms import (
    CallForm,
    ClosingForm,
    PublicationForm,
    RefusalForm,
    ReplyForm,
    TransferForm,
    WithdrawalForm,
)
from tenants.engagement.layouts import at_questions
from tenants.engagement.models import Question
from tenants.engagement.operations.answering import (
    close_question,
    refuse_question,
    reply_to_question,
    save_reply_draft,
    transfer_question,
)
from tenants.engagement.operations.notices import send_message_again
from tenants.engagement.operations.publication import PUBLISH, publish_answer, withdraw_answer
from tenants.engagement.queries.access import is_question_of, may_over, question_of
from tenants.engagement.queries.published import masked_text, proposed_texts, published_of
from tenants.engagement.queries.questions import draft_of, thread_of
from tenants.engagement.queries.readers import raised_way
from tenants.engagement.queries.settings import WINDOW
from tenants.engagement.queries.subjects import complaint_subject
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk

_FORMS: Final[dict[str, type[FaultyForm]]] = {
    "reply": ReplyForm,
    "transfer": TransferForm,
    "refuse": RefusalForm,
    "close": ClosingForm,
}
_SAID: Final = {
    "reply": "已答复，群众凭编号就能看到。",
    "transfer": "已转办，接手的部门会在“等您处理”里看到。",
    "refuse": "已告知群众去处。",
    "close": "已办结。",
}


@at_questions
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, desk: Desk, question_id: UUID) -> HttpResponse:
    """The thread with its forms. POST carries out one of them: ``act`` is reply, transfer, refuse or close."""
    found = question_of(desk, question_id)
    act = request.POST.get("act", "")
    if act not in _FORMS:
        return _page(request, desk, found)
    form = _form(act, desk, found, request.POST)
    acts: dict[str, Callable[..., object]] = {
        "reply": reply_to_question,
        "transfer": transfer_question,
        "refuse": refuse_question,
        "close": close_question,
    }
    done = form.carry_out(lambda data: acts[act](by=desk.by, hall=desk.hall, question_id=found.pk, **data))
    if done is None:
        return _page(request, desk, question_of(desk, question_id), **{f"{act}_form": form})
    messages.success(request, _SAID[act])
    # what went to another department is its alone
    return redirect("desk-question", found.pk) if is_question_of(desk, found.pk) else redirect("desk-questions")


@at_questions
@require_POST
def draft(request: HttpRequest, desk: Desk, question_id: UUID) -> HttpResponse:
    """Keep what is being written: sent by the page while somebody types, or by a button where no script runs."""

    def save() -> None:
        save_reply_draft(by=desk.by, hall=desk.hall, question_id=question_id, text=request.POST.get("text", ""))

    if request.headers.get("HX-Request"):
        try:
            save()
        except DomainError as refusal:
            return HttpResponse(f"草稿没有存上：{refusal.message}")
        return HttpResponse("草稿已保存，只有您看得到。")
    return act_and_return(request, save, said="草稿已保存，只有您看得到。", to="desk-question", args=(question_id,))


@at_questions
@require_POST
def send_again(request: HttpRequest, desk: Desk, question_id: UUID, notice_id: UUID) -> HttpResponse:
    """Let a message that did not arrive be sent again."""

    def act() -> object:
        return send_message_again(by=desk.by, hall=desk.hall, question_id=question_id, notice_id=notice_id)

    return act_and_return(request, act, said="短信已重新排队，稍后发送。", to="desk-question", args=(question_id,))


@at_questions
@require_POST
def reveal(request: HttpRequest, desk: Desk, question_id: UUID) -> HttpResponse:
    """Show the number to call, in this answer and nowhere else."""
    found = question_of(desk, question_id)
    require_fresh(request)
    form, asker = CallForm(request.POST), thread_of(found).asker
    given: dict[str, Any] = {"by": desk.by, "hall_id": desk.hall.pk}

    def phone(data: dict[str, Any]) -> str:
        if asker is None:
            return ""
        if isinstance(asker, Citizen):
            return reveal_citizen(**given, citizen=asker, field="phone", reason=data["reason"])
        return reveal_guest_contact(**given, guest_contact_id=asker.pk, reason=data["reason"])

    shown = form.carry_out(phone)
    return _page(request, desk, found, call_form=form, phone=shown or "", is_revealed=shown is not None)


@at_questions
@require_http_methods(["GET", "POST"])
def publication(request: HttpRequest, desk: Desk, question_id: UUID) -> HttpResponse:
    """What readers would see, to be gone over. ``act``: preview, publish, or withdraw."""
    found = question_of(desk, question_id)
    thread, published, act = thread_of(found), published_of(found), request.POST.get("act", "")
    begun = (published.asked, published.answered) if published else proposed_texts(found)
    is_writing = act in {"preview", "publish"}
    form = PublicationForm(
        request.POST if is_writing else None, initial=dict(zip(("asked", "answered"), begun, strict=True))
    )
    withdrawal = WithdrawalForm(request.POST if act == "withdraw" else None)
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "question_id": found.pk}
    shown = form.carry_out(lambda data: publish_answer(**given, **data)) if act == "publish" else None
    if shown:
        messages.success(request, "已公开，网站上立即能看到。需要时可以随时撤下。")
        return redirect("desk-question", found.pk)
    hidden = withdrawal.carry_out(lambda data: withdraw_answer(**given, **data)) if act == "withdraw" else None
    if hidden:
        messages.success(request, "已撤下，网站上立即看不到了。")
        return redirect("desk-question", found.pk)
    preview = begun
    if is_writing and form.is_valid():
        preview = (form.cleaned_data["asked"], form.cleaned_data["answered"])
    context = {
        "place": _place_of(found),
        "question": found,
        "thread": thread,
        "published": published,
        "form": form,
        "withdrawal": withdrawal,
        "preview": [masked_text(text, thread) for text in preview],
        "may_publish": may_over(desk.by, PUBLISH, desk.hall, found),
    }
    status = 422 if form.errors or withdrawal.errors else 200
    return desk_page(request, desk, "engagement/desk/publication.html", context, status=status)


def _place_of(found: Question) -> str:
    return "complaints" if found.is_complaint else "questions"


def _form(act: str, desk: Desk, found: Question, posted: Any = None) -> FaultyForm:
    draft = draft_of(found, desk.by.id) if act == "reply" and posted is None else None
    form = _FORMS[act](posted, initial={"text": draft.text} if draft else {})
    if act == "transfer":
        units = [(key, name) for key, name in unit_choices(desk.hall.pk) if key != str(found.unit_id)]
        form.offer("unit_id", [*([("", WINDOW)] if found.unit_id else []), *units])
    return form


def _page(request: HttpRequest, desk: Desk, found: Question, **context: Any) -> HttpResponse:
    thread = thread_of(found)
    forms = {f"{act}_form": _form(act, desk, found) for act in _FORMS}
    allowed = {
        f"may_{act}": QUESTION_TRANSITIONS.allows(found.state, state)
        for act, state in (
            ("reply", QuestionState.ANSWERED),
            ("transfer", QuestionState.WAITING),
            ("refuse", QuestionState.REFUSED),
            ("close", QuestionState.CLOSED),
        )
    }
    page = {
        "place": _place_of(found),
        "case_page": complaint_subject().desk_page(found.case_id) if found.case_id else "",
        "question": found,
        "thread": thread,
        "raised": raised_way(found) if found.is_complaint else None,
        "published": published_of(found),
        "call_form": CallForm(),
        "draft": draft_of(found, desk.by.id),
        "notices": notices_about([found.pk]).get(found.pk, []),
        "may_resend": found.wants_messages,
        "may_reveal": may(desk.by, REVEAL, hall_id=desk.hall.pk),
        "may_publish": may_over(desk.by, PUBLISH, desk.hall, found),
        **forms,
        **allowed,
        **context,
    }
    if found.state == QuestionState.RAISED:
        page |= {"may_reply": False, "may_refuse": False}
    # an answered question waits again only by what its asker says
    page["may_transfer"] = found.state == QuestionState.WAITING and not found.is_complaint
    has_faults = any(one.errors for one in page.values() if isinstance(one, FaultyForm))
    return desk_page(request, desk, "engagement/desk/question.html", page, status=422 if has_faults else 200)
