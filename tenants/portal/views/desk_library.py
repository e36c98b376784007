"""The shared library (云稿库) as a hall sees it."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from foundation.design.tables import TableColumn, TableKind
from foundation.errors import Conflict, Invalid
from foundation.exports import EXPORT_FORMATS, export_list
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.content.queries import library_offer, library_offers, uses_of
from province.content.states import OfferState
from tenants.portal.layouts import at_desk
from tenants.portal.operations.library import pick_offer
from tenants.portal.queries.desk import column_choices
from tenants.portal.queries.library import picked_article
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.slots import Desk

_TABLE: Final = TableKind(
    "desk.library",
    (
        TableColumn("title", "标题", sort="title", is_fixed=True),
        TableColumn("hall", "来自", sort="hall_name"),
        TableColumn("offered", "报送时间", sort="created_at"),
        TableColumn("uses", "被选用", sort="use_count", is_number=True),
        TableColumn("state", "状态"),
    ),
    filters=("search", "whose"),
)
_HEADINGS: Final = ("标题", "来自", "报送时间", "被选用（次）", "状态")


@at_desk
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    search, whose = request.GET.get("search", ""), request.GET.get("whose", "")
    rows = shown.in_order(library_offers(search=search, hall_id=desk.hall.id if whose == "own" else None))
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        return export_list(kind, "云稿库", _HEADINGS, rows, _cells)
    context = {
        "place": "library",
        "page": rows_of_page(request, rows),
        "table": shown,
        "search": search,
        "whose": whose,
    }
    return desk_page(request, desk, "portal/desk/library.html", context)


def _cells(offers: list[Any]) -> Iterator[tuple[Any, ...]]:
    for one in offers:
        yield one.title, one.hall_name, one.created_at, one.use_count, one.get_state_display()


@at_desk
@require_GET
def offer(request: HttpRequest, desk: Desk, offer_id: UUID) -> HttpResponse:
    found = library_offer(offer_id)
    context = {
        "place": "library",
        "offer": found,
        "uses": uses_of(found),
        "is_own": found.hall_id == desk.hall.id,
        "is_declined": found.state == OfferState.DECLINED,
        "picked": picked_article(offer_id),
        "columns": column_choices(),
    }
    return desk_page(request, desk, "portal/desk/offer.html", context)


@at_desk
@require_POST
def pick(request: HttpRequest, desk: Desk, offer_id: UUID) -> HttpResponse:
    try:
        article = pick_offer(
            by=desk.by, hall=desk.hall, offer=library_offer(offer_id), column=request.POST.get("column", "")
        )
    except (Conflict, Invalid) as refusal:
        messages.error(request, refusal.message)
        return redirect("desk-offer", offer_id)
    messages.success(request, "已选用为本厅草稿，修改后提交即可。")
    return redirect("desk-article", article.pk)
