"""How citizens search what their hall shows, and why each item was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString

from foundation.search import highlighted
from foundation.tokenizing import plain_text, search_sounds
from province.catalogue.models import ItemVersion
from province.catalogue.queries import FacetCount, FoundItem, close_items, found_items, having_facets, item_facets
from province.catalogue.queries.search.questions import SearchQuestion, question
from standards.items.facets import Facet
from tenants.services.queries.directory import FILTERS
from tenants.services.queries.shown import shown_items, versions_by_name

MOST_HITS: Final = 60
_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class ItemHit:
    """An item that was found, and why, in one sentence."""

    item: FoundItem
    name_html: SafeString
    why: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found. ``listed``: items whose guide is not complete; ``close``: what was perhaps meant, where nothing
    was found; ``filters``: how it can be narrowed down."""

    hits: list[ItemHit]
    listed: list[ItemHit]
    close: list[FoundItem]
    filters: Mapping[Facet, list[FacetCount]]


def find(words: str, chosen: Mapping[Facet, str]) -> SearchResult:
    """At most 60 items that people apply for, the best first, and some whose guide is not complete. ``chosen`` narrows
    them down; an unknown choice finds nothing."""
    all_shown = shown_items()
    shown = versions_by_name(all_shown.services)
    narrowed = having_facets(shown, chosen)
    found = found_items(words, version_ids=narrowed, limit=MOST_HITS)
    listed = [] if any(chosen.values()) else find_here(words, version_ids=all_shown.listed_services, most=_LISTED)
    close = [] if found or listed else close_items(words, version_ids=shown)
    among = [one.version_id for one in found]
    asked = question(words)
    return SearchResult(
        [_hit(one, asked) for one in found],
        listed,
        close,
        filters_among(among) if among else {},
    )


def filters_among(versions: Sequence[UUID] | QuerySet[ItemVersion]) -> Mapping[Facet, list[FacetCount]]:
    """By what a list of these can be narrowed down, each with its number of items: one query."""
    return {facet: counts for facet, counts in item_facets(versions).items() if facet in FILTERS}


def find_here(words: str, *, version_ids: Sequence[UUID], most: int) -> list[ItemHit]:
    """At most so many items among these versions, the best first: one query."""
    if not version_ids:
        return []
    asked = question(words)
    return [_hit(one, asked) for one in found_items(words, version_ids=version_ids, limit=most)]


def _hit(item: FoundItem, asked: SearchQuestion) -> ItemHit:
    name = plain_text(item.name)
    in_name = (
        [asked.bare] if asked.bare and asked.bare in name else [term.said for term in asked.terms if term.said in name]
    )
    meant = [
        (term.said, sign.part)
        for term in asked.terms
        for sign in term.signs
        if sign.place == "name" and sign.part != term.said and sign.part in name
    ]
    marked = tuple(in_name) or tuple(part for _, part in meant[:1])
    html = highlighted(item.name, marked) if marked else escape(item.name)
    return ItemHit(item, html, _why(item, asked, in_name, meant))


def _why(item: FoundItem, asked: SearchQuestion, in_name: list[str], meant: list[tuple[str, str]]) -> str:
    if in_name:
        return f"名称里有“{'”“'.join(in_name)}”"
    if meant:
        said, part = meant[0]
        return f"“{said}”常指“{part}”"
    signs = [sign for term in asked.terms for sign in term.signs]
    if any(sign.place == "code" and item.basic_code.startswith(sign.part) for sign in signs):
        return "编码相符"
    sounds = search_sounds(item.name)
    if any(sign.place == "sounds" and sign.part in sounds for sign in signs):
        return "名称读音相近"
    return "办理条件、材料或常见问题里提到"
