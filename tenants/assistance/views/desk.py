"""代办 at the desk: what was taken in for people, and where it is."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.exports import EXPORT_FORMATS, list_lines
from foundation.files.store import link_for_readers
from foundation.masking import masked
from province.cases.queries.parcels import parcel_of
from province.cases.queries.referrals import offers_above
from province.halls.queries.sites import site_of_hall
from tenants.assistance.forms import AssistanceBeginning
from tenants.assistance.layouts import at_assistance
from tenants.assistance.models import Assistance
from tenants.assistance.operations.handing_over import end_consent, take_back_assistance
from tenants.assistance.operations.searches import note_assistance_search
from tenants.assistance.operations.taking_in import begin_assistance, drop_assistance
from tenants.assistance.queries.asked import can_bring
from tenants.assistance.queries.assistances import (
    assistance_here,
    assistance_lines,
    assistances_here,
    file_of_assistance,
    whole_files,
)
from tenants.assistance.states import AssistanceState
from tenants.shell.layouts.desk import act_and_return, desk_export, desk_page, rows_of_page
from tenants.shell.layouts.site import redirect_to
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "assistance"}
_HEADINGS: Final = ("事项", "给谁办", "代办编号", "办理的服务厅", "情况", "办件编号", "对方期限", "代办人", "开始")


@at_assistance
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    chosen = {"words": request.GET.get("words", "").strip(), "state": request.GET.get("state", "")}
    if chosen["words"]:
        note_assistance_search(by=desk.by, hall=desk.hall, words=chosen["words"])
    rows = assistances_here(desk.hall, **chosen)
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        narrowed = [dict(AssistanceState.choices).get(chosen["state"], "")]
        name, lines = f"{desk.hall.short_name}代办", list_lines(rows, lambda some: _cells(desk, some))
        return desk_export(desk, kind, name, _HEADINGS, lines, narrowed=narrowed, words=[chosen["words"]])
    page = rows_of_page(request, rows)
    context = {
        "page": page,
        "lines": assistance_lines(desk.hall, list(page)),
        "chosen": chosen,
        "states": AssistanceState.choices,
        "has_offers": offers_above(desk.hall).exists(),
    }
    return desk_page(request, desk, "assistance/assistances.html", _PLACE | context)


def _cells(desk: Desk, rows: list[Assistance]) -> Iterator[tuple[Any, ...]]:
    for line in assistance_lines(desk.hall, rows):
        one, last = line.assistance, line.last
        yield (
            *(one.item_name, line.applicant.shown_name if line.applicant else "", one.number),
            *(last.referral.to_hall.name if last else one.hall_name, line.state_words),
            *(last.receipt.case_number if last and last.receipt else "", last.due_words if last else ""),
            *(masked(one.clerk_name), one.created_at),
        )


@at_assistance
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """For which item, for whom, and how they have agreed; then the form of the hall above."""
    offers = [(str(one.pk), f"{one.item_name}（{one.hall.name}）") for one in offers_above(desk.hall)]
    form = AssistanceBeginning(request.POST or None, offers=offers)
    begun = form.carry_out(lambda _: begin_assistance(by=desk.by, hall=desk.hall, **form.begun()))
    if begun:
        return redirect("desk-assistance-form", begun.pk)
    context = {"form": form, "has_offers": bool(offers)}
    return desk_page(request, desk, "assistance/new.html", _PLACE | context, status=422 if form.errors else 200)


@at_assistance
@require_GET
def assistance(request: HttpRequest, desk: Desk, assistance_id: UUID) -> HttpResponse:
    """What was handed over, where it is, and what has to be done now; a draft is filled in."""
    found = assistance_here(assistance_id)
    if found.state == AssistanceState.DRAFT:
        return redirect("desk-assistance-form", found.pk)
    (line,) = assistance_lines(desk.hall, [found])
    doing = line.last.referral.to_hall if line.last else None
    context = {
        "line": line,
        "assistance": found,
        "fields": parcel_of(line.last.referral) if line.last else [],
        "files": whole_files(found),
        "doing": doing,
        "doing_site": site_of_hall(doing) if doing else "",
        "can_bring": can_bring(line),
    }
    return desk_page(request, desk, "assistance/assistance.html", _PLACE | context)


@at_assistance
@require_POST
def take_back(request: HttpRequest, desk: Desk, assistance_id: UUID) -> HttpResponse:
    return act_and_return(
        request,
        lambda: take_back_assistance(by=desk.by, hall=desk.hall, assistance_id=assistance_id),
        said="已取回，可以改了再交办。",
        to="desk-assistance",
        args=(assistance_id,),
    )


@at_assistance
@require_POST
def end(request: HttpRequest, desk: Desk, assistance_id: UUID) -> HttpResponse:
    """The person has withdrawn their agreement."""
    return act_and_return(
        request,
        lambda: end_consent(by=desk.by, hall=desk.hall, assistance_id=assistance_id),
        said="已按本人的意思撤回，填的内容和照片会删除。",
        to="desk-assistances",
    )


@at_assistance
@require_POST
def drop(request: HttpRequest, desk: Desk, assistance_id: UUID) -> HttpResponse:
    return act_and_return(
        request,
        lambda: drop_assistance(by=desk.by, hall=desk.hall, assistance_id=assistance_id),
        said="草稿已删除，填的内容和照片也会删除。",
        to="desk-assistances",
    )


@at_assistance
@require_GET
def open_file(request: HttpRequest, desk: Desk, assistance_id: UUID, file_id: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """A short-lived link to a picture or a paper."""
    return redirect_to(link_for_readers(file_of_assistance(assistance_here(assistance_id), file_id), ""))
