"""联办 at the desk: what other departments ask of this one about their cases."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.exports import EXPORT_FORMATS, export_list
from foundation.files.store import link_for_readers
from tenants.casework.forms import OpinionForm
from tenants.casework.layouts import at_cases
from tenants.casework.models import JointOpinion
from tenants.casework.operations.joint import give_opinion
from tenants.casework.queries.joint import JOINT_FILTERS, opinion_at_desk, opinion_lines, opinions_at_desk
from tenants.casework.queries.opinions import file_for_opinion, opinion_view
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.layouts.site import redirect_to
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "opinions"}
_HEADINGS: Final = ("办件编号", "事项", "联办机构", "部门", "意见", "期限", "剩余工作日", "转来", "出具")


@at_cases
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``state``: one of JOINT_FILTERS."""
    state = request.GET.get("state", "")
    chosen = state if state in JOINT_FILTERS else "waiting"
    rows = opinions_at_desk(desk, state=chosen)
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}联办意见"
        return export_list(kind, name, _HEADINGS, rows, lambda some: _cells(desk, some))
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
        one = line.opinion
        yield (
            *(one.case.number, one.case.item_name, one.body, line.unit_name, one.get_state_display()),
            *(line.clock.due_on if line.clock else None, line.left, one.created_at, one.given_at),
        )


@at_cases
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, desk: Desk, opinion_id: UUID) -> HttpResponse:
    """One case as a department reads it that is asked about it; POST answers."""
    found = opinion_at_desk(desk, opinion_id)
    form = OpinionForm(request.POST or None)
    if form.carry_out(lambda data: give_opinion(by=desk.by, hall=desk.hall, opinion_id=opinion_id, **data)):
        messages.success(request, "意见已出具，承办部门会看到。")
        return redirect("desk-opinion", found.pk)
    view = opinion_view(desk, opinion_at_desk(desk, opinion_id))
    context = {
        "view": view,
        "case": view.case,
        "opinion": view.line.opinion,
        "shown": view.shown,
        "form": form,
        "files_at": f"{reverse('desk-opinion', args=[found.pk])}files/",
    }
    status = 422 if form.errors else 200
    return desk_page(request, desk, "casework/desk/opinion.html", _PLACE | context, status=status)


@at_cases
@require_GET
def open_file(request: HttpRequest, desk: Desk, opinion_id: UUID, upload_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A short-lived link to a file of the application, for the department that is asked about it."""
    return redirect_to(link_for_readers(file_for_opinion(desk, opinion_at_desk(desk, opinion_id), upload_id), ""))
