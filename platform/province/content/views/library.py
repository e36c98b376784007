"""The shared library (云稿库): what halls offered upward, and what became of it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError
from province.console.access import actor_of_request
from province.content.operations.library import decline_offer, take_offer
from province.content.queries.library import library_offer, library_offers, uses_of
from province.content.queries.overview import own_desks
from province.content.states import OfferState

_PAGE = 40


@require_GET
def offers(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "content.read")
    own_desks(by, "content.read")
    search, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    page = Paginator(library_offers(search, state), _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "search": search, "state": state, "states": OfferState.choices}
    return render(request, "content/library.html", context)


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
