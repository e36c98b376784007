"""Who may do what (谁能做什么)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from province.console.access import actor_of_request
from province.people.queries.people import substitutes_at, who_may
from province.people.queries.places import hall_names
from province.people.views.places import chosen_place
from province.rights.permissions import PERMISSIONS, all_permissions

_PAGE = 50


@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Pick a permission (and a hall): who has it, and by which position."""
    by = actor_of_request(request, "people.read")
    permission = PERMISSIONS.get(request.GET.get("permission", ""))
    choice = chosen_place(request, by, "people.read")
    place = choice.place if choice.place.code and request.GET.get("hall") else None
    page = None
    rows = []
    if permission and not choice.form.errors:
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
        "choice": choice,
        "page": page,
        "rows": rows,
    }
    return render(request, "people/rights.html", context)
