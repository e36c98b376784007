"""Services outside: which adapter is active, whether it answers, what went wrong last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from province.console.access import actor_of_request
from province.console.queries.services import SEE, outside_services


@never_cache
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, SEE)
    return render(request, "console/services.html", {"services": outside_services(by=by), "now": timezone.localtime()})
