"""Which version of an item holds at a moment: exactly one, or none."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from province.catalogue.models import Item, ItemVersion, Pause
from province.catalogue.states import VersionState


def items_valid_at(moment: datetime) -> QuerySet[ItemVersion]:
    """Of every item that halls may show at that moment, the version that holds then."""
    paused = Pause.objects.filter(_holds_at(moment, "from_at", "to_at"), item=OuterRef("item"))
    return ItemVersion.objects.filter(
        ~Exists(paused), _holds_at(moment, "valid_from", "valid_to"), state=VersionState.PUBLISHED
    ).select_related("item", "department")


def version_at(item: Item, moment: datetime) -> ItemVersion | None:
    """None where there is none, or where the item is suspended or abolished then."""
    return items_valid_at(moment).filter(item=item).first()


def _holds_at(moment: datetime, start: str, end: str) -> Q:
    return Q(**{f"{start}__lte": moment}) & (Q(**{end: None}) | Q(**{f"{end}__gt": moment}))
