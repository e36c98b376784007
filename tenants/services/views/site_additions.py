"""What 办事 adds to a hall's site (tenants.portal.frames.additions)."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from province.halls.models import Hall
from standards.items.facets import Facet
from tenants.portal.frames.additions import Addition, MappedPage
from tenants.services.queries.directory import directory
from tenants.services.queries.shown import shown_versions, shows_items

_MOST_TILES = 12


def home_block(hall: Hall) -> SafeString:
    """The events of a life first; where no item belongs to one, the departments."""
    found = directory()
    if not found:
        return SafeString()
    facet = Facet.LIFE_EVENT if found.of(Facet.LIFE_EVENT) else Facet.DEPARTMENT
    context = {
        "hall": hall,
        "total": found.total,
        "facet": facet,
        "tiles": found.of(facet)[:_MOST_TILES],
        "audiences": found.of(Facet.AUDIENCE),
    }
    return render_to_string("services/site/home_block.html", context)


def mapped_pages() -> Iterator[MappedPage]:
    yield MappedPage("/services/", None)
    for item_id, valid_from in shown_versions().values_list("item_id", "valid_from"):
        yield MappedPage(f"/services/{item_id}/", valid_from)


SERVICES = Addition(
    word="办事",
    path="/services/",
    find_path="/services/find/",
    is_there=shows_items,
    home_block=home_block,
    pages=mapped_pages,
)
