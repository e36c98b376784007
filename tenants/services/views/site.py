"""办事 on a hall's site: what there is, by groups and by words, and the page of one item."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from foundation.errors import NotFound
from foundation.qr_codes import picture_of
from province.catalogue.queries.guide import Guide
from standards.items.facets import Facet
from tenants.services.queries.absent import absent_item
from tenants.services.queries.directory import directory, items_in_group
from tenants.services.queries.finding import FILTERS, MOST_HITS, find
from tenants.services.queries.guide_pages import guide_page
from tenants.services.queries.shown import shown_item, versions_to_list
from tenants.services.slots import GUIDE
from tenants.shell.layouts.site import absolute, for_readers, hall_of, kept, linked_data, site_page
from tenants.shell.queries.apps import shown_at

_PAGE = 60
_LONGEST_SEARCH = 60
_LONGEST_CHOICE = 120


@require_safe
@for_readers
@kept
def services(request: HttpRequest) -> HttpResponse:
    found = directory()
    groups = [(facet, found.of(facet)) for facet in Facet if found.of(facet)]
    return _page(request, "services.html", {"total": found.total, "groups": groups})


@require_safe
@for_readers
@kept
def everything(request: HttpRequest) -> HttpResponse:
    versions = versions_to_list()
    page = Paginator(versions, _PAGE).get_page(request.GET.get("page"))
    return _page(request, "group.html", {"label": "全部事项", "page": page})


@require_safe
@for_readers
@kept
def group(request: HttpRequest, facet: str, value: str) -> HttpResponse:
    found = items_in_group(facet, value)
    page = Paginator(found.versions, _PAGE).get_page(request.GET.get("page"))
    context = {"label": found.label, "facet": found.facet, "page": page}
    return _page(request, "group.html", context)


@require_safe
@for_readers
def search(request: HttpRequest) -> HttpResponse:
    """Search by ``q``, narrowed down by facets of the address."""
    words = _asked(request, "q", _LONGEST_SEARCH)
    chosen = {facet: text for facet in FILTERS if (text := _asked(request, facet.value, _LONGEST_CHOICE))}
    found = find(words, chosen) if words else None
    context = {
        "asked": words,
        "found": found,
        "filters": [
            (facet, chosen.get(facet, ""), found.filters.get(facet, []))
            for facet in FILTERS
            if found and (facet in chosen or any(one.count < len(found.hits) for one in found.filters.get(facet, [])))
        ],
        "is_narrowed": bool(chosen),
        "most": MOST_HITS,
    }
    return _page(request, "find.html", context)


@require_safe
@for_readers
@kept
def guide(request: HttpRequest, item_id: UUID) -> HttpResponse:
    try:
        page = guide_page(item_id, address=absolute(request, request.path))
    except NotFound:
        return _absent(request, item_id)
    parts = shown_at(GUIDE, hall_of(request))
    context = {
        "links": parts,
        "below": [found for part in parts if (found := part.below(item_id))],
        "shown": page,
        "guide": page.guide,
        "guide_html": _guide_html(page.guide, page.version.sample_note, has_chart=page.chart is not None),
        "chart": page.chart,
        "facts": linked_data(page.facts),
    }
    return _page(request, "guide.html", context)


@require_safe
@for_readers
@kept
def guide_code(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The address of the item's page as a QR code. Drawn apart, for readers who want it."""
    shown_item(item_id)
    address = absolute(request, reverse("site-guide", args=[item_id]))
    return HttpResponse(_framed(picture_of(address)), content_type="image/svg+xml")


@lru_cache(maxsize=256)
def _guide_html(guide: Guide, note: str, *, has_chart: bool) -> SafeString:
    """Most of what the page costs; what it is made from is the key, so that it is made once for as long as the same is
    said. The page around it is made anew whenever anything of the hall or the province changes."""
    return render_to_string("catalogue/guide.html", {"guide": guide, "note": note, "chart": has_chart})


def _absent(request: HttpRequest, item_id: UUID) -> HttpResponse:
    absent = absent_item(hall_of(request), item_id)
    status = 410 if absent.is_for_good else 404
    return _page(request, "absent.html", {"absent": absent}, status=status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context["section"] = reverse("site-services")
    return site_page(request, f"services/site/{template}", context, status=status)


def _framed(picture: SafeString) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{picture}'


def _asked(request: HttpRequest, name: str, most: int) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:most]
