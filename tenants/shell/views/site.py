"""The pages that every hall's site has, whichever apps the hall has."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.design.modes import mode_of
from tenants.shell.layouts.site import (
    absolute,
    for_readers,
    hall_of,
    kept,
    linked_data,
    once_of,
    site_page,
)
from tenants.shell.queries.apps import shown_at
from tenants.shell.queries.opening import (
    calendar_of_page,
    coming_closures,
    is_open,
    opening_lines,
    schema_closures,
    schema_hours,
)
from tenants.shell.slots import SITE


@require_safe
@for_readers
@kept
def home(request: HttpRequest) -> HttpResponse:
    """What the hall's apps show, and where the hall is."""
    hall, once = hall_of(request), once_of(request)
    blocks = [block for part in shown_at(SITE, hall) for block in part.home(hall, once)]
    # of what the elder mode leaves out, too: it says when the site changed
    updated_at = max((block.changed_at for block in blocks if block.changed_at), default=None)
    if mode_of(request):
        blocks = [block for block in blocks if not block.is_more]
    context = {
        "blocks": sorted(blocks, key=lambda block: block.order),
        "is_open": is_open(hall, timezone.now(), calendar_of_page(hall, request.generations)),  # type: ignore[attr-defined]
        "closures": coming_closures(hall, timezone.localdate()),
        "opening_lines": opening_lines(hall),
        "updated_at": updated_at,
        "facts": linked_data(_hall_facts(request)),
        "is_home": True,
    }
    return site_page(request, "shell/home.html", context)


def _hall_facts(request: HttpRequest) -> dict[str, object]:
    """schema.org's GovernmentOffice."""
    hall = hall_of(request)
    facts: dict[str, object] = {
        "@type": "GovernmentOffice",
        "name": hall.name,
        "url": absolute(request, "/"),
        "areaServed": hall.division.name,
        "parentOrganization": {"@type": "GovernmentOrganization", "name": hall.organiser or settings.PROVINCE_NAME},
    }
    if hall.address:
        facts["address"] = {"@type": "PostalAddress", "streetAddress": hall.address, "addressCountry": "CN"}
    if hall.phone:
        facts["telephone"] = hall.phone
    if hall.opening_hours:
        facts["openingHoursSpecification"] = schema_hours(hall)
    if closed := schema_closures(
        hall,
        coming_closures(hall, timezone.localdate()),
        calendar_of_page(hall, request.generations),  # type: ignore[attr-defined]
    ):
        facts["specialOpeningHoursSpecification"] = closed
    return facts


@require_safe
@for_readers
@kept
def accessibility(request: HttpRequest) -> HttpResponse:
    return site_page(request, "shell/accessibility.html", {})


@require_safe
@for_readers
@kept
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows when there is no network."""
    return site_page(request, "shell/offline.html", {})
