"""What halls propose, and the answer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_table
from foundation.masking import masked
from province.catalogue.forms.arrangement import AcceptForm, DeclineProposalForm
from province.catalogue.models import Department, Item, Proposal
from province.catalogue.operations import accept_proposal, decline_proposal
from province.catalogue.queries.departments import department_named, departments
from province.catalogue.queries.differences import difference
from province.catalogue.queries.display_values import display_values_of
from province.catalogue.queries.proposals import proposal_in_sight, proposal_table, said_before
from province.catalogue.states import ProposalState
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request
from province.halls.queries import hall_with_id
from province.rights.actors import Actor
from province.rights.queries import may
from standards.items import ELEMENTS

_PAGE = 50
_HEADINGS = ("事项名称", "建议", "服务厅", "理由", "状态", "提出人", "提出时间", "答复", "答复人")


@require_GET
def proposal_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    asked = request.GET.get("state", "")
    state = asked if asked in ProposalState else ""
    rows = proposal_table(by, state=state)
    if request.GET.get("format") in EXPORT_FORMATS:
        return export_table(request.GET["format"], "事项建议", _HEADINGS, _lines(rows.iterator()))
    context = {
        "tabs": tabs_of(by, "proposals"),
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": ProposalState.choices,
    }
    return render(request, "catalogue/proposals.html", context)


@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Show what it would change, in plain words; POST ``act``: accept or decline."""
    by = actor_of_request(request, "catalogue.read")
    found = proposal_in_sight(by, proposal_id)
    is_accepting = request.POST.get("act") == "accept"
    accept = AcceptForm(request.POST if is_accepting else None, departments=_departments(by, found))
    decline = DeclineProposalForm(request.POST if request.method == "POST" and not is_accepting else None)
    if accept.is_valid():
        try:
            item = _accept(by, found, accept.cleaned_data)
        except DomainError as refusal:
            accept.take_faults(refusal)
        else:
            messages.success(request, "已采纳，内容已写进草稿。请核对后报送审核。")
            return redirect("console-item-edit", item_id=item.pk)
    elif decline.is_valid():
        try:
            decline_proposal(by=by, proposal=found, answer=decline.cleaned_data["answer"])
        except DomainError as refusal:
            decline.take_faults(refusal)
        else:
            messages.success(request, "已答复未采纳，服务厅会看到理由。")
            return redirect("console-proposals")
    return _proposal_page(request, by, found, accept, decline)


def _accept(by: Actor, found: Proposal, filled: dict[str, Any]) -> Item:
    name = filled.get("department")
    return accept_proposal(
        by=by,
        proposal=found,
        department=department_named(name) if name else None,
        basic_code=filled.get("basic_code", ""),
        answer=filled["answer"],
    )


def _departments(by: Actor, found: Proposal) -> list[Department] | None:
    """Where a new item may go."""
    if found.item is not None:
        return None
    return [one for one in departments() if may(by, "catalogue.write", unit_id=one.unit_id)]


def _proposal_page(
    request: HttpRequest, by: Actor, found: Proposal, accept: AcceptForm, decline: DeclineProposalForm
) -> HttpResponse:
    before = said_before(by, found)
    may_decline = may(by, "catalogue.write", unit_id=found.item.department.unit_id if found.item else None)
    is_open = found.state != ProposalState.ACCEPTED
    form = accept if accept.errors else decline
    context = {
        "proposal": found,
        "hall": hall_with_id(found.hall_id),
        "changes": difference(before, {**before, **found.values}) if found.item else [],
        "display_values": display_values_of(ELEMENTS, found.values) if found.item is None else [],
        "form": form,
        "accept": accept if is_open and (may_decline or bool(_departments(by, found))) else None,
        "decline": decline if found.state == ProposalState.PROPOSED and may_decline else None,
    }
    return render(request, "catalogue/proposal.html", context, status=422 if form.errors else 200)


def _lines(rows: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    for row in rows:
        yield (
            row.name,
            "修改事项" if row.item_id else "新增事项",
            row.hall_name,
            row.reason,
            row.get_state_display(),
            masked(row.proposed_by_name),
            row.created_at,
            row.answer,
            masked(row.decided_by_name),
        )
