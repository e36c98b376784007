"""What a hall sees of the halls below it, and what it hands down to them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.operations.assignments import end_assignment, retry_assignment
from province.catalogue.queries.assignments import (
    assignments_of,
    failures_of,
    kinds_below,
    progress_by_assignment,
    progress_of,
)
from province.catalogue.queries.departments import departments
from province.catalogue.queries.matrix.pages import matrix_context, matrix_export
from province.halls.models import HallKind
from province.rights.queries import may, require
from standards.items.codelists import Family
from tenants.services.operations.hand_down import hand_down_items
from tenants.services.queries.access import require_items_clerk
from tenants.services.queries.hand_down import HandDown, assignment_here, hand_down_asked, may_publish_below
from tenants.shell.layouts.desk import act_and_return, desk_for, desk_page, rows_of_page
from tenants.shell.slots import Desk

at_items = desk_for(require_items_clerk)


@at_items
@require_GET
def matrix(request: HttpRequest, desk: Desk) -> HttpResponse:
    require(desk.by, "services.adopt", hall_id=desk.hall.pk)
    context = matrix_context(desk.hall.prefixes[-1], request.GET)
    if request.GET.get("format") in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}事项认领情况"
        return export_table(request.GET["format"], name, *matrix_export(context["matrix"]))
    may_assign = may(desk.by, "catalogue.assign", prefix=desk.hall.prefixes[-1])
    return desk_page(request, desk, "lower_halls/matrix.html", context | {"place": "matrix", "may_assign": may_assign})


@at_items
@require_GET
def assignments(request: HttpRequest, desk: Desk) -> HttpResponse:
    prefix = desk.hall.prefixes[-1]
    require(desk.by, "catalogue.assign", prefix=prefix)
    page = rows_of_page(request, assignments_of(prefix))
    progress = progress_by_assignment(list(page))
    context = {"place": "assignments", "page": page, "rows": [(one, progress[one.pk]) for one in page]}
    return desk_page(request, desk, "lower_halls/assignments.html", context)


@at_items
@require_http_methods(["GET", "POST"])
def new_assignment(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET shows what there is to choose; POST looks ahead, goes back to the choice, or (``step=confirm``) does it."""
    require(desk.by, "catalogue.assign", prefix=desk.hall.prefixes[-1])
    asked = hand_down_asked(request.POST if request.method == "POST" else request.GET)
    step = request.POST.get("step", "")
    if step == "all":
        asked = asked.with_all_items()
    refusal: DomainError | None = None
    if step == "confirm":
        try:
            made = hand_down_items(
                by=desk.by,
                hall=desk.hall,
                item_ids=asked.item_ids,
                kinds=asked.kinds,
                publishes=asked.publishes,
            )
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, "已下发，各服务厅正在认领。可以离开本页。")
            return redirect("desk-assignment", made.pk)
    context = _choices(desk, asked) | {"refusal": refusal}
    if step == "preview":
        context["preview"] = asked.preview(desk.hall.prefixes[-1])
    return desk_page(
        request, desk, "lower_halls/assignment_new.html", context, status=refusal.status if refusal else 200
    )


@at_items
@require_GET
def assignment(request: HttpRequest, desk: Desk, assignment_id: UUID) -> HttpResponse:
    found = assignment_here(desk.by, desk.hall, assignment_id)
    progress = progress_of(found)
    context = {
        "place": "assignments",
        "assignment": found,
        "progress": progress,
        "failures": failures_of(found),
        "kinds": [HallKind(kind).label for kind in found.kinds],
    }
    return desk_page(request, desk, "lower_halls/assignment.html", context)


@at_items
@require_POST
def act_on_assignment(request: HttpRequest, desk: Desk, assignment_id: UUID, verb: str) -> HttpResponse:
    found = assignment_here(desk.by, desk.hall, assignment_id)
    acts = {
        "retry": (lambda: retry_assignment(by=desk.by, assignment_id=found.pk), "正在重试没有成功的服务厅。"),
        "end": (
            lambda: end_assignment(by=desk.by, assignment_id=found.pk),
            "已停止。还没有认领的服务厅不再认领，已经认领的不受影响。",
        ),
    }
    carry_out, said = acts[verb]
    return act_and_return(request, carry_out, said=said, to="desk-assignment", args=(found.pk,))


def _choices(desk: Desk, asked: HandDown) -> dict[str, Any]:
    prefix = desk.hall.prefixes[-1]
    kinds = kinds_below(prefix)
    return {
        "place": "assignments",
        "asked": asked,
        "offers": asked.offers,
        "kinds": [(kind.value, kind.label, number) for kind, number in kinds],
        "families": Family.choices,
        "departments": departments(),
        "may_publish": may_publish_below(desk.by, prefix),
    }
