"""好差评 over the province: every county, and below it every hall."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from foundation.exports import EXPORT_FORMATS, export_table
from province.console.access import actor_of_request
from province.console.queries.months import chosen_months
from province.rights.queries import has_anywhere
from province.satisfaction.queries.figures import (
    COUNTY,
    HEADINGS,
    READ,
    RatingSums,
    place_ratings,
    ratings_altogether,
    table_lines,
)
from standards.ratings import RatingGrade


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """``address``: of the page of the halls there; "" for a hall."""

    name: str
    sums: RatingSums
    address: str


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """``place``: the first six digits of a county's code, for its halls; ``from`` and ``to``: months."""
    by = actor_of_request(request, READ)
    asked = request.GET.get("place", "").strip()
    place = asked[:COUNTY] if asked.isascii() and asked.isdecimal() and len(asked) >= COUNTY else ""
    first, last = chosen_months(request.GET.dict(), timezone.localdate())
    found = place_ratings(by, first=first, last=last, prefix=place)
    heading = "服务厅" if place else "县（市、区）"
    if request.GET.get("export") in EXPORT_FORMATS:
        rows = table_lines([(f"{one.name} {one.code}", one.sums) for one in found])
        return export_table(request.GET["export"], "好差评", (heading, *HEADINGS), rows)
    months = {"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}"}
    context = {
        "lines": [
            PlaceLine(one.name, one.sums, "" if place else f"?{urlencode({'place': one.code, **months})}")
            for one in found
        ],
        "altogether": ratings_altogether(by, first=first, last=last),
        "heading": heading,
        "grades": RatingGrade.labels,
        "place": place,
        "has_halls": has_anywhere(by, "halls.manage"),
        "first": first,
        "last": last,
    }
    return render(request, "satisfaction/places.html", context)
