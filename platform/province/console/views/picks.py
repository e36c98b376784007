"""What a field that chooses by name offers while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from province.console.access import actor_of_request
from province.console.queries.picks import find_picks


@never_cache
@require_GET
def picks(request: HttpRequest, kind: str) -> HttpResponse:
    by = actor_of_request(request)
    return render(request, "design/picks.html", {"picks": find_picks(by, kind, request.GET.get("q", ""))})
