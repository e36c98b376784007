"""Items that this hall does not show and one above it has a guide of: citizens learn who does them, and the
way there."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from province.catalogue.models import HallItem, ItemVersion, Pause
from province.catalogue.queries import FoundItem, found_items
from province.catalogue.queries.search.questions import SearchQuestion
from province.catalogue.queries.validity import with_whole_version
from province.catalogue.states import AdoptionState
from province.halls.models import Hall
from province.halls.queries.sites import SiteLine, sites_above_by_id


@dataclass(frozen=True, slots=True)
class ItemElsewhere:
    """An item, and the site of the nearest hall above this one that shows it."""

    item: FoundItem
    site: SiteLine

    @property
    def address(self) -> str:
        place = "services" if self.item.is_applied else "powers"
        return f"{self.site.address}/{place}/{self.item.item_id}/"


def find_elsewhere(hall: Hall, words: SearchQuestion, *, besides: Collection[UUID], most: int) -> list[ItemElsewhere]:
    """At most so many, the best first. ``besides``: ids of items that this hall shows itself. Four queries, whatever
    the number of halls: those above are two or three."""
    sites = sites_above_by_id(hall)
    if not sites:
        return []
    now = timezone.now()
    paused = Pause.objects.filter(from_at__lte=now).exclude(to_at__lte=now)
    shown = with_whole_version(HallItem.objects.filter(hall_id__in=sites, state=AdoptionState.PUBLISHED))
    shown = shown.exclude(item_id__in=besides).exclude(item_id__in=paused.values("item_id"))
    distance = {hall_id: place for place, hall_id in enumerate(sites)}
    nearest: dict[UUID, UUID] = {}
    for item_id, hall_id in shown.values_list("item_id", "hall_id"):
        if item_id not in nearest or distance[hall_id] < distance[nearest[item_id]]:
            nearest[item_id] = hall_id
    if not nearest:
        return []
    newest = ItemVersion.objects.filter(item_id__in=nearest, state="published").order_by("item_id", "-number")
    version_ids = list(newest.distinct("item_id").values_list("pk", flat=True))
    found = found_items(words, version_ids=version_ids, limit=most)
    return [ItemElsewhere(one, sites[nearest[one.item_id]]) for one in found]
