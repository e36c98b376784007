"""What the desk's pages about items share: what their buttons post, and how it is told."""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from foundation.design.forms import ids_of, posted_number
from province.catalogue.queries.items import names_of_items
from tenants.services.operations.adoptions import BulkResult

# of many refusals a page tells so many one by one
_MOST_NAMED: Final = 8


class Picked(NamedTuple):
    """A ticked row: the adoption, and the numbers of its guide and of the item's newest version as they were read."""

    adoption_id: UUID
    guide: int
    newest: int


def picked_of(texts: Iterable[str]) -> list[Picked]:
    rows = []
    for text in texts:
        key, _, numbers = text.partition(" ")
        guide, _, newest = numbers.partition(" ")
        if found := ids_of([key]):
            rows.append(Picked(found[0], posted_number(guide, otherwise=-1), posted_number(newest, otherwise=-1)))
    return rows


def tell(request: HttpRequest, result: BulkResult, *, done: str) -> None:
    """Say how many items it was done with, and why not with the others. ``done``: 已提交."""
    if result.done:
        messages.success(request, f"{done} {result.done} 项。")
    names = names_of_items(result.refused)
    for item_id in [*result.refused][:_MOST_NAMED]:
        messages.error(request, f"“{names[item_id]}”没有办成：{result.refused[item_id]}")
    if len(result.refused) > _MOST_NAMED:
        messages.error(request, f"另有 {len(result.refused) - _MOST_NAMED} 项没有办成，请逐项打开处理。")
