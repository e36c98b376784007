"""What the hall proposes to the province, and what became of it."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_list
from foundation.masking import masked
from province.catalogue.forms import ItemForm
from province.catalogue.forms.item_form import elements_of
from province.catalogue.models import ItemVersion, Proposal
from province.catalogue.operations import propose_item
from province.catalogue.queries.differences import difference
from province.catalogue.queries.proposals import proposals_in_sight
from province.rights.queries import may, require
from standards.items import BY_NAME
from tenants.services.forms import NewItemProposalForm, ProposalForm
from tenants.services.layouts import at_items
from tenants.services.queries.desk import accepted_version, adoption_at_desk
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.slots import Desk

_HEADINGS: Final = ("事项", "修改还是新增", "建议", "理由", "状态", "答复", "提出人", "提出时间")


@at_items
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = proposals_in_sight(desk.by, hall=desk.hall)
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        return export_list(kind, f"{desk.hall.short_name}向省里的建议", _HEADINGS, rows, _cells)
    page = rows_of_page(request, rows)
    context = {
        "place": "items",
        "page": page,
        "rows": [(one, difference({}, one.values)) for one in page],
        "may_propose": may(desk.by, "catalogue.propose", hall_id=desk.hall.pk),
    }
    return desk_page(request, desk, "services/desk/proposals.html", context)


def _cells(proposals: list[Proposal]) -> Iterator[tuple[Any, ...]]:
    for one in proposals:
        changes = "；".join(f"{change.label}：{change.after}" for change in difference({}, one.values))
        yield (
            *(one.name, "修改事项" if one.item_id else "新增事项", changes, one.reason, one.get_state_display()),
            *(one.answer, masked(one.proposed_by_name), one.created_at),
        )


@at_items
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Propose an item that the catalogue does not have."""
    require(desk.by, "catalogue.propose", hall_id=desk.hall.pk)
    form = NewItemProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            made = propose_item(
                by=desk.by,
                hall=desk.hall,
                family=form.family(),
                item_type=filled["item_type"],
                values={"name": filled["name"]},
                reason=filled["reason"],
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            return _sent(request, made)
    context = {"place": "items", "form": form}
    return desk_page(request, desk, "services/desk/propose_new.html", context, status=422 if form.errors else 200)


@at_items
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, desk: Desk, adoption_id: UUID) -> HttpResponse:
    """Propose a change. ``?element=``: of which element; then what instead, and why."""
    require(desk.by, "catalogue.propose", hall_id=desk.hall.pk)
    adoption = adoption_at_desk(adoption_id)
    version = accepted_version(adoption)
    elements = elements_of("province", version.item.item_type)
    element = request.GET.get("element", "")
    if element not in {one.name for one in elements}:
        context = {"place": "items", "adoption": adoption, "elements": elements}
        return desk_page(request, desk, "services/desk/propose.html", context)
    form, why = _form(version, element, request), ProposalForm(request.POST or None)
    if form.is_valid() and why.is_valid():
        try:
            made = propose_item(
                by=desk.by,
                hall=desk.hall,
                item=version.item,
                values={element: form.values().get(element)},
                reason=why.cleaned_data["reason"],
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            return _sent(request, made)
    context = {
        "place": "items",
        "adoption": adoption,
        "elements": elements,
        "element": BY_NAME[element],
        "form": form,
        "why": why,
    }
    is_refused = form.is_bound and not form.is_at_rows
    return desk_page(request, desk, "services/desk/propose.html", context, status=422 if is_refused else 200)


def _form(version: ItemVersion, element: str, request: HttpRequest) -> ItemForm:
    return ItemForm(
        family=version.item.family,
        item_type=version.item.item_type,
        part="province",
        values=version.values,
        data=request.POST if request.method == "POST" else None,
        files=request.FILES,
        only=element,
    )


def _sent(request: HttpRequest, made: Proposal) -> HttpResponse:
    messages.success(request, "建议已提交给省里，答复后会显示在本页。")
    return redirect(f"{reverse('desk-proposals')}#proposal-{made.pk}")
