"""Lists of items by what is particular about how they are handled (办理特点)."""

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.queries.features import FEATURE_HEADINGS, feature_of, feature_rows, feature_table
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request
from standards.items.features import Feature

_PAGE = 50


@require_GET
def features(request: HttpRequest) -> HttpResponse:
    """Show what items in sight declare. ``?feature=``: one list alone; ``?format=``: as a file."""
    by = actor_of_request(request, "catalogue.read")
    chosen = request.GET.get("feature", "")
    wanted = feature_of(chosen).value if chosen else ""
    found = feature_table(by)
    lines = [line for line in found if wanted in {"", line.feature}]
    if request.GET.get("format") in EXPORT_FORMATS:
        return export_table(request.GET["format"], "办理特点清单", FEATURE_HEADINGS, feature_rows(lines))
    counts = Counter(line.feature for line in found)
    context = {
        "tabs": tabs_of(by, "features"),
        "lists": [(one, counts[one.value]) for one in Feature],
        "total": len(found),
        "without_basis": sum(not line.is_listed for line in found),
        "chosen": wanted,
        "page": Paginator(lines, _PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "catalogue/features.html", context)
