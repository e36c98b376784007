"""办理特点 at the desk: what stands in the hall's lists, what the hall has added itself, and what waits for a basis."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.queries.features import FEATURE_HEADINGS, feature_rows
from tenants.services.layouts import at_items
from tenants.services.queries.directory import lines_at_desk
from tenants.shell.layouts.desk import desk_page
from tenants.shell.slots import Desk

_PAGE = 50


@at_items
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every list; ``?format=``: as a file."""
    lines = lines_at_desk()
    if request.GET.get("format") in EXPORT_FORMATS:
        rows = feature_rows(one.line for one in lines)
        return export_table(request.GET["format"], "办理特点清单", FEATURE_HEADINGS, rows)
    context = {
        "place": "features",
        "page": Paginator(lines, _PAGE).get_page(request.GET.get("page")),
        "without_basis": sum(not one.line.is_listed for one in lines),
    }
    return desk_page(request, desk, "services/desk/features.html", context)
