"""The table of halls: filters in the address, acts on many at once, CSV and Excel out."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from foundation.addresses import is_page_here
from foundation.design.tables import TableColumn, TableKind
from foundation.exports import export_table, stream_csv
from province.console.access import actor_of_request, first_view
from province.console.queries.tables import own_table
from province.halls.forms import HallFilter
from province.halls.operations.many_halls import HallStep, step_halls
from province.halls.queries import halls_table, in_pieces, site_check_figures
from province.halls.queries.sites import site_address

_PAGE = 50
_LIGHTS = {"green": "正常", "yellow": "关注", "red": "不合格"}
_TABLE = TableKind(
    "console.halls",
    (
        TableColumn("name", "名称", sort="name", is_fixed=True),
        TableColumn("kind", "类型"),
        TableColumn("state", "状态"),
        TableColumn("light", "检查"),
        TableColumn("articles", "自有文章", sort="figures__own_articles", is_number=True),
        TableColumn("published", "最近发布", sort="figures__last_published_at"),
        TableColumn("active", "最近活动", sort="figures__last_active_at"),
        TableColumn("site", "网站"),
    ),
    filters=("search", "kind", "state", "light", "under"),
)
_HEADINGS = ("区划代码", "名称", "类型", "状态", "域名", "自有文章", "最近发布", "最近活动", "检查结果")


@require_GET
def table(request: HttpRequest) -> HttpResponseBase:
    by = actor_of_request(request, "halls.manage")
    shown_table = own_table(by, _TABLE, request.GET)
    if first := first_view(request, shown_table):
        return redirect(first)
    form = HallFilter(request.GET)
    halls = halls_table(**form.filters())
    match request.GET.get("format"):
        case "csv":
            return stream_csv("服务厅", _HEADINGS, _rows(in_pieces(halls)))
        case "xlsx":
            return export_table("xlsx", "服务厅", _HEADINGS, _rows(in_pieces(halls)))
    shown = Paginator(shown_table.in_order(halls), _PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "halls/halls.html",
        {
            "form": form,
            "table": shown_table,
            "page": shown,
            "halls": [(hall, site_address(hall.domain_name) if hall.domain_name else "") for hall in shown],
            "figures": site_check_figures(by=by)[0],
            "is_filtered": form.is_filtering(),
        },
    )


def _rows(halls: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    for hall in halls:
        yield (
            hall.division.code,
            hall.name,
            hall.get_kind_display(),
            hall.get_state_display(),
            hall.domain_name or "",
            hall.figures.own_articles,
            hall.figures.last_published_at,
            hall.figures.last_active_at,
            _LIGHTS.get(hall.light, "未检查"),
        )


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Act on every ticked hall."""
    by = actor_of_request(request, "halls.manage")
    codes = request.POST.getlist("hall")[:_PAGE]
    step = request.POST.get("act", "")
    if not codes:
        messages.error(request, "请先勾选服务厅。")
    elif step not in HallStep:
        messages.error(request, "请选择要做的操作。")
    else:
        outcomes = step_halls(by=by, codes=codes, step=HallStep(step), reason=request.POST.get("reason", ""))
        if done := sum(one.is_done for one in outcomes):
            messages.success(request, f"已处理 {done:,} 个服务厅。")
        for one in [one for one in outcomes if not one.is_done][:10]:
            messages.error(request, f"{one.name}：{one.reason}")
    back = request.POST.get("back", "")
    return redirect(back if is_page_here(back) else "console-halls")
