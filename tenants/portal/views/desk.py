"""The first page of the hall's desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from province.content.queries.pushes import offered_pushes
from province.halls.queries import site_checks
from province.identity.queries.rights import actor_of_request, may, works_at
from tenants.portal.frames.desk import at_desk, desk_page
from tenants.portal.frames.site import hall_of
from tenants.portal.queries.access import Desk
from tenants.portal.queries.desk import articles_at_desk
from tenants.portal.queries.waiting import waiting_at

_WAITING = 6
_OTHER_PAGES = {
    "citizens.check": "desk-citizens",
    "services.adopt": "desk-items",
    "services.review": "desk-items",
}


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Who writes no texts works at another page: with citizens, or on items."""
    by, hall = actor_of_request(request), hall_of(request)
    if not works_at(by, "portal.write", hall_id=hall.pk):
        for permission, page in _OTHER_PAGES.items():
            if may(by, permission, hall_id=hall.pk):
                return redirect(page)
    return _texts(request)


@at_desk
def _texts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits, how the site fares in its checks, and its figures."""
    context = {
        "place": "overview",
        "in_review": articles_at_desk(desk, state="review")[:_WAITING],
        "returned": articles_at_desk(desk, state="returned")[:_WAITING],
        "offered": offered_pushes(desk.hall, limit=_WAITING),
        "others": list(waiting_at(desk)),
        "checks": site_checks(desk.hall),
    }
    return desk_page(request, desk, "portal/desk/overview.html", context)
