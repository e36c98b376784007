"""各厅的日历: what halls have arranged for themselves, for who keeps the province's calendars."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from foundation.design.tables import TableColumn, TableKind
from foundation.exports import EXPORT_FORMATS, export_table
from province.console.access import actor_of_request, first_view
from province.console.queries.tables import own_table
from province.workdays.operations.calendars import MANAGE
from province.workdays.queries.hall_days import every_halls_days

_PAGE = 50
_TABLE = TableKind(
    "console.hall_days",
    (
        TableColumn("hall", "服务厅", sort="hall__division__code", is_fixed=True),
        TableColumn("days", "日期", sort="first_on"),
        TableColumn("kind", "安排"),
        TableColumn("note", "原因"),
        TableColumn("limits", "期限"),
        TableColumn("state", "状态"),
        TableColumn("set", "设于", sort="created_at"),
    ),
    filters=("place", "past"),
)
_HEADINGS = ("服务厅", "区划代码", "开始", "结束", "安排", "原因", "期限", "状态", "设于", "撤销于")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """``place``: the first digits of the halls' codes; ``past``: those that are over, too."""
    by = actor_of_request(request, MANAGE)
    table = own_table(by, _TABLE, request.GET)
    if first := first_view(request, table):
        return redirect(first)
    filters = {name: request.GET.get(name, "").strip()[:12] for name in ("place", "past")}
    since = None if filters["past"] else timezone.localdate()
    rows = table.in_order(every_halls_days(prefix=filters["place"], since=since))
    if request.GET.get("format") in EXPORT_FORMATS:
        return export_table(request.GET["format"], "各厅的日历", _HEADINGS, map(_line, rows.iterator()))
    context = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "table": table,
        "filters": filters,
        "is_filtered": any(filters.values()),
    }
    return render(request, "workdays/halls.html", context)


def _line(one: Any) -> tuple[object, ...]:
    return (
        *(one.hall.name, one.hall.division.code, one.first_on, one.last_on, one.get_kind_display(), one.note),
        *("随之顺延" if one.moves_limits else "照常", one.get_state_display(), one.created_at, one.lifted_at),
    )
