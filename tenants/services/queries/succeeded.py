"""Where readers go on who ask for an item that was merged or split."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from province.catalogue.models import Item
from province.catalogue.queries.codes import item_with_code
from province.catalogue.queries.successors import successors_of
from province.catalogue.queries.validity import pause_of
from province.catalogue.states import ItemLife


@dataclass(frozen=True, slots=True)
class SucceededItem:
    """An item from which others took over. ``leads_to``: the one to which its address leads; None: it was split, and
    its page names all ``successors``, as pairs of id and name."""

    name: str
    since: datetime | None
    leads_to: UUID | None
    successors: list[tuple[UUID, str]]


def succeeded_item(item_id: UUID) -> SucceededItem | None:
    """None for every other item, also for one that there is not."""
    item = Item.objects.filter(pk=item_id, state=ItemLife.SUCCEEDED).first()
    if item is None:
        return None
    answering, pause = item_with_code(item.basic_code), pause_of(item)
    return SucceededItem(
        name=item.name,
        since=pause.from_at if pause else None,
        leads_to=answering.pk if answering and answering != item else None,
        successors=[(one.pk, one.name) for one in successors_of(item)],
    )
