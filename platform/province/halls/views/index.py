"""The province's public home page: every open hall, by city, and the way to the nearest."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from province.halls.queries.sites import find_sites, site_index, sites_below


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:40]
    under = request.GET.get("under", "").strip()[:12]
    page = {
        "province": settings.PROVINCE_NAME,
        "sign_in": settings.LOGIN_URL,
        "words": words,
        "groups": site_index() if not (words or under) else [],
        "found": find_sites(words) if words else sites_below(under) if under else [],
        "is_list": bool(words or under),
    }
    response = render(request, "halls/index.html", page)
    response["Cache-Control"] = "no-cache"
    return response
