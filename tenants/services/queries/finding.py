"""How citizens search what their hall shows, and why each item was found."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString

from foundation.search import highlighted
from province.catalogue.models import ItemVersion
from province.catalogue.queries import FacetCount, FoundItem, close_items, item_facets, search_items
from province.catalogue.queries.handling import query_of
from province.catalogue.queries.search.handling import handling_meant
from province.catalogue.queries.search.questions import SearchQuestion
from province.catalogue.queries.search.reasons import meanings_in_name, why_found, words_in_name
from standards.items.facets import Facet
from tenants.services.queries.directory import FILTERS
from tenants.services.queries.own_later import OwnLater, own_later
from tenants.services.queries.shown import shown_items, versions_by_name

MOST_HITS: Final = 60
_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class ItemHit:
    """An item that was found, and why, in one sentence; where the words mean one of its handling items, that one."""

    item: FoundItem
    name_html: SafeString
    why: str
    # the address of what is meant on the item's page, behind the question mark; "": the whole page
    query: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found. ``listed``: items whose guide is not complete; ``close``: what was perhaps meant, where nothing
    was found; ``filters``: how it can be narrowed down."""

    hits: list[ItemHit]
    listed: list[ItemHit]
    close: list[FoundItem]
    filters: Mapping[Facet, list[FacetCount]]
    # how the words were understood, and the ids of all items that the hall shows
    asked: SearchQuestion
    shown_ids: Collection[UUID]


def find(words: str, chosen: Mapping[Facet, str]) -> SearchResult:
    """At most 60 items that people apply for, the best first, and some whose guide is not complete. ``chosen`` narrows
    them down; an unknown choice finds nothing."""
    all_shown = shown_items()
    shown = versions_by_name(all_shown.services)
    own = own_later(all_shown)
    narrowed = own.having(shown, chosen)
    searched = search_items(words, version_ids=narrowed, limit=MOST_HITS)
    asked, found = searched.asked, searched.items
    is_narrowed = any(chosen.values()) or not all_shown.listed_services
    listed = [] if is_narrowed else find_here(words, version_ids=all_shown.listed_services, most=_LISTED)[1]
    close = [] if found or listed else close_items(asked, version_ids=shown)
    among = [one.version_id for one in found]
    meant = handling_meant(words, among) if among else {}
    return SearchResult(
        [_hit(one, asked, meant.get(one.version_id, "")) for one in found],
        listed,
        close,
        filters_among(among, own) if among else {},
        asked,
        all_shown.item_ids,
    )


def filters_among(versions: Sequence[UUID] | QuerySet[ItemVersion], own: OwnLater) -> Mapping[Facet, list[FacetCount]]:
    """By what a list of these can be narrowed down, each with its number of items: one query, and another one of rows
    where the hall adds to a list itself. ``own``: what it adds."""
    found = dict(item_facets(versions))
    if own.added:
        among = versions.values_list("pk", flat=True) if isinstance(versions, QuerySet) else versions
        if features := own.among(among).counted(found.get(Facet.FEATURE, [])):
            found[Facet.FEATURE] = features
    return {facet: counts for facet, counts in found.items() if facet in FILTERS}


def filters_of_list(versions: QuerySet[ItemVersion]) -> Mapping[Facet, list[FacetCount]]:
    """As ``filters_among``, for a list of what the hall shows: three queries, and two more where the hall adds to a
    list itself."""
    return filters_among(versions, own_later(shown_items()))


def find_here(words: str, *, version_ids: Sequence[UUID], most: int) -> tuple[SearchQuestion, list[ItemHit]]:
    """How the words were understood, and at most so many items among these versions, the best first: two queries."""
    found = search_items(words, version_ids=version_ids, limit=most)
    meant = handling_meant(words, [one.version_id for one in found.items]) if found.items else {}
    return found.asked, [_hit(one, found.asked, meant.get(one.version_id, "")) for one in found.items]


def first_found(texts: Iterable[str]) -> dict[str, str]:
    """text -> the first item of this hall's that is found by it now, for those that find any: one query a text."""
    shown = shown_items()
    ids = [*shown.guides, *shown.listed]
    found = {words: search_items(words, version_ids=ids, limit=1).items for words in texts}
    return {words: hits[0].name for words, hits in found.items() if hits}


def _hit(item: FoundItem, asked: SearchQuestion, code: str = "") -> ItemHit:
    marked = tuple(words_in_name(item.name, asked))
    marked = marked or tuple(part for _, part in meanings_in_name(item.name, asked)[:1])
    html = highlighted(item.name, marked) if marked else escape(item.name)
    return ItemHit(item, html, why_found(item, asked), query_of(code, {}))
