"""Items of the whole province: by groups, and the page of one, with the halls that handle it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from province.catalogue.queries.extra_elements import as_defined_at
from province.catalogue.queries.features import (
    feature_list,
    feature_lists,
    feature_of,
    lines_of_feature,
    versions_with_feature,
)
from province.catalogue.queries.guide import guide_of
from province.front.queries.files import values_with_files
from province.front.queries.items import service_groups, service_now, services_now, services_of_group, sites_with
from province.front.views.frame import asked, for_everybody, front_page
from standards.items.codelists import ACTED
from standards.items.facets import Facet

_PAGE = 60
_SITES = 20
_GROUPED_BY = (Facet.LIFE_EVENT, Facet.PERSON_THEME, Facet.BODY_THEME, Facet.DEPARTMENT)


@for_everybody
def groups(request: HttpRequest) -> HttpResponse:
    found = service_groups()
    context: dict[str, Any] = {"groups": [(facet, found[facet]) for facet in _GROUPED_BY if found.get(facet)]}
    context["lists"] = feature_lists(found.get(Facet.FEATURE, [])) if found else []
    return front_page(request, "services.html", context)


@for_everybody
def group(request: HttpRequest, facet: str, value: str) -> HttpResponse:
    label, versions = services_of_group(facet, value)
    page = Paginator(versions, _PAGE).get_page(request.GET.get("page"))
    return front_page(request, "group.html", {"label": label, "page": page})


@for_everybody
def feature_items(request: HttpRequest, feature: str) -> HttpResponse:
    """The items that have a feature (办理特点), with what each says and on which basis; an empty list says so."""
    wanted = feature_of(feature)
    page = Paginator(versions_with_feature(services_now(), wanted), _PAGE).get_page(request.GET.get("page"))
    shown = feature_list(wanted, page.paginator.count)
    context = {"shown": shown, "page": page, "lines": lines_of_feature(page.object_list, wanted)}
    return front_page(request, "feature.html", context)


@for_everybody
def guide(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """What holds in the whole province; the windows are each hall's."""
    version, place = service_now(item_id), asked(request, "q")
    if version.item.item_type in ACTED:
        return redirect("front-power", item_id, permanent=True)
    values, files = values_with_files(version, address=f"/services/{item_id}/")
    with as_defined_at(version.created_at):
        read = guide_of(version.item.item_type, values, files=files)
    context = {
        "guide": read,
        "note": version.sample_note,
        "item_id": item_id,
        "place": place,
        "sites": sites_with(item_id, place, most=_SITES),
        "most": _SITES,
    }
    return front_page(request, "guide.html", context)
