"""The rows of handling items follow the draft, in the transaction that writes it."""

from collections.abc import Iterable
from typing import Any

from province.catalogue.models import HandlingItem, Item
from province.catalogue.states import HandlingState
from standards.items.handling import rows_of

_FOLLOW = ("name", "kind", "position", "state")


def keep_handling_items(items: Iterable[Item]) -> None:
    """Write the rows of these items' handling items as their drafts have them; of what a draft has no more the row
    stays, so that its code is given to no other. The caller has locked the items, or has just made them."""
    drafted = {
        (item.pk, row["code"]): (item, row, position)
        for item in items
        for position, row in enumerate(rows_of(item.values, "handling_items"), start=1)
        if row.get("code")
    }
    known = {(one.item_id, one.code): one for one in HandlingItem.objects.filter(item__in=[one.pk for one in items])}
    for key, (_, row, position) in drafted.items():
        if key in known:
            _follow(known[key], row, position, HandlingState.DRAFTED)
    for key, one in known.items():
        if key not in drafted:
            one.state = HandlingState.REMOVED
    HandlingItem.objects.bulk_update(known.values(), _FOLLOW)
    fresh = []
    for key, (item, row, position) in drafted.items():
        if key not in known:
            one = HandlingItem(item=item, code=row["code"])
            _follow(one, row, position, HandlingState.DRAFTED)
            fresh.append(one)
    HandlingItem.objects.bulk_create(fresh)


def taken_codes(item: Item) -> list[str]:
    """The codes of all handling items that the item has, or had once."""
    return list(HandlingItem.objects.filter(item=item.pk).values_list("code", flat=True))


def _follow(one: HandlingItem, row: Any, position: int, state: HandlingState) -> None:
    one.name, one.kind, one.position, one.state = row.get("name", ""), row.get("kind", ""), position, state
