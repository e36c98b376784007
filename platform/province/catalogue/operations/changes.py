"""What happened to what halls see: one generation for all their pages, and the feed for other systems."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from foundation.events.operations import emit_event
from province.catalogue.events import CATALOGUE_CHANGED, CatalogueChange
from province.catalogue.models import Item, ItemChange, ItemVersion
from province.content.operations.generations import count_up_generation


def record_change(kind: ItemChange.Kind, item: Item, version: ItemVersion | None, at: datetime | None = None) -> None:
    """Record one change; as ``record_changes``."""
    record_changes([ItemChange(kind=kind, item=item, version=version, happened_at=at or timezone.now())])


def record_changes(changes: Iterable[ItemChange]) -> None:
    """Make every hall's pages stale at commit, and give the changes their positions in the feed.

    Call it last. The generation's row stays locked until the commit: the next transaction waits here, and then sees
    these positions. So they are given out in the order of the commits, and none is left out.
    """
    rows = list(changes)
    if not rows:
        return
    count_up_generation(settings.PROVINCE_CODE)
    last = ItemChange.objects.aggregate(last=Max("position"))["last"] or 0
    for position, row in enumerate(rows, start=last + 1):
        row.position = position
    ItemChange.objects.bulk_create(rows)
    emit_event(kind=CATALOGUE_CHANGED, payload=CatalogueChange(first=last + 1, last=last + len(rows)))
