"""Items × halls, for the province and for those who answer for a place."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.queries.matrix.cells import MatrixFilters
from province.catalogue.queries.matrix.pages import (
    is_too_wide,
    matrix_context,
    matrix_export,
    place_in_reach,
    places_with_halls,
)
from province.console.access import actor_of_request


@require_GET
def matrix(request: HttpRequest) -> HttpResponse:
    """Show the matrix. ``?under=``: the code of a division; where it has too many halls, one of those below it is
    chosen first."""
    by = actor_of_request(request, "catalogue.read")
    under = request.GET.get("under", "").strip()[:12]
    prefix, name = place_in_reach(by, under)
    context: dict[str, Any] = {"under": under, "place_name": name}
    if is_too_wide(prefix, MatrixFilters.read(request.GET)):
        return render(request, "catalogue/matrix_page.html", context | {"places": places_with_halls(prefix)})
    context |= matrix_context(prefix, request.GET)
    if request.GET.get("format") in EXPORT_FORMATS:
        return export_table(request.GET["format"], f"{name}事项认领情况", *matrix_export(context["matrix"]))
    return render(request, "catalogue/matrix_page.html", context)
