"""The shared library (云稿库): what halls offered upward, and what became of it."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_list
from foundation.masking import masked
from province.console.access import actor_of_request
from province.content.operations.library import decline_offer, take_offer
from province.content.queries.library import library_offer, library_offers, uses_of
from province.content.queries.overview import own_desks
from province.content.states import OfferState

_PAGE = 40
_HEADINGS: Final = ("标题", "报送的服务厅", "状态", "使用次数", "报送人", "报送时间")


@require_GET
def offers(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "content.read")
    own_desks(by, "content.read")
    search, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    rows = library_offers(search, state)
    if (kind := request.GET.get("format", "")) in EXPORT_FORMATS:
        return export_list(kind, "云稿库", _HEADINGS, rows, _cells)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "search": search, "state": state, "states": OfferState.choices}
    return render(request, "content/library.html", context)


def _cells(offers: list[Any]) -> Iterator[tuple[Any, ...]]:
    for one in offers:
        yield (
            *(one.title, one.hall_name, one.get_state_display(), one.use_count),
            *(masked(one.offered_by_name), one.created_at),
        )


@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "content.read")
    desks = own_desks(by)
    found = library_offer(offer_id)
    error = ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "take":
                desk = request.POST.get("desk_prefix") or desks[0].prefix
                manuscript = take_offer(by=by, offer=found, desk_prefix=desk)
                messages.success(request, "已选用为本编辑部的稿件，可以修改后送审。")
                return redirect("console-manuscript", manuscript_id=manuscript.pk)
            decline_offer(by=by, offer=found, reason=request.POST.get("reason", ""))
            messages.success(request, "已退回，报送的服务厅会看到原因。")
            return redirect("console-library")
        except DomainError as refusal:
            error = refusal.message
    context = {"offer": found, "uses": uses_of(found), "desks": desks, "error": error}
    return render(request, "content/offer.html", context, status=422 if error else 200)
