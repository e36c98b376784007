"""What the desk's pages about items share: who works there, and what their buttons post."""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from province.catalogue.models import Item
from tenants.portal.frames.desk import desk_for
from tenants.services.operations.adoptions import BulkResult
from tenants.services.queries.access import items_desk_of_request

_DIGITS: Final = 9
# of many refusals a page tells so many one by one
_MOST_NAMED: Final = 8

at_items = desk_for(items_desk_of_request)


class Picked(NamedTuple):
    """A ticked row: the adoption, and the numbers of its guide and of the item's newest version as they were read."""

    adoption_id: UUID
    guide: int
    newest: int


def number_of(text: str) -> int:
    """The number, or -1, which no row has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else -1


def ids_of(texts: Iterable[str]) -> list[UUID]:
    """The texts that are ids, as ids."""
    return [found for text in texts if (found := _id(text))]


def picked_of(texts: Iterable[str]) -> list[Picked]:
    rows = []
    for text in texts:
        key, _, numbers = text.partition(" ")
        guide, _, newest = numbers.partition(" ")
        if found := _id(key):
            rows.append(Picked(found, number_of(guide), number_of(newest)))
    return rows


def tell(request: HttpRequest, result: BulkResult, *, done: str) -> None:
    """Say how many items it was done with, and why not with the others. ``done``: 已提交."""
    if result.done:
        messages.success(request, f"{done} {result.done} 项。")
    names = dict(Item.objects.filter(pk__in=result.refused).values_list("pk", "name"))
    for item_id in [*result.refused][:_MOST_NAMED]:
        messages.error(request, f"“{names[item_id]}”没有办成:{result.refused[item_id]}")
    if len(result.refused) > _MOST_NAMED:
        messages.error(request, f"另有 {len(result.refused) - _MOST_NAMED} 项没有办成,请逐项打开处理。")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
