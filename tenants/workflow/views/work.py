"""The inbox of somebody's work in runs of flows."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from foundation.addresses import is_page_here
from foundation.design.forms import ids_of
from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError
from province.console.access import first_view
from province.console.queries.tables import own_table
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_part
from tenants.workflow.models import WorkItem
from tenants.workflow.operations.batches import TickedWork, act_on_items
from tenants.workflow.queries.calls import call_words
from tenants.workflow.queries.flow_starts import startable_flows
from tenants.workflow.queries.work import (
    BOXES,
    COUNTED,
    DUE_RANGES,
    ITEM_BOXES,
    MOST_COUNTED,
    WorkFilter,
    box_counts,
    filter_choices,
    items_in,
    runs_in,
)

_DONE: Final = {
    TickedWork.CLAIM: "已认领 {} 项，在“待办”里办理。",
    TickedWork.PUT_BACK: "已放回 {} 项。",
    TickedWork.FINISH: "已办理 {} 项。",
}


_FILTERS: Final = ("box", "words", "flow", "unit", "due", "initiator")
# one table to people: what they keep of it holds for both kinds of rows
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


@at_part
@require_GET
def inbox(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One box of it: ``box`` is a key of BOXES. What is narrowed can be kept as a view of one's own."""
    box = request.GET.get("box", "mine")
    box = box if box in BOXES else "mine"
    is_items = box in ITEM_BOXES
    table = own_table(desk.by, _ITEMS if is_items else _RUNS, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, table):
        return redirect(first)
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in _FILTERS[1:]}
    asked = WorkFilter(
        words=chosen["words"],
        flow_id=next(iter(ids_of([chosen["flow"]])), None),
        unit_id=next(iter(ids_of([chosen["unit"]])), None),
        due=chosen["due"] if is_items else "",
        initiator=chosen["initiator"],
    )
    page = (
        rows_of_page(request, table.in_order(items_in(desk.by, desk.hall, box, asked)))
        if is_items
        else rows_of_page(request, table.in_order(runs_in(desk.by, box, asked)))
    )
    outside = call_words([one.pk for one in page]) if box == "outside" else {}
    counts = box_counts(desk.by, desk.hall)
    context = {
        "place": "work",
        "box": box,
        "boxes": [(key, label, counts[key] if key in COUNTED else None) for key, label in BOXES.items()],
        "most": MOST_COUNTED,
        "is_items": is_items,
        "page": page,
        "lines": [(one, outside.get(one.pk, one.failure)) for one in page if isinstance(one, WorkItem)],
        "table": table,
        "chosen": chosen,
        "is_narrow": asked.is_narrow,
        "dues": DUE_RANGES.items(),
        "choices": filter_choices(desk.hall),
        "now": timezone.now(),
        "flows": startable_flows(),
    }
    return desk_page(request, desk, "workflow/desk/inbox.html", context)


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
