"""A citizen's cases on a hall's site: what they must do now, where each is, what was said to them, and what was
decided."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from foundation.errors import DomainError, NotFound
from foundation.exports import export_file
from foundation.paper.forms import write_form
from foundation.qr_codes import picture_of
from province.cases.queries.own import own_cases
from province.citizens.access import citizen_of_request
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.casework.forms.serving import OwnServiceForm
from tenants.casework.models import Case
from tenants.casework.operations.own import hand_in_rest, withdraw_own_case
from tenants.casework.operations.serving import (
    ServiceWish,
    ask_for_paper,
    choose_service,
    open_own_case,
    open_own_document,
)
from tenants.casework.queries.applying import own_channel
from tenants.casework.queries.decision_papers import paper_of_decision
from tenants.casework.queries.own_cases import looked_up_case, own_case, own_case_view, own_decision
from tenants.casework.queries.own_drafts import drafts_of_applications
from tenants.casework.queries.own_packages import own_packages
from tenants.casework.queries.papers import documents_of_case
from tenants.casework.queries.serving import CONSENT_TEXT, CONSENT_VERSION, own_service, served_of_decision
from tenants.casework.slots import CASE_PARTS
from tenants.casework.states import SAID_ON_PAGE, ServedPaper
from tenants.engagement.queries.complaints import complaints_about
from tenants.shell.layouts.citizen import citizen_page, for_citizen
from tenants.shell.layouts.own import may_see, own_page
from tenants.shell.layouts.site import absolute, hall_of, redirect_to, site_page
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import Once
from tenants.workflow.queries.filled import filler_of

_MOST_ON_OWN_PAGE: Final = 5
_DECISION: Final = frozenset({ServedPaper.DECISION})


@for_citizen
@require_safe
def cases(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """我的办件: what waits for the citizen first, then what is open; of all halls."""
    context = {
        "cases": own_cases(citizen.pk),
        "packages": own_packages(citizen.pk),
        "drafts": drafts_of_applications(filler_of(citizen)),
    }
    return citizen_page(request, "casework/site/cases.html", context)


@own_page
@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: whole for who applied; without anything personal for who has looked it up by number and phone."""
    citizen = citizen_of_request(request)
    found, is_own = case_for(request, citizen, case_id)
    if found is None:
        return redirect("site-progress")
    if citizen and is_own:
        found = _seen(request, citizen, found, SAID_ON_PAGE)
    look_up = f"{reverse('site-progress')}?{urlencode({'number': found.number})}"
    context: dict[str, Any] = {
        "case": found,
        "view": own_case_view(found, is_looked_up=not is_own),
        "is_own": is_own,
        "parts": [shown for part in shown_at(CASE_PARTS, hall_of(request)) if (shown := part(found))],
        "code": picture_of(absolute(request, look_up)),
    }
    if citizen and is_own:
        context["complaints"] = complaints_about(found.pk, citizen.pk)
        context["service"] = own_service(hall_of(request), found)
        context["documents"] = [one for one in documents_of_case(found) if one.is_made]
        return citizen_page(request, "casework/site/case.html", context)
    return site_page(request, "casework/site/looked_up.html", context, is_own=True)


@for_citizen
@require_POST
def bring(request: HttpRequest, citizen: Citizen, case_id: UUID) -> HttpResponse:
    """补齐了，提交."""
    said = request.POST.get("said", "")
    return _act(
        request,
        case_id,
        lambda hall: hand_in_rest(who=filler_of(citizen), hall=hall, case_id=case_id, said=said),
        "已提交，重新开始看材料是否齐全。",
    )


@for_citizen
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, citizen: Citizen, case_id: UUID) -> HttpResponse:
    """撤回申请: asked once more before it is done."""
    found = own_case(citizen, case_id)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        return _act(
            request,
            case_id,
            lambda hall: withdraw_own_case(who=filler_of(citizen), hall=hall, case_id=case_id, reason=reason),
            "申请已经撤回。",
        )
    if not own_case_view(found).can_withdraw:
        return redirect("site-case", case_id)
    return citizen_page(request, "casework/site/withdraw.html", {"case": found})


@for_citizen
@require_safe
def decision(request: HttpRequest, citizen: Citizen, case_id: UUID) -> HttpResponse:
    """What was decided, with its reasons and what one may do against it."""
    found = own_case(citizen, case_id)
    decided = own_decision(found)
    found = _seen(request, citizen, found, _DECISION)
    served = served_of_decision(found)
    return citizen_page(request, "casework/site/decision.html", {"case": found, "decided": decided, "served": served})


@for_citizen
@require_GET
def decision_paper(request: HttpRequest, citizen: Citizen, case_id: UUID) -> HttpResponse:
    """Write the decision as a PDF."""
    decided = own_decision(own_case(citizen, case_id))
    _seen(request, citizen, decided.case, _DECISION)
    return export_file("pdf", f"决定 {decided.case.number}", write_form(paper_of_decision(hall_of(request), decided)))


@for_citizen
@require_GET
def document(request: HttpRequest, citizen: Citizen, case_id: UUID, document_id: UUID) -> HttpResponse:
    """A short-lived link to a document that the case has given."""
    opened = open_own_document(who=filler_of(citizen), hall=hall_of(request), case_id=case_id, document_id=document_id)
    return redirect_to(opened)


@for_citizen
@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, citizen: Citizen, case_id: UUID) -> HttpResponse:
    """送达方式确认: how documents shall reach the applicant; what they say before service holds."""
    found = own_case(citizen, case_id)
    form = OwnServiceForm(request.POST or None, initial={"way": _way_of(found)})
    done = form.carry_out(
        lambda data: choose_service(
            who=filler_of(citizen),
            hall=hall_of(request),
            case_id=case_id,
            wish=ServiceWish(**data),
            channel=own_channel(request.POST.get("channel", "")),
        )
    )
    if done:
        messages.success(request, "送达方式已确认，以后送达的文书按它办。")
        return redirect("site-case", case_id)
    view = own_service(hall_of(request), found)
    if not view.can_change:
        return redirect("site-case", case_id)
    context = {"case": found, "form": form, "service": view, "consent": CONSENT_VERSION, "text": CONSENT_TEXT}
    return citizen_page(request, "casework/site/service.html", context, status=422 if form.errors else 200)


@for_citizen
@require_POST
def paper(request: HttpRequest, citizen: Citizen, case_id: UUID) -> HttpResponse:
    """要纸质文书: of what was served electronically."""
    return _act(
        request,
        case_id,
        lambda hall: ask_for_paper(who=filler_of(citizen), hall=hall, case_id=case_id),
        "已经告诉承办人，纸质文书会寄给您，或者请您到窗口领取。",
    )


def case_for(request: HttpRequest, citizen: Citizen | None, case_id: UUID) -> tuple[Case | None, bool]:
    """The case, and whether it is the citizen's own. None for a stranger; raises NotFound for another citizen."""
    if citizen:
        try:
            return own_case(citizen, case_id), True
        except NotFound:
            if not may_see(request, case_id):
                raise
    return (looked_up_case(case_id), False) if may_see(request, case_id) else (None, False)


def own_part(hall: Hall, citizen: Citizen, once: Once) -> SafeString:  # noqa: ARG001 - the slot's signature
    """我的办件 on the citizen's own page."""
    found = own_cases(citizen.pk, most=_MOST_ON_OWN_PAGE + 1)
    context = {
        "hall": hall,
        "cases": found[:_MOST_ON_OWN_PAGE],
        "has_more": len(found) > _MOST_ON_OWN_PAGE,
        "drafts": drafts_of_applications(filler_of(citizen)),
    }
    return render_to_string("casework/site/own_part.html", context)


def _seen(request: HttpRequest, citizen: Citizen, case: Case, papers: Collection[ServedPaper]) -> Case:
    """The case, of which these are read now; who only asks for the heads of the answer reads nothing."""
    if request.method != "GET":
        return case
    return open_own_case(filler_of(citizen), hall_of(request), case, papers)


def _way_of(case: Case) -> str:
    choice = case.serving.choice
    return choice.way if choice else ""


def _act(request: HttpRequest, case_id: UUID, act: Any, said: str) -> HttpResponse:
    try:
        act(hall_of(request))
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("site-case", case_id)
