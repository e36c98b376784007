"""What others may ask about items, versions, reviews and proposals; one noun a file."""

from province.catalogue.queries.changes import changes_after
from province.catalogue.queries.desks import item_at_desk, version_at_desk
from province.catalogue.queries.differences import difference
from province.catalogue.queries.items import item_table, versions_of
from province.catalogue.queries.materials import materials_of
from province.catalogue.queries.search.facets import FacetCount, having_facets, item_facets
from province.catalogue.queries.search.found import FoundItem, close_items, found_items, search_items
from province.catalogue.queries.search.province import items_of_province
from province.catalogue.queries.uses import touches_of, uses_of
from province.catalogue.queries.validity import items_valid_at, version_at

__all__ = [
    "FacetCount",
    "FoundItem",
    "changes_after",
    "close_items",
    "difference",
    "found_items",
    "having_facets",
    "item_at_desk",
    "item_facets",
    "item_table",
    "items_of_province",
    "items_valid_at",
    "materials_of",
    "search_items",
    "touches_of",
    "uses_of",
    "version_at",
    "version_at_desk",
    "versions_of",
]
