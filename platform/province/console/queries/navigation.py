"""Where somebody may go at the console."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from province.console.queries.overview import has_overview
from province.console.slots import NAVIGATION, SUBPAGES, ConsoleLink
from province.rights.actors import Actor
from province.rights.queries import has_anywhere


@dataclass(frozen=True, slots=True)
class NavigationPlace:
    """A link as it stands on a page."""

    label: str
    address: str
    icon: str
    is_here: bool


def navigation_of(by: Actor | None, path: str) -> list[tuple[str, list[NavigationPlace]]]:
    """Links by section, the one to which the page at this path belongs marked."""
    if by is None:
        return []
    overview = reverse("console")
    here = next((reverse(one.of) for one in SUBPAGES.entries() if path.startswith(reverse(one.route))), path)
    sections: dict[str, list[NavigationPlace]] = {}
    if has_overview(by):
        sections[""] = [NavigationPlace("概览", overview, "layout-dashboard", here == overview)]
    for link in links_open_to(by):
        address = reverse(link.route)
        place = NavigationPlace(link.label, address, link.icon, here.startswith(address))
        sections.setdefault(link.section, []).append(place)
    return list(sections.items())


def console_start(by: Actor) -> str:
    """The path of the page of the console at which the actor begins; "" for whom nothing there is."""
    routes = ["console"] if has_overview(by) else [link.route for link in links_open_to(by)]
    return reverse(routes[0], urlconf=settings.ROOT_URLCONF) if routes else ""


def links_open_to(by: Actor) -> list[ConsoleLink]:
    """The places that the actor may go to, in their order, without the overview."""
    links = sorted(NAVIGATION.entries(), key=lambda link: link.order)
    return [link for link in links if has_anywhere(by, link.permission) and link.is_open(by)]
