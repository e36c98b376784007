"""办事 on a hall's site: what there is, by groups and by words, and the page of one item."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from foundation.design.reading import is_reader, searched_before
from foundation.errors import NotFound
from foundation.qr_codes import picture_of
from foundation.search import as_typed
from province.catalogue.models import ItemVersion
from province.catalogue.operations.searches import count_search
from province.catalogue.queries import FacetCount
from province.catalogue.queries.codes import public_item_id
from province.catalogue.queries.features import feature_lists
from standards.items.codelists import ACTED, APPLIED
from standards.items.facets import Facet
from tenants.services.queries.absent import absent_item
from tenants.services.queries.choosing import guide_choice
from tenants.services.queries.directory import (
    BY_PINYIN,
    BY_USE,
    FILTERS,
    directory,
    in_order,
    items_in_group,
    narrowed_services,
    powers_of_type,
)
from tenants.services.queries.elsewhere import ItemElsewhere, find_elsewhere
from tenants.services.queries.finding import MOST_HITS, filters_of_list, find
from tenants.services.queries.guide_pages import guide_source
from tenants.services.queries.listed import listed_item
from tenants.services.queries.shown import ShownItem, listed_services, shown_guide, shown_item, shown_services
from tenants.services.queries.succeeded import succeeded_item
from tenants.services.slots import GUIDE, SERVICES
from tenants.services.views.drawn_guides import Frame, drawn_guide
from tenants.shell.layouts.site import absolute, for_readers, hall_of, kept, site_page
from tenants.shell.queries.apps import shown_at

_PAGE = 60
_LONGEST_SEARCH = 60
_LONGEST_CHOICE = 120
_ELSEWHERE = 5
# 权责清单 stands below 政务公开 (tenants.portal)
_DISCLOSURE: Final = "/open/"


@require_safe
@for_readers
@kept
def services(request: HttpRequest) -> HttpResponse:
    found = directory()
    groups = [(facet, found.of(facet)) for facet in FILTERS if found.of(facet) and facet is not Facet.FEATURE]
    parts = [shown for part in shown_at(SERVICES, hall_of(request)) if (shown := part(hall_of(request)))]
    context: dict[str, Any] = {"total": found.total, "listed": found.listed, "groups": groups, "parts": parts}
    if found.total:
        context["lists"] = feature_lists(found.of(Facet.FEATURE))
    return _page(request, "services.html", context)


@require_safe
@for_readers
@kept
def everything(request: HttpRequest) -> HttpResponse:
    return _list_page(request, "全部事项", shown_services(), {})


@require_safe
@for_readers
@kept
def listed(request: HttpRequest) -> HttpResponse:
    """名录: what people apply for here and of which there is no complete guide; by name, department and telephone."""
    page = Paginator(in_order(listed_services(), hall_of(request)), _PAGE).get_page(request.GET.get("page"))
    return _page(request, "listed.html", {"page": page})


@require_safe
@for_readers
@kept
def group(request: HttpRequest, facet: str, value: str) -> HttpResponse:
    found = items_in_group(facet, value)
    return _list_page(request, found.label, found.versions, {found.facet: value})


@require_safe
@for_readers
@kept
def power_group(request: HttpRequest, item_type: str) -> HttpResponse:
    found = powers_of_type(item_type)
    page = Paginator(in_order(found.versions, hall_of(request)), _PAGE).get_page(request.GET.get("page"))
    context = {"label": found.label, "page": page, "listed": found.listed, "section": _DISCLOSURE}
    return _page(request, "power_group.html", context)


@require_safe
@for_readers
def search(request: HttpRequest) -> HttpResponse:
    """What people apply for, by ``q`` or all of it, narrowed down by facets of the address and in the order of
    ``sort``."""
    words, order = _asked(request, "q", _LONGEST_SEARCH), _asked(request, "sort", _LONGEST_SEARCH)
    chosen = {facet: text for facet in FILTERS if (text := _asked(request, facet.value, _LONGEST_CHOICE))}
    if not words:
        return _list_page(request, "全部事项", narrowed_services(chosen), chosen, order=order)
    found = find(words, chosen)
    elsewhere: list[ItemElsewhere] = []
    if not chosen:
        elsewhere = find_elsewhere(
            hall_of(request), found.asked, besides=found.shown_ids, most=_ELSEWHERE, leads_down=True
        )
    # who comes from the search over the whole site was counted there
    if not chosen and is_reader(request) and searched_before(request) != words:
        count_search(hall_of(request).pk, words, is_found=bool(found.hits or found.listed or elsewhere))
    context = {
        "asked": words,
        "found": found,
        "elsewhere": elsewhere,
        "filters": _filters(found.filters, chosen, len(found.hits)),
        "is_narrowed": bool(chosen),
        "most": MOST_HITS,
    }
    return _page(request, "find.html", context)


def _list_page(
    request: HttpRequest,
    label: str,
    versions: QuerySet[ItemVersion],
    chosen: Mapping[Facet, str],
    *,
    order: str = BY_USE,
) -> HttpResponse:
    """Items, and how they can be narrowed down and put in order."""
    page = Paginator(in_order(versions, hall_of(request), order), _PAGE).get_page(request.GET.get("page"))
    counts = filters_of_list(versions)
    # what leads to the other pages of the same list
    kept_words = {facet.value: value for facet, value in chosen.items()} | ({"sort": order} if order else {})
    context = {
        "label": label,
        "page": page,
        "filters": _filters(counts, chosen, page.paginator.count),
        "is_narrowed": bool(chosen),
        "by_pinyin": order == BY_PINYIN,
        "turn": f"{urlencode(kept_words)}&" if request.path == reverse("site-services-find") and kept_words else "",
        "is_found": request.path == reverse("site-services-find"),
    }
    return _page(request, "group.html", context)


def _filters(
    counts: Mapping[Facet, list[FacetCount]], chosen: Mapping[Facet, str], total: int
) -> list[tuple[Facet, str, list[FacetCount]]]:
    """Those that would narrow something down, and those that do: facet, what is chosen, and the numbers."""
    return [
        (facet, chosen.get(facet, ""), counts.get(facet, []))
        for facet in FILTERS
        if facet in chosen or any(one.count < total for one in counts.get(facet, []))
    ]


@require_safe
@for_readers
@kept
def guide(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The page of an item that people apply for; the old address of one that nobody applies for leads to its page in
    the ledger."""
    try:
        shown = shown_item(item_id)
    except NotFound:
        return _absent(request, item_id)
    if shown.version.item.item_type not in APPLIED:
        return HttpResponsePermanentRedirect(reverse("site-power", args=[item_id]))
    return _item_page(request, shown) if shown.is_guide else _listed_page(request, shown)


@require_safe
@for_readers
def guide_by_code(_: HttpRequest, basic_code: str) -> HttpResponse:
    """Lead to the page of the item that answers to a 基本编码 or 实施编码, also to one of before: papers name codes."""
    return HttpResponsePermanentRedirect(reverse("site-guide", args=[public_item_id(basic_code)]))


@require_safe
@for_readers
@kept
def power(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The page of an item that nobody applies for: of a power its page of the ledger, of what is made public its
    guide."""
    try:
        shown = shown_item(item_id)
    except NotFound:
        return _absent(request, item_id)
    if shown.version.item.item_type in APPLIED:
        return HttpResponsePermanentRedirect(reverse("site-guide", args=[item_id]))
    return _item_page(request, shown) if shown.is_guide else _listed_page(request, shown)


def _item_page(request: HttpRequest, shown: ShownItem) -> HttpResponse:
    version, hall_guide, item_type = shown.version, shown.hall_guide, shown.version.item.item_type
    source = guide_source(shown, asked=dict(request.GET.lists()))
    parts = shown_at(GUIDE, hall_of(request))
    links = [one for one in parts if one.label]
    is_applied, is_power = item_type in APPLIED, item_type in ACTED
    above = () if is_power else [part.above(version.item_id) for part in parts if is_applied]
    frame = Frame(
        address=absolute(request, request.path),
        share=absolute(request, _with_choice(request.path, source.key.query)),
        note=version.sample_note,
        links=tuple((one.label, one.route) for one in links),
        above=tuple(found for found in above if found),
    )
    context = {
        "version": version,
        "hall_guide": hall_guide,
        "former_codes": shown.former_codes,
        "drawn": drawn_guide(source, frame),
        "query": source.key.query,
        "links": links,
    }
    if not is_applied:
        context |= {"is_power": True, "section": _DISCLOSURE}
    if is_power:
        return _page(request, "ledger_item.html", context)
    context["below"] = [found for part in parts if (found := part.below(version.item_id))]
    return _page(request, "guide.html", context)


@require_safe
@for_readers
@kept
def guide_code(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The address of the item's page, with what was chosen there, as a QR code. Drawn apart, for readers who want
    it."""
    shown = shown_guide(item_id)
    route = "site-guide" if shown.version.item.item_type in APPLIED else "site-power"
    choice = guide_choice(shown.values, dict(request.GET.lists()))
    address = absolute(request, _with_choice(reverse(route, args=[item_id]), choice.query))
    return HttpResponse(_framed(picture_of(address)), content_type="image/svg+xml")


def _with_choice(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _listed_page(request: HttpRequest, shown: ShownItem) -> HttpResponse:
    """An item without a complete guide: its name, its department, whom to call."""
    context: dict[str, Any] = {"listed": listed_item(shown, hall_of(request))}
    if shown.version.item.item_type not in APPLIED:
        context |= {"is_power": True, "section": _DISCLOSURE}
    return _page(request, "listed_item.html", context)


def _absent(request: HttpRequest, item_id: UUID) -> HttpResponse:
    if succeeded := succeeded_item(item_id):
        if succeeded.leads_to:
            return HttpResponsePermanentRedirect(reverse("site-guide", args=[succeeded.leads_to]))
        return _page(request, "succeeded.html", {"succeeded": succeeded})
    absent = absent_item(hall_of(request), item_id)
    status = 410 if absent.is_for_good else 404
    return _page(request, "absent.html", {"absent": absent}, status=status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {"section": reverse("site-services")} | context
    return site_page(request, f"services/site/{template}", context, status=status)


def _framed(picture: SafeString) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{picture}'


def _asked(request: HttpRequest, name: str, most: int) -> str:
    return as_typed(request.GET.get(name, ""), most)
