"""The first page of the hall's desk."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from province.content.queries.pushes import offered_pushes
from province.halls.queries import site_checks
from tenants.portal.queries.access import Desk
from tenants.portal.queries.desk import articles_at_desk
from tenants.portal.views.desk_frame import at_desk, desk_page

_WAITING = 6


@at_desk
@require_GET
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits, how the site fares in its checks, and its figures."""
    context = {
        "place": "overview",
        "in_review": articles_at_desk(state="review")[:_WAITING],
        "returned": articles_at_desk(state="returned")[:_WAITING],
        "offered": offered_pushes(desk.hall, limit=_WAITING),
        "checks": site_checks(desk.hall),
    }
    return desk_page(request, desk, "overview.html", context)
