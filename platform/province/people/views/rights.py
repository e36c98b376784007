"""Who may do what (谁能做什么)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from province.console.access import actor_of_request
from province.people.queries.people import substitutes_at, who_may
from province.people.queries.places import hall_names, own_places, place_with_code
from province.rights.permissions import PERMISSIONS, all_permissions
from province.rights.queries import may

_PAGE = 50


@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Pick a permission (and a hall): who has it, and by which position."""
    by = actor_of_request(request, "people.read")
    permission = PERMISSIONS.get(request.GET.get("permission", ""))
    code = request.GET.get("hall", "").strip()[:12]
    place = place_with_code(by, "people.read", code) if code else None
    page = None
    rows = []
    if permission:
        positions = who_may(
            by=by,
            permission=permission.name,
            hall_id=place.hall_id if place else None,
            prefix=place.prefix if place else "",
        )
        page = Paginator(positions, _PAGE).get_page(request.GET.get("page"))
        names, stand_in = hall_names(page), substitutes_at(page)
        rows = [(position, names.get(position.hall_id, ""), stand_in.get(position.pk)) for position in page]
    context = {
        "tab": "rights",
        "permissions": all_permissions(),
        "permission": permission,
        "place": place,
        "code": code,
        "places": own_places(by, "people.read"),
        "is_province": may(by, "people.read"),
        "page": page,
        "rows": rows,
    }
    return render(request, "people/rights.html", context)
