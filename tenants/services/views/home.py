"""What 办事服务 shows on a hall's home page, in its navigation and to search engines, and what it is told of reads."""

import re
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.template.loader import render_to_string

from province.catalogue.operations.reads import count_read
from province.catalogue.operations.searches import count_opened, count_search
from province.halls.models import Hall
from tenants.services.queries.shown import most_used_items, shown_items, shown_since
from tenants.shell.slots import HomeBlock, MappedPage, Once, SiteLink

_MOST_TILES = 12
_READ = re.compile(r"/(?:services|powers)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


def entrance(once: Once) -> SiteLink | None:
    """Where the hall shows items that people apply for."""
    return SiteLink("办事服务", "/services/", choice="办事") if once(shown_items).kinds.services else None


def disclosed(once: Once) -> Sequence[SiteLink]:
    """Where the hall shows others."""
    return [SiteLink("权责清单", "/powers/")] if once(shown_items).kinds.powers else []


def home_blocks(hall: Hall, once: Once) -> Iterator[HomeBlock]:
    """What is read most here."""
    services = once(shown_items).services
    if not services or not (used := most_used_items(hall, services, most=_MOST_TILES)):
        return
    context = {"items": used, "total": used[0].total, "is_by_use": used[0].reads > 0}
    yield HomeBlock(20, render_to_string("services/site/home_block.html", context))


def mapped_pages(hall: Hall) -> Iterator[MappedPage]:  # noqa: ARG001 - the schema is the hall's
    found = shown_since()
    if any(one.is_applied for one in found):
        yield MappedPage("/services/", None)
    if any(not one.is_applied for one in found):
        yield MappedPage("/powers/", None)
    for one in found:
        yield MappedPage(f"/{'services' if one.is_applied else 'powers'}/{one.item_id}/", one.since)


def tell_read(hall: Hall, path: str) -> None:
    """Count the page of an item; no other page."""
    if match := _READ.fullmatch(path):
        count_read(hall.pk, UUID(match[1]))


def tell_searched(hall: Hall, words: str, is_found: bool) -> None:  # noqa: FBT001 - the slot's signature
    """Count what was searched for over the whole site."""
    count_search(hall.pk, words, is_found=is_found)


def tell_opened(hall: Hall, words: str) -> None:
    """Count that the results led on."""
    count_opened(hall.pk, words)
