"""What 办事 shows on a hall's home page, in its navigation and to search engines."""

from collections.abc import Iterator

from django.template.loader import render_to_string

from province.halls.models import Hall
from standards.items.facets import Facet
from tenants.services.queries.directory import directory
from tenants.services.queries.shown import shown_items, shown_since, shows_items
from tenants.shell.slots import HomeBlock, MappedPage, Once, SiteLink

_MOST_TILES = 12


def entrance(once: Once) -> SiteLink | None:
    """Where the hall shows items."""
    has_items = once(shown_items) if once.knows(shown_items) else once(shows_items)
    return SiteLink("办事", "/services/") if has_items else None


def home_blocks(hall: Hall, once: Once) -> Iterator[HomeBlock]:
    """The events of a life first; where no item belongs to one, the departments."""
    if not once(shows_items) or not (found := directory()):
        return
    facet = Facet.LIFE_EVENT if found.of(Facet.LIFE_EVENT) else Facet.DEPARTMENT
    context = {
        "hall": hall,
        "total": found.total,
        "facet": facet,
        "tiles": found.of(facet)[:_MOST_TILES],
        "audiences": found.of(Facet.AUDIENCE),
    }
    yield HomeBlock(20, render_to_string("services/site/home_block.html", context))


def mapped_pages(hall: Hall) -> Iterator[MappedPage]:  # noqa: ARG001 - the schema is the hall's
    if not shows_items():
        return
    yield MappedPage("/services/", None)
    for item_id, valid_from in shown_since():
        yield MappedPage(f"/services/{item_id}/", valid_from)
