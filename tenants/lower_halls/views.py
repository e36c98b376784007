"""What a hall sees of the halls below it, and what it hands down to them."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_list, export_table
from foundation.masking import masked
from province.catalogue.forms.item_form import elements_of
from province.catalogue.models import Assignment, SubmittedGuide
from province.catalogue.operations.assignments import end_assignment, retry_assignment
from province.catalogue.operations.guide_decisions import decide_guide_below
from province.catalogue.queries.assignments import (
    assignments_of,
    failures_of,
    kinds_below,
    progress_by_assignment,
    progress_of,
)
from province.catalogue.queries.chosen_halls import (
    MOST_FOUND,
    areas_below,
    find_halls_below,
    halls_by_id,
    halls_in_lines,
)
from province.catalogue.queries.departments import departments
from province.catalogue.queries.differences import difference
from province.catalogue.queries.display_values import display_values_of
from province.catalogue.queries.matrix.pages import matrix_context, matrix_export
from province.catalogue.queries.submitted_guides import (
    submitted_guide_in_reach,
    submitted_guides_below,
    with_halls,
)
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.halls.models import HallKind
from province.rights.queries import may, require
from standards.items.codelists import Family
from tenants.services.operations.hand_down import hand_down_items
from tenants.services.queries.access import require_items_clerk
from tenants.services.queries.hand_down import HandDown, assignment_here, hand_down_asked, may_publish_below
from tenants.services.queries.reviewers import halls_waiting_for_nobody
from tenants.shell.layouts.desk import act_and_return, desk_for, desk_page, rows_of_page
from tenants.shell.slots import Desk

at_items = desk_for(require_items_clerk)
_ASSIGNMENT_HEADINGS: Final = ("时间", "事项（项）", "方式", "已认领的服务厅", "进行中", "失败", "停止时间", "下发人")
_GUIDE_HEADINGS: Final = ("基本编码", "事项", "服务厅", "提交人", "提交时间", "没有人能审核")


@at_items
@require_GET
def matrix(request: HttpRequest, desk: Desk) -> HttpResponse:
    require(desk.by, "services.adopt", hall_id=desk.hall.pk)
    context = matrix_context(desk.hall.prefixes[-1], request.GET)
    if request.GET.get("format") in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}事项认领情况"
        return export_table(request.GET["format"], name, *matrix_export(context["matrix"]))
    prefix = desk.hall.prefixes[-1]
    context |= {"place": "matrix", "may_assign": may(desk.by, "catalogue.assign", prefix=prefix)}
    if may(desk.by, "catalogue.review_below", prefix=prefix):
        context["guides_below"] = submitted_guides_below(prefix).count()
    return desk_page(request, desk, "lower_halls/matrix.html", context)


@at_items
@require_GET
def assignments(request: HttpRequest, desk: Desk) -> HttpResponse:
    prefix = desk.hall.prefixes[-1]
    require(desk.by, "catalogue.assign", prefix=prefix)
    rows = assignments_of(prefix)
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        return export_list(kind, f"{desk.hall.short_name}历次下发", _ASSIGNMENT_HEADINGS, rows, _assignment_cells)
    page = rows_of_page(request, rows)
    progress = progress_by_assignment(list(page))
    context = {"place": "assignments", "page": page, "rows": [(one, progress[one.pk]) for one in page]}
    return desk_page(request, desk, "lower_halls/assignments.html", context)


def _assignment_cells(assignments: list[Assignment]) -> Iterator[tuple[Any, ...]]:
    progress = progress_by_assignment(assignments)
    for one in assignments:
        come = progress[one.pk]
        yield (
            *(one.created_at, len(one.item_ids), "齐全的直接公布" if one.publishes else "由各厅完善"),
            *(come.done, come.waiting, come.failed, one.ended_at, masked(one.by_name)),
        )


@at_items
@require_http_methods(["GET", "POST"])
def new_assignment(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET shows what there is to choose; POST looks ahead, goes back to the choice, or (``step=confirm``) does it."""
    require(desk.by, "catalogue.assign", prefix=desk.hall.prefixes[-1])
    asked = hand_down_asked(request.POST if request.method == "POST" else request.GET)
    step = request.POST.get("step", "")
    prefix = desk.hall.prefixes[-1]
    line_faults: tuple[str, ...] = ()
    if step == "all":
        asked = asked.with_all_items()
    elif step == "suggest":
        asked = asked.with_fitting_items(asked.kinds_meant(prefix))
    elif step == "lines":
        named = halls_in_lines(prefix, asked.hall_lines)
        asked, line_faults = asked.with_halls(named.hall_ids), named.faults
    elif step == "fitting":
        asked, step = asked.without(asked.preview(prefix).misfits), "preview"
    refusal: DomainError | None = None
    if step == "confirm":
        try:
            made = hand_down_items(
                by=desk.by,
                hall=desk.hall,
                item_ids=asked.item_ids,
                kinds=asked.kinds,
                hall_ids=asked.hall_ids,
                publishes=asked.publishes,
            )
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, "已下发，各服务厅正在认领。可以离开本页。")
            return redirect("desk-assignment", made.pk)
    context = _choices(desk, asked) | {"refusal": refusal, "line_faults": line_faults}
    if step == "preview":
        context["preview"] = asked.preview(prefix)
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
    chosen = halls_by_id(prefix, asked.hall_ids) if asked.hall_ids else []
    found = []
    if asked.hall_words or asked.hall_area:
        found = find_halls_below(prefix, words=asked.hall_words, area=asked.hall_area)
    return {
        "areas": areas_below(prefix),
        "chosen_halls": chosen,
        "found_halls": [one for one in found if one.id not in asked.hall_ids],
        "most_found": MOST_FOUND,
        "place": "assignments",
        "asked": asked,
        "offers": asked.offers,
        "kinds": [(kind.value, kind.label, number) for kind, number in kinds],
        "families": Family.choices,
        "departments": departments(),
        "may_publish": may_publish_below(desk.by, prefix),
    }


_GUIDES: Final = TableKind(
    "desk.guides_below",
    (
        TableColumn("item", "事项", sort="item__name", is_fixed=True),
        TableColumn("hall", "服务厅"),
        TableColumn("by", "提交人", sort="submitted_by_name"),
        TableColumn("submitted", "提交时间", sort="submitted_at"),
    ),
    filters=(),
)


@at_items
@require_GET
def guides(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show which guides of the halls below wait for a decision."""
    shown = own_table(desk.by, _GUIDES, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    prefix = desk.hall.prefixes[-1]
    require(desk.by, "catalogue.review_below", prefix=prefix)
    found = shown.in_order(submitted_guides_below(prefix).defer("values", "shown_values"))
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        return export_list(kind, f"{desk.hall.short_name}下级待审核", _GUIDE_HEADINGS, found, _guide_cells)
    page = rows_of_page(request, found)
    rows = list(page)
    context = {
        "place": "matrix",
        "page": page,
        "table": shown,
        "rows": with_halls(rows),
        "stuck": halls_waiting_for_nobody(rows),
    }
    return desk_page(request, desk, "lower_halls/guides.html", context)


def _guide_cells(guides: list[SubmittedGuide]) -> Iterator[tuple[Any, ...]]:
    stuck = halls_waiting_for_nobody(guides)
    for one in with_halls(guides):
        yield (
            *(one.guide.item.basic_code, one.guide.item.name, one.hall.short_name),
            *(masked(one.guide.submitted_by_name), one.guide.submitted_at, "是" if one.guide.pk in stuck else ""),
        )


@at_items
@require_http_methods(["GET", "POST"])
def guide(request: HttpRequest, desk: Desk, submitted_id: UUID) -> HttpResponse:
    """Show what a hall below has filled in, and decide on it."""
    require(desk.by, "catalogue.review_below", prefix=desk.hall.prefixes[-1])
    found = submitted_guide_in_reach(desk.by, submitted_id)
    if request.method == "POST":
        is_passed = request.POST.get("act") == "pass"
        try:
            decide_guide_below(
                by=desk.by,
                submitted_id=submitted_id,
                number=posted_number(request.POST.get("number", ""), otherwise=-1),
                is_passed=is_passed,
                reason=request.POST.get("reason", ""),
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("desk-guide-below", submitted_id)
        messages.success(request, "已通过，那里的网站随即显示。" if is_passed else "已退回，填写的人会看到退回的原因。")
        return redirect("desk-guides-below")
    (below,) = with_halls([found])
    context = {
        "place": "matrix",
        "guide": found,
        "lower": below.hall,
        "changes": None if found.shown_values is None else difference(found.shown_values, found.values),
        "display_values": display_values_of(elements_of("hall", found.item.item_type), found.values),
        "why_not": "您参与了这一份的填写，须由其他人审核。" if desk.by.id in found.author_ids else "",
    }
    return desk_page(request, desk, "lower_halls/guide.html", context)
