"""咨询: somebody asks, gets a number, sees what becomes of it, and asks further."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from foundation.errors import DomainError, NotFound
from foundation.proof_of_work import FIELD
from foundation.rows import draw_id
from province.citizens.access import citizen_of_request
from province.citizens.models import Citizen
from province.people.queries.units import unit_choices
from tenants.engagement.forms import CitizenAskForm, FurtherForm, GuestAskForm
from tenants.engagement.models import Question, QuestionMessage
from tenants.engagement.operations.asking import Guest, Inquiry, ask_as_citizen, ask_as_guest, ask_further
from tenants.engagement.operations.notices import stop_messages
from tenants.engagement.queries.published import published_of
from tenants.engagement.queries.questions import question_with_id, thread_of
from tenants.engagement.queries.readers import halls_to_turn_to
from tenants.engagement.queries.sentences import status_sentence
from tenants.engagement.queries.settings import answer_days
from tenants.engagement.queries.subjects import complaint_subject
from tenants.engagement.states import PublishedState
from tenants.services.queries.shown import shown_item
from tenants.shell.layouts.own import let_see, may_see, own_page
from tenants.shell.layouts.site import hall_of, site_page


@own_page
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, item_id: UUID | None = None) -> HttpResponse:
    """About an item, or about anything else. Who is signed in gives neither name nor phone again."""
    hall, citizen = hall_of(request), citizen_of_request(request)
    version = shown_item(item_id).version if item_id else None
    form_type = CitizenAskForm if citizen else GuestAskForm
    form = form_type(
        request.POST or None,
        units=[] if version else unit_choices(hall.pk),
        initial={"form_id": draw_id()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            question = _asked(request, citizen, item_id, form.cleaned_data)
        except NotFound:
            raise
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            let_see(request, question.pk)
            return redirect("site-question", question_id=question.pk)
    context = {
        "version": version,
        "form": form,
        "citizen": citizen,
        "days": answer_days(),
        "section": reverse("site-engagement"),
    }
    status = 422 if form.errors else 200
    return site_page(request, "engagement/site/ask.html", context, status=status, is_own=True)


@own_page
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """The thread, for who asked or has looked it up; others are asked for number and phone. POST asks further."""
    found, citizen = question_with_id(question_id), citizen_of_request(request)
    is_theirs = citizen is not None and found.citizen_id == citizen.pk
    if not is_theirs and not may_see(request, found.pk):
        return redirect("site-progress")
    form = FurtherForm(request.POST or None)
    if request.method == "POST":
        given: dict[str, Any] = {"hall": hall_of(request), "question_id": found.pk}
        asked = form.carry_out(lambda data: ask_further(**given, text=data["text"], after=data["after"]))
        if asked:
            messages.success(request, "追问已收到。")
            return redirect("site-question", question_id=found.pk)
        found = question_with_id(question_id)
    return _thread_page(request, found, form, is_theirs=is_theirs)


@own_page
@require_POST
def stop(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """No more messages about it, for who asked or has looked it up."""
    found, citizen = question_with_id(question_id), citizen_of_request(request)
    is_theirs = citizen is not None and found.citizen_id == citizen.pk
    if not is_theirs and not may_see(request, found.pk):
        return redirect("site-progress")
    stop_messages(hall=hall_of(request), question_id=found.pk)
    messages.success(request, f"以后不再为这条{found.get_kind_display()}发短信。")
    return redirect("site-question", question_id=found.pk)


def _asked(request: HttpRequest, citizen: Citizen | None, item_id: UUID | None, data: dict[str, Any]) -> Question:
    phone, name = data.pop("phone", ""), data.pop("name", "")
    hall, inquiry = hall_of(request), Inquiry(item_id=item_id, **data)
    if citizen:
        return ask_as_citizen(hall=hall, inquiry=inquiry, citizen=citizen)
    address = str(request.META.get("REMOTE_ADDR", ""))
    guest = Guest(phone=phone, name=name, address=address, proof=request.POST.get(FIELD, ""))
    return ask_as_guest(hall=hall, inquiry=inquiry, guest=guest)


def _thread_page(request: HttpRequest, found: Question, form: FurtherForm, *, is_theirs: bool) -> HttpResponse:
    thread, published = thread_of(found), published_of(found)
    context = {
        "word": "投诉" if found.is_complaint else "问题",
        "case_page": complaint_subject().own_page(found.case_id) if found.case_id and is_theirs else "",
        "thread": thread,
        "question": found,
        "turn_to": halls_to_turn_to(hall_of(request), found),
        "sentence": status_sentence(thread),
        "is_new": len(thread.messages) == 1 and thread.messages[0].kind == QuestionMessage.Kind.QUESTION,
        "is_published": published is not None and published.state == PublishedState.SHOWN,
        "form": form,
        "section": reverse("site-engagement"),
    }
    status = 422 if form.errors else 200
    return site_page(request, "engagement/site/question.html", context, status=status, is_own=True)
