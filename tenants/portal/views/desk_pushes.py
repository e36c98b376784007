"""Pushes at the hall's desk: what is offered, what is shown, what was decided."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import NotFound
from foundation.exports import EXPORT_FORMATS, export_table
from foundation.masking import masked
from province.content.models import HallPushDecision
from province.content.queries import desk_name
from province.content.queries.pushes import DecidedPush, ListedPush, decided_pushes, offered_pushes, push_meant_for
from province.content.states import PushMode
from tenants.portal.forms import DeclineForm
from tenants.portal.layouts import at_desk
from tenants.portal.operations import decisions
from tenants.portal.queries.decisions import column_names, decision_about, shown_pushes
from tenants.portal.queries.desk import column_choices
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk

_DECISIONS = dict(HallPushDecision.Decision.choices)


@dataclass(frozen=True, slots=True)
class PushRow:
    """A push in a table, with the names of its column and its desk."""

    push: ListedPush
    column_name: str
    desk_name: str


@dataclass(frozen=True, slots=True)
class DecidedRow:
    push: DecidedPush
    label: str
    column_name: str


@at_desk
@require_GET
def offered(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = _rows(offered_pushes(desk.hall))
    if request.GET.get("export") in EXPORT_FORMATS:
        return _file(request.GET["export"], desk, rows, "推荐栏目", "推荐时间")
    context = {"place": "pushes", "tab": "offered", "rows": rows}
    return desk_page(request, desk, "portal/desk/pushes.html", context)


@at_desk
@require_GET
def shown(request: HttpRequest, desk: Desk) -> HttpResponse:
    chosen = request.GET.get("column", "")
    rows = _rows(shown_pushes(desk.hall, column=chosen))
    if request.GET.get("export") in EXPORT_FORMATS:
        return _file(request.GET["export"], desk, rows, "栏目", "发布时间")
    context = {
        "place": "pushes",
        "tab": "shown",
        "rows": rows,
        "columns": column_choices(only_shown=True),
        "chosen": chosen,
    }
    return desk_page(request, desk, "portal/desk/pushes.html", context)


@at_desk
@require_GET
def decided(request: HttpRequest, desk: Desk) -> HttpResponse:
    names = column_names()
    rows = [
        DecidedRow(push, _DECISIONS[push.decision], names.get(push.column, push.column))
        for push in decided_pushes(desk.hall)
    ]
    if request.GET.get("export") in EXPORT_FORMATS:
        headings = ["标题", "处置", "栏目", "原因", "处置人", "处置时间"]
        lines = (
            [one.title, row.label, row.column_name, one.reason, masked(one.decided_by_name), one.decided_at]
            for row in rows
            for one in [row.push]
        )
        return export_table(request.GET["export"], f"{desk.hall.short_name}已处置的推稿", headings, lines)
    return desk_page(request, desk, "portal/desk/pushes.html", {"place": "pushes", "tab": "decided", "rows": rows})


@at_desk
@require_GET
def push(request: HttpRequest, desk: Desk, push_id: UUID) -> HttpResponse:
    """The text as readers see it or would see it, and what the hall may decide about it."""
    found = push_meant_for(desk.hall, push_id)
    if found is None or found.published_at is None:
        raise NotFound("没有这篇推稿，可能不是推给本厅的。")
    decision = decision_about(desk.hall, push_id)
    context = {
        "place": "pushes",
        "push": found,
        "text": found.shown if found.is_listed else None,
        "from_desk": desk_name(found.desk_prefix),
        "is_offered": found.mode == PushMode.OFFERED,
        "decision": decision,
        "column_name": column_names().get((decision and decision.column) or found.column, found.column),
        "wanted_column": (decision and decision.column) or found.column,
        "columns": column_choices(only_shown=True),
        "decline_form": DeclineForm(),
    }
    return desk_page(request, desk, "portal/desk/push.html", context)


@at_desk
@require_POST
def act(request: HttpRequest, desk: Desk, push_id: UUID, verb: str) -> HttpResponse:
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "push_id": push_id}
    column, reason = request.POST.get("column", ""), request.POST.get("reason", "")
    acts = {
        "adopt": (lambda: decisions.adopt_push(**given, column=column), "已采用，网站上现在就能看到。"),
        "decline": (
            lambda: decisions.decline_push(**given, reason=reason),
            "已登记为不采用。可以在“已处置”中撤销。",
        ),
        "move": (lambda: decisions.move_push(**given, column=column), "已移到新的栏目。可以在“已处置”中撤销。"),
        "undo": (lambda: decisions.undo_decision(**given), "已撤销，恢复到处置之前。"),
    }
    carry_out, said = acts[verb]
    return act_and_return(request, carry_out, said=said, to="desk-push", args=(push_id,))


def _file(kind: str, desk: Desk, rows: list[PushRow], column: str, published: str) -> HttpResponse:
    lines = ([row.push.title, row.desk_name, row.column_name, row.push.published_at] for row in rows)
    return export_table(kind, f"{desk.hall.short_name}推稿", ["标题", "来自", column, published], lines)


def _rows(pushes: list[ListedPush]) -> list[PushRow]:
    columns = column_names()
    desks = {prefix: desk_name(prefix) for prefix in {push.desk_prefix for push in pushes}}
    return [PushRow(push, columns.get(push.column, push.column), desks[push.desk_prefix]) for push in pushes]
