"""What the desk's pages about items share: who sits there, and what their buttons post."""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from province.catalogue.models import Item
from tenants.portal.frames.desk import desk_for
from tenants.services.operations.adoptions import Told
from tenants.services.queries.access import items_desk_of_request

_DIGITS: Final = 9
# of many refusals a page tells so many one by one
_MOST_TOLD: Final = 8

at_items = desk_for(items_desk_of_request)


class Picked(NamedTuple):
    """A ticked row: the adoption, and the numbers of its part and of the item's newest version as they were read."""

    adoption_id: UUID
    part: int
    newest: int


def number_of(text: str) -> int:
    """What is no number is none that there is."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else -1


def ids_of(texts: Iterable[str]) -> list[UUID]:
    """Those of them that are ids."""
    return [found for text in texts if (found := _id(text))]


def picked_of(texts: Iterable[str]) -> list[Picked]:
    rows = []
    for text in texts:
        key, _, numbers = text.partition(" ")
        part, _, newest = numbers.partition(" ")
        if found := _id(key):
            rows.append(Picked(found, number_of(part), number_of(newest)))
    return rows


def tell(request: HttpRequest, told: Told, *, done: str) -> None:
    """How many it was done with, and of the others why not. ``done``: 已提交."""
    if told.done:
        messages.success(request, f"{done} {told.done} 项。")
    names = dict(Item.objects.filter(pk__in=told.refused).values_list("pk", "name"))
    for item_id in [*told.refused][:_MOST_TOLD]:
        messages.error(request, f"“{names[item_id]}”没有办成：{told.refused[item_id]}")
    if len(told.refused) > _MOST_TOLD:
        messages.error(request, f"另有 {len(told.refused) - _MOST_TOLD} 项没有办成，请逐项打开处理。")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
