"""What was sent to accounts outside, and what never arrived (dead deliveries)."""

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from foundation.addresses import is_page_here
from foundation.design.forms import ids_of
from foundation.design.tables import TableColumn, TableKind
from foundation.exports import EXPORT_FORMATS, export_list
from province.console.access import actor_of_request, first_view
from province.console.queries.tables import own_table
from province.content.models import ChannelDelivery
from province.content.operations.many_deliveries import TickedAct, act_on_deliveries
from province.content.queries.accounts import deliveries_table
from province.content.states import DeliveryState

_PAGE = 50
_TABLE: Final = TableKind(
    "console.deliveries",
    (
        TableColumn("title", "内容", is_fixed=True),
        TableColumn("account", "账号", sort="account__name"),
        TableColumn("act", "操作"),
        TableColumn("state", "状态", is_fixed=True),
        TableColumn("attempts", "次数", sort="attempts", is_number=True),
        TableColumn("reason", "原因"),
        TableColumn("time", "时间", sort="next_attempt_at"),
    ),
    filters=("state",),
)
_HEADINGS: Final = ("内容", "账号", "操作", "状态", "次数", "原因", "时间")


@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "accounts.manage")
    shown = own_table(by, _TABLE, request.GET)
    if first := first_view(request, shown):
        return redirect(first)
    state = request.GET.get("state", "")
    rows = shown.in_order(deliveries_table(by=by, state=state if state in DeliveryState.values else ""))
    if (kind := request.GET.get("format", "")) in EXPORT_FORMATS:
        return export_list(kind, "投递记录", _HEADINGS, rows, _cells)
    context = {
        "table": shown,
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": DeliveryState.choices,
    }
    return render(request, "content/deliveries.html", context)


def _cells(deliveries: list[ChannelDelivery]) -> Iterator[tuple[Any, ...]]:
    for one in deliveries:
        yield (
            *(one.push.version.title, one.account.name if one.account else "读者的应用", one.get_act_display()),
            *(one.get_state_display(), one.attempts, one.last_error, one.finished_at or one.next_attempt_at),
        )


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try every ticked dead delivery again."""
    return _act_on_ticked(request, TickedAct.RETRY, "已重新投递 {:,} 条，稍后刷新查看结果。")


@require_POST
def done(request: HttpRequest) -> HttpResponse:
    """Of every ticked delivery that people had to do by hand: it is done."""
    return _act_on_ticked(request, TickedAct.DONE, "已标记 {:,} 条为人工处理完毕。")


def _act_on_ticked(request: HttpRequest, act: TickedAct, success: str) -> HttpResponse:
    by = actor_of_request(request, "accounts.manage")
    ticked = request.POST.getlist("delivery")[:_PAGE]
    ids = ids_of(ticked)
    outcomes = act_on_deliveries(by=by, delivery_ids=ids, act=act)
    if len(ids) < len(ticked):
        messages.error(request, "没有这次投递。")
    for one in outcomes:
        if not one.is_done:
            messages.error(request, f"{one.name}：{one.reason}".removeprefix("："))
    if number := sum(one.is_done for one in outcomes):
        messages.success(request, success.format(number))
    elif not ticked:
        messages.error(request, "请先勾选投递。")
    back = request.POST.get("back", "")
    return redirect(back if is_page_here(back) else "console-deliveries")
