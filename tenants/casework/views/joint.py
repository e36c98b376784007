"""联办 at the desk: what other departments and halls ask of this one about their cases, and whom this one asks."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.exports import EXPORT_FORMATS, list_lines
from foundation.files.store import link_for_readers
from province.people.queries.units import unit_choices
from tenants.casework.forms.cases import SendBackForm
from tenants.casework.forms.joint import AskAnotherForm, EnteredOpinionForm, OpinionForm
from tenants.casework.layouts import at_cases
from tenants.casework.models import JointOpinion
from tenants.casework.operations.joint import give_opinion
from tenants.casework.operations.joint_asked import send_back_request
from tenants.casework.operations.joint_elsewhere import ask_another, enter_opinion
from tenants.casework.queries.joint import (
    JOINT_FILTERS,
    opinion_at_desk,
    opinion_lines,
    opinion_of_own_case,
    opinion_paper,
    opinions_at_desk,
)
from tenants.casework.queries.joint_requests import asked_case, link_for_asked
from tenants.casework.queries.opinions import file_for_opinion, opinion_view
from tenants.casework.views.joint_offers import givers_elsewhere
from tenants.shell.layouts.desk import desk_export, desk_page, rows_of_page
from tenants.shell.layouts.site import redirect_to
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "opinions"}
_HEADINGS: Final = (
    "办件编号",
    "联办编号",
    "事项",
    "征询的服务厅",
    "联办机构",
    "部门",
    "意见",
    "期限",
    "期限说明",
    "剩余工作日",
    "转来",
    "出具",
)


@at_cases
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``state``: one of JOINT_FILTERS."""
    state = request.GET.get("state", "")
    chosen = state if state in JOINT_FILTERS else "waiting"
    rows = opinions_at_desk(desk, state=chosen)
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}联办意见"
        lines = list_lines(rows, lambda some: _cells(desk, some))
        return desk_export(desk, kind, name, _HEADINGS, lines, narrowed=[JOINT_FILTERS[chosen]])
    page = rows_of_page(request, rows)
    context = {
        "page": page,
        "lines": opinion_lines(desk.hall, list(page)),
        "filters": JOINT_FILTERS.items(),
        "chosen": chosen,
    }
    return desk_page(request, desk, "casework/desk/opinions.html", _PLACE | context)


def _cells(desk: Desk, opinions: list[JointOpinion]) -> Iterator[tuple[Any, ...]]:
    for line in opinion_lines(desk.hall, opinions):
        # with what its query has named of the case
        one: Any = line.opinion
        yield (
            *(one.case_number, line.number, one.item_name, line.from_hall, one.body, line.unit_name),
            one.get_state_display(),
            *(line.clock.due_on if line.clock else None, line.assumed_words, line.left, one.created_at, one.given_at),
        )


@at_cases
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, desk: Desk, opinion_id: UUID) -> HttpResponse:
    """One case as a department reads it that is asked about it, by its own hall or another one; POST answers, or sends
    it back to the other hall (``act``: send-back)."""
    found = opinion_at_desk(desk, opinion_id)
    is_back = request.POST.get("act") == "send-back"
    back = SendBackForm(request.POST if is_back else None)
    form = OpinionForm(None if is_back else request.POST or None, request.FILES or None)
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "opinion_id": opinion_id}
    if form.carry_out(lambda data: give_opinion(**given, **data)):
        messages.success(request, "意见已出具，承办部门会看到。")
        return redirect("desk-opinion", found.pk)
    if back.carry_out(lambda data: send_back_request(**given, reason=data["reason"])):
        messages.success(request, "已退回，征询的服务厅会另外请人出具意见。")
        return redirect("desk-opinion", found.pk)
    status = 422 if form.errors or back.errors else 200
    found = opinion_at_desk(desk, opinion_id)
    if found.case_id is None:
        view = asked_case(desk, found)
        context = {"view": view, "opinion": found, "form": form, "back": back}
        return desk_page(request, desk, "casework/desk/asked_opinion.html", _PLACE | context, status=status)
    return _own(request, desk, found, form, status)


def _own(request: HttpRequest, desk: Desk, found: JointOpinion, form: OpinionForm, status: int) -> HttpResponse:
    view = opinion_view(desk, found)
    context = {
        "view": view,
        "case": view.case,
        "opinion": view.line.opinion,
        "shown": view.shown,
        "form": form,
        "files_at": f"{reverse('desk-opinion', args=[found.pk])}files/",
    }
    return desk_page(request, desk, "casework/desk/opinion.html", _PLACE | context, status=status)


@at_cases
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, desk: Desk, opinion_id: UUID) -> HttpResponse:
    """Who has the case asks somebody else for an opinion, or enters what another hall wrote (``act``: enter)."""
    found = opinion_of_own_case(desk, opinion_id)
    assert found.case  # noqa: S101 - of a case of one's own
    is_entered = request.POST.get("act") == "enter"
    posted = request.POST or None
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "opinion_id": opinion_id}
    initial = {"revision": found.case.revision}
    form = AskAnotherForm(
        None if is_entered else posted,
        units=unit_choices(desk.hall.pk),
        givers=givers_elsewhere(desk.hall),
        initial=initial,
    )
    entered = EnteredOpinionForm(posted if is_entered else None, request.FILES or None, initial=initial)
    if form.carry_out(lambda data: ask_another(**given, **data)):
        messages.success(request, "已改请，对方会收到通知。")
        return redirect("desk-case", found.case_id)
    if entered.carry_out(lambda data: enter_opinion(**given, **data)):
        messages.success(request, "意见已录入。")
        return redirect("desk-case", found.case_id)
    context = {
        "case": found.case,
        "line": opinion_lines(desk.hall, [found])[0],
        "form": form,
        "entered": entered,
        "place": "cases",
    }
    status = 422 if form.errors or entered.errors else 200
    return desk_page(request, desk, "casework/desk/ask_another.html", context, status=status)


@at_cases
@require_GET
def open_paper(request: HttpRequest, desk: Desk, opinion_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A short-lived link to the document that came with an opinion, for who has the case and who gave it."""
    return redirect_to(link_for_readers(opinion_paper(desk, opinion_id), ""))


@at_cases
@require_GET
def open_file(request: HttpRequest, desk: Desk, opinion_id: UUID, upload_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A short-lived link to a file of the application, for the department that is asked about it."""
    found = opinion_at_desk(desk, opinion_id)
    if found.case_id is None:
        return redirect_to(link_for_asked(found, upload_id))
    return redirect_to(link_for_readers(file_for_opinion(desk, found, upload_id), ""))
