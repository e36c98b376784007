"""The first page, and the search over everything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from province.content.queries.overview import overview_of
from province.content.queries.search import search_everything
from province.content.queries.waiting import waiting_for
from province.identity.queries.rights import actor_of_request, has_anywhere, may

# where people begin who read no texts
_ELSEWHERE = {
    "halls.manage": "console-halls",
    "people.read": "console-settings",
    "accounts.manage": "console-accounts",
    "catalogue.read": "console-items",
}


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request)
    if not has_anywhere(by, "content.read"):
        for permission, route in _ELSEWHERE.items():
            if has_anywhere(by, permission):
                return redirect(route)
    page = {"overview": overview_of(by), "waiting": waiting_for(by), "is_province": may(by, "halls.manage")}
    return render(request, "content/overview.html", page)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request)
    words = request.GET.get("q", "")[:80]
    return render(request, "content/search.html", {"words": words.strip(), "hits": search_everything(by, words)})
