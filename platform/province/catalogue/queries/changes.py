"""What other systems read on from where they were: what happened to items, and to the guides of halls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from foundation.errors import Invalid
from province.catalogue.models import GuideChange, ItemChange, ItemVersion
from province.catalogue.queries.codes import followed
from province.catalogue.queries.national import cancelled_at, told_by_platform
from province.catalogue.states import ENDED
from province.halls.models import Hall
from standards.items.codelists import ItemState
from standards.items.exchange import ExchangeItem, national_data

LARGEST_STEP = 500


def changes_after(cursor: int, *, limit: int = LARGEST_STEP) -> QuerySet[ItemChange]:
    """What happened after this position (0: from the beginning), in the order of the commits. A reader that goes on
    from the last one misses none."""
    return (
        ItemChange.objects.filter(position__gt=cursor)
        .select_related("item__department", "version__department")
        .order_by("position")[:limit]
    )


@dataclass(frozen=True, slots=True)
class GuideHead:
    """How far a hall's feed of guides is."""

    hall_code: str
    hall_name: str
    position: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class GuideText:
    """A guide in its national form (for each table its rows), or, where the schema refuses it, why."""

    rows: dict[str, Any] | None
    refusal: str = ""


def guide_changes_after(hall_id: UUID, cursor: int, *, limit: int = LARGEST_STEP) -> QuerySet[GuideChange]:
    """What happened to the guides that this hall shows, after this position (0: from the beginning), in the order of
    the commits. A reader that goes on from the last one misses none."""
    changes = GuideChange.objects.filter(hall_id=hall_id, position__gt=cursor).select_related("item")
    return changes.order_by("position")[:limit]


def guide_heads(since: datetime | None = None) -> list[GuideHead]:
    """Of every hall of which something happened to a guide (``since`` then), how far its feed is: a reader of many
    halls asks those alone that have gone on. Two queries."""
    rows = GuideChange.objects.values("hall_id").annotate(position=Max("position"), happened_at=Max("happened_at"))
    if since is not None:
        rows = rows.filter(happened_at__gte=since)
    heads = {row["hall_id"]: row for row in rows}
    halls = Hall.objects.select_related("division").filter(pk__in=heads).order_by("division__code")
    return [
        GuideHead(hall.division.code, hall.name, heads[hall.pk]["position"], heads[hall.pk]["happened_at"])
        for hall in halls
    ]


def guide_texts(changes: Sequence[GuideChange]) -> dict[UUID, GuideText]:
    """By the change's id the guides that were shown, in their national form: the hall's words together with those of
    the item's version for which they were written."""
    shown = [change for change in changes if change.guide_id]
    wanted = {(change.item_id, change.version_number) for change in shown}
    versions = ItemVersion.objects.select_related("item").filter(item_id__in={item_id for item_id, _ in wanted})
    known = {(one.item_id, one.number): one for one in versions if (one.item_id, one.number) in wanted}
    return {
        change.pk: _text(change, version)
        for change in shown
        if (version := known.get((change.item_id, change.version_number)))
    }


def _text(change: GuideChange, version: ItemVersion) -> GuideText:
    item = version.item
    told = told_by_platform(version, item.state, cancelled_at(item.pk) if item.state in ENDED else None)
    of_hall = {"task_state": ItemState.IN_FORCE.value, "task_version": change.guide_number}
    own = dict(followed(version, change.values))
    try:
        return GuideText(national_data(ExchangeItem(version.item_type, version.values | told, own | of_hall)))
    except Invalid as refusal:
        return GuideText(None, refusal.message)
