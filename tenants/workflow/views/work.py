"""The inbox of somebody's work in runs of flows."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from foundation.addresses import is_page_here
from foundation.design.forms import ids_of
from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError, NotAllowed
from foundation.exports import EXPORT_FORMATS, list_lines
from foundation.masking import masked
from province.console.access import first_view
from province.console.queries.tables import own_table
from tenants.shell.layouts.desk import PAGE_ROWS, desk_export, desk_page, rows_of_page
from tenants.shell.layouts.site import once_of
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_part
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.background import begin_work_batch
from tenants.workflow.operations.batches import act_on_items
from tenants.workflow.queries.batches import batch_of, batch_outcomes, open_batch_of
from tenants.workflow.queries.calls import call_words
from tenants.workflow.queries.colleagues import openable_runs
from tenants.workflow.queries.flow_starts import startable_flows
from tenants.workflow.queries.work import (
    BOXES,
    DUE_RANGES,
    ITEM_BOXES,
    MOST_COUNTED,
    WorkFilter,
    box_counts,
    filter_choices,
    held_count,
    items_in,
    runs_in,
)
from tenants.workflow.states import TickedWork

_DONE: Final = {
    TickedWork.CLAIM: "已认领 {} 项，在“待办”里办理。",
    TickedWork.PUT_BACK: "已放回 {} 项。",
    TickedWork.FINISH: "已办理 {} 项。",
}


# what is done with all that a box shows, beyond its page
_ON_ALL: Final = {
    "to_claim": (TickedWork.CLAIM,),
    "mine": (TickedWork.FINISH, TickedWork.PUT_BACK),
    "due": (TickedWork.FINISH, TickedWork.PUT_BACK),
    "late": (TickedWork.FINISH, TickedWork.PUT_BACK),
}
_FILTERS: Final = ("box", "words", "flow", "unit", "due", "initiator", "holder")
# one table to people: what they keep of it holds for all kinds of rows
_ITEMS: Final = TableKind(
    "desk.work",
    (
        TableColumn("title", "流程", sort="run__title", is_fixed=True),
        TableColumn("step", "环节", sort="label"),
        TableColumn("due", "期限", sort="due_at"),
        TableColumn("initiator", "发起人", sort="run__initiator_name"),
        TableColumn("number", "编号"),
    ),
    filters=_FILTERS,
)
_HELD: Final = TableKind(
    "desk.work",
    (
        TableColumn("title", "流程", sort="run__title", is_fixed=True),
        TableColumn("step", "环节", sort="label"),
        TableColumn("holder", "办理人", sort="owner_name"),
        TableColumn("since", "停留", sort="created_at"),
        TableColumn("due", "期限", sort="due_at"),
        TableColumn("initiator", "发起人", sort="run__initiator_name"),
        TableColumn("number", "编号"),
    ),
    filters=_FILTERS,
)
_RUNS: Final = TableKind(
    "desk.work",
    (
        TableColumn("title", "流程", sort="title", is_fixed=True),
        TableColumn("status", "状态"),
        TableColumn("begun", "发起时间", sort="created_at"),
        TableColumn("initiator", "发起人", sort="initiator_name"),
        TableColumn("number", "编号"),
    ),
    filters=_FILTERS,
)
_ITEM_HEADINGS: Final = ("编号", "标题", "流程", "环节", "期限", "期限说明", "办理时间", "发起人", "外部系统")
_HELD_HEADINGS: Final = (
    *("编号", "标题", "流程", "环节", "办理人", "到这一环节", "停留天数"),
    *("期限", "期限说明", "发起人"),
)
_RUN_HEADINGS: Final = ("编号", "标题", "流程", "状态", "发起时间", "结束时间", "发起人")


@at_part
@require_GET
def inbox(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One box of it: ``box`` is a key of BOXES. What is narrowed can be kept as a view of one's own."""
    box = request.GET.get("box", "mine")
    box = box if box in BOXES else "mine"
    is_items = box in ITEM_BOXES
    is_held = box == "units"
    table = own_table(desk.by, _HELD if is_held else _ITEMS if is_items else _RUNS, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, table):
        return redirect(first)
    chosen = _chosen(request.GET)
    asked = _asked(chosen, is_items=is_items)
    kind, name = request.GET.get("export", ""), BOXES[box]
    if is_items:
        items = table.in_order(items_in(desk.by, desk.hall, box, asked))
        if kind in EXPORT_FORMATS:
            headings, cells = (_HELD_HEADINGS, _held_cells) if is_held else (_ITEM_HEADINGS, _item_cells)
            return desk_export(desk, kind, name, headings, list_lines(items, cells), **_narrowed(desk, chosen))
        page: Any = rows_of_page(request, items)
    else:
        runs = table.in_order(runs_in(desk.by, box, asked))
        if kind in EXPORT_FORMATS:
            lines = list_lines(runs, _run_cells)
            return desk_export(desk, kind, name, _RUN_HEADINGS, lines, **_narrowed(desk, chosen))
        page = rows_of_page(request, runs)
    outside = call_words([one.pk for one in page]) if box == "outside" else {}
    # the layout says some of them, too
    counts = once_of(request)(box_counts, desk.by, desk.hall) | {"units": held_count(desk.by, desk.hall)}
    is_long = is_items and page.paginator.num_pages > 1
    context = {
        "place": "work",
        "box": box,
        "boxes": [(key, label, counts.get(key)) for key, label in BOXES.items()],
        "most": MOST_COUNTED,
        "is_items": is_items,
        "is_held": is_held,
        "acts": _ON_ALL.get(box, ()),
        "openable": openable_runs(desk.by, desk.hall, page) if is_held else (),
        "page": page,
        "lines": [(one, outside.get(one.pk, one.failure)) for one in page if isinstance(one, WorkItem)],
        "table": table,
        "chosen": chosen,
        "is_narrow": asked.is_narrow,
        "dues": DUE_RANGES.items(),
        "choices": filter_choices(desk.hall),
        "now": timezone.now(),
        "flows": startable_flows(),
        "batch": open_batch_of(desk.by),
        "acts_on_all": _ON_ALL.get(box, ()) if is_long else (),
    }
    return desk_page(request, desk, "workflow/desk/inbox.html", context)


def _item_cells(items: list[WorkItem]) -> Iterator[tuple[Any, ...]]:
    outside = call_words([one.pk for one in items])
    for one in items:
        yield (
            *(one.run.number, one.run.title, one.run.version.flow.title, one.label, one.due_at, one.due_remarks),
            *(one.done_at, masked(one.run.initiator_name), outside.get(one.pk, one.failure)),
        )


def _held_cells(items: list[WorkItem]) -> Iterator[tuple[Any, ...]]:
    for one in items:
        yield (
            *(one.run.number, one.run.title, one.run.version.flow.title, one.label, one.owner_name),
            *(one.created_at, one.days_here, one.due_at, one.due_remarks, masked(one.run.initiator_name)),
        )


def _run_cells(runs: list[Run]) -> Iterator[tuple[Any, ...]]:
    for one in runs:
        yield (
            *(one.number, one.title, one.version.flow.title, one.get_status_display()),
            *(one.created_at, one.ended_at, masked(one.initiator_name)),
        )


def _chosen(query: QueryDict) -> dict[str, str]:
    return {name: query.get(name, "").strip()[:80] for name in _FILTERS[1:]}


def _asked(chosen: dict[str, str], *, is_items: bool) -> WorkFilter:
    return WorkFilter(
        words=chosen["words"],
        flow_id=next(iter(ids_of([chosen["flow"]])), None),
        unit_id=next(iter(ids_of([chosen["unit"]])), None),
        due=chosen["due"] if is_items else "",
        initiator=chosen["initiator"],
        holder=chosen["holder"] if is_items else "",
    )


def _narrowed(desk: Desk, chosen: dict[str, str]) -> dict[str, list[str]]:
    """What a box was narrowed to, as who reads the audit understands it."""
    choices = filter_choices(desk.hall)
    names = dict(choices["flows"]) | dict(choices["units"]) | DUE_RANGES
    return {
        "narrowed": [names.get(chosen[one], "") for one in ("flow", "unit", "due")],
        "words": [chosen[one] for one in ("words", "initiator", "holder")],
    }


@at_part
@require_POST
def act_on_all(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Have everything that the box shows acted on in the background; what is narrowed stays narrowed."""
    box = request.POST.get("box", "")
    act = request.POST.get("act", "")
    if act not in _ON_ALL.get(box, ()):
        messages.error(request, "没有这种批量操作。")
        return redirect("desk-work")
    try:
        batch = begin_work_batch(
            by=desk.by,
            hall=desk.hall,
            box=box,
            asked=_asked(_chosen(request.POST), is_items=True),
            act=TickedWork(act),
            opinion=request.POST.get("opinion", ""),
        )
    except NotAllowed:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('desk-work')}?{urlencode({'box': box})}")
    return redirect("desk-work-batch", batch.pk)


@at_part
@require_GET
def batch(request: HttpRequest, desk: Desk, batch_id: UUID) -> HttpResponse:
    """How far a batch has come, and what came of each item, those that were refused first. Where the card asks again,
    it alone."""
    found = batch_of(desk.by, batch_id)
    if request.htmx and not found.finished_at:  # type: ignore[attr-defined]  # of django-htmx
        return desk_page(request, desk, "workflow/desk/batch.html#card", {"batch": found})
    results = sorted(found.results, key=lambda one: not one[1])
    page = Paginator(results, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"place": "work", "batch": found, "page": page, "lines": batch_outcomes(list(page))}
    answer = desk_page(request, desk, "workflow/desk/batch.html", context)
    if request.htmx:  # type: ignore[attr-defined]  # as above
        # it is done by now: the whole page says what came of it
        answer["HX-Refresh"] = "true"
    return answer


@at_part
@require_POST
def act_on_ticked(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Claim, put back or finish everything that is ticked, with a word about each that was refused."""
    ticked = request.POST.getlist("item")
    try:
        act = TickedWork(request.POST.get("act", ""))
        outcomes = act_on_items(
            by=desk.by,
            hall=desk.hall,
            item_ids=ids_of(ticked),
            act=act,
            outcome=request.POST.get("outcome", ""),
            opinion=request.POST.get("opinion", ""),
        )
    except ValueError:
        messages.error(request, "没有这种批量操作。")
        outcomes, act = [], TickedWork.CLAIM
    except DomainError as refusal:
        messages.error(request, refusal.message)
        outcomes = []
    for one in outcomes:
        if not one.is_done:
            messages.error(request, f"{one.name}：{one.reason}".removeprefix("："))
    if number := sum(one.is_done for one in outcomes):
        messages.success(request, _DONE[act].format(number))
    elif not ticked:
        messages.error(request, "请先勾选。")
    back = request.POST.get("back", "")
    return redirect(back if is_page_here(back) else "desk-work")
