"""What people apply for at other levels, on a hall's site."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from foundation.search import as_typed
from tenants.services.queries.elsewhere import services_at_other_levels
from tenants.shell.layouts.site import for_readers, hall_of, site_page

_PAGE: Final = 60
_CODE_LENGTH: Final = 12


@require_safe
@for_readers
def services_elsewhere(request: HttpRequest) -> HttpResponse:
    """By the division code ``at`` of a place above. Not kept: it depends on what other halls show."""
    found = services_at_other_levels(hall_of(request), as_typed(request.GET.get("at", ""), _CODE_LENGTH))
    context = {
        "groups": found.groups,
        "chosen": found.chosen,
        "page": Paginator(found.versions, _PAGE).get_page(request.GET.get("page")),
        "turn": f"{urlencode({'at': found.chosen.code})}&" if found.chosen else "",
        "section": reverse("site-services"),
    }
    return site_page(request, "services/site/elsewhere.html", context)
