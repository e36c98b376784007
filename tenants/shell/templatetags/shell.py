"""The desk's layout: its places and its search."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from province.console.addresses import province_address
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import has_anywhere
from tenants.shell.queries.desk import has_desk_overview, places_open_to
from tenants.shell.queries.desk_search import searched_at_desk

register = template.Library()

_SETTINGS = "设置"


@dataclass(frozen=True, slots=True)
class DeskPlace:
    """A link as it stands on a page."""

    label: str
    address: str
    icon: str
    is_here: bool = False
    count: int = 0
    counted: str = ""


@register.inclusion_tag("shell/desk_places.html", takes_context=True)
def desk_places(context: dict[str, Any]) -> dict[str, Any]:
    """What this person may go to, by section; the present place is marked."""
    request: HttpRequest = context["request"]
    hall: Hall = request.hall  # type: ignore[attr-defined]
    by: Actor | None = getattr(request, "actor", None) or None
    here, counts = context.get("place", ""), context.get("counts") or {}
    sections: dict[str, list[DeskPlace]] = {}
    if by and has_desk_overview(by, hall):
        sections[""] = [DeskPlace("概览", reverse("desk"), "layout-dashboard", is_here=here == "overview")]
    for link, tabs in places_open_to(by, hall) if by else ():
        place = DeskPlace(
            link.label,
            reverse(link.route),
            link.icon,
            is_here=any(here in one.place for one in tabs or [link]),
            count=counts.get(link.route, 0),
            counted=link.counted,
        )
        sections.setdefault(link.section, []).append(place)
    if by and has_anywhere(by, "people.read"):
        sections.setdefault(_SETTINGS, []).append(DeskPlace("人员", _people_address(hall), "users"))
    return {"sections": sections.items()}


@register.inclusion_tag("shell/desk_tabs.html", takes_context=True)
def desk_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """The tabs of the present place, those that this person may go to."""
    request: HttpRequest = context["request"]
    hall: Hall = request.hall  # type: ignore[attr-defined]
    by: Actor | None = getattr(request, "actor", None) or None
    here = context.get("place", "")
    for link, tabs in places_open_to(by, hall) if by and here else ():
        if any(here in one.place for one in tabs):
            found = [DeskPlace(one.label, reverse(one.route), one.icon, is_here=here in one.place) for one in tabs]
            return {"label": link.label, "tabs": found}
    return {"tabs": []}


def _people_address(hall: Hall) -> str:
    """The pages about people stand on the province's host."""
    page = reverse("console-settings", urlconf=settings.ROOT_URLCONF)
    return f"{province_address()}{page}?hall={hall.division.code}"


@register.inclusion_tag("shell/desk_search.html", takes_context=True)
def desk_search(context: dict[str, Any]) -> dict[str, Any]:
    """The search over everything at this desk, for whom there is something to find."""
    request: HttpRequest = context["request"]
    by: Actor | None = getattr(request, "actor", None) or None
    things = searched_at_desk(by, request.hall) if by else ""  # type: ignore[attr-defined]  # the hall of the host
    return {"things": things, "words": request.GET.get("q", "")}
