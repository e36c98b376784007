"""Items that this hall does not show and another one handles: citizens learn who does them, and the way there."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Collate
from django.utils import timezone

from province.catalogue.models import ItemVersion
from province.catalogue.queries import FoundItem, found_items
from province.catalogue.queries.search.questions import SearchQuestion
from province.catalogue.queries.validity import items_valid_at
from province.halls.models import Hall
from province.halls.queries.sites import SiteLine
from standards.items.codelists import APPLIED
from tenants.services.queries.shown import shown_items
from tenants.services.queries.whereabouts import Surroundings, Whereabouts, elsewhere_versions

# what lists do not show
_NOT_LISTED = ("values", "search_words", "sounds", "facets", "item__values", "item__sounds", "item__editor_ids")


@dataclass(frozen=True, slots=True)
class ItemElsewhere:
    """An item, and where it is handled."""

    item: FoundItem
    where: Whereabouts

    @property
    def address(self) -> str:
        """Of its page at the hall above that shows it; else of this hall's page, which names the halls."""
        place = f"/{'services' if self.item.is_applied else 'powers'}/{self.item.item_id}/"
        site = self.where.site
        return f"{site.address}{place}" if site and self.where.is_shown else place


@dataclass(frozen=True, slots=True)
class LevelGroup:
    """A hall above, and how many items that people apply for it shows and this hall does not."""

    site: SiteLine
    number: int


@dataclass(frozen=True, slots=True)
class LevelList:
    """What is handled at other levels: the halls above, and of the one that was chosen the items by pinyin."""

    groups: list[LevelGroup]
    chosen: SiteLine | None
    versions: QuerySet[ItemVersion]


def find_elsewhere(
    hall: Hall, words: SearchQuestion, *, besides: Collection[UUID], most: int, leads_down: bool = False
) -> list[ItemElsewhere]:
    """At most so many, the best first. ``besides``: ids of items that this hall shows itself; ``leads_down``: look at
    the halls below it, too. At most eight queries, whatever the number of halls and items.

    Where no hall around shows anything of it, the items that another level exercises are looked through.
    """
    around = Surroundings(hall, leads_down=leads_down)
    if around.is_alone:
        return []
    found = found_items(words, version_ids=elsewhere_versions(around, besides), limit=most)
    if not found and around.above:
        others = items_valid_at(timezone.now()).filter(around.levels_above()).exclude(item__in=besides)
        found = found_items(words, version_ids=others, limit=most)
    places = around.where([one.item_id for one in found]) if found else {}
    return [ItemElsewhere(one, places[one.item_id]) for one in found if one.item_id in places]


def services_at_other_levels(hall: Hall, code: str) -> LevelList:
    """What people apply for at halls above and not here; ``code``: of the division whose hall was chosen, else the
    nearest with anything. Three queries before the list itself."""
    around = Surroundings(hall)
    here = shown_items().item_ids
    nearest = {item_id: hall_id for item_id, hall_id in around.nearest_above().items() if item_id not in here}
    versions = items_valid_at(timezone.now()).filter(item__item_type__in=APPLIED)
    held = versions.filter(item__in=nearest).values_list("item_id", flat=True)
    by_hall: dict[UUID, list[UUID]] = {hall_id: [] for hall_id in around.above}
    for item_id in held:
        by_hall[nearest[item_id]].append(item_id)
    groups = {hall_id: LevelGroup(around.above[hall_id], len(ids)) for hall_id, ids in by_hall.items() if ids}
    asked = next((hall_id for hall_id, group in groups.items() if group.site.code == code), None)
    chosen = asked or next(iter(groups), None)
    listed = versions.filter(item__in=by_hall[chosen] if chosen else []).defer(*_NOT_LISTED)
    return LevelList(
        list(groups.values()),
        groups[chosen].site if chosen else None,
        listed.order_by(Collate("sounds", "C"), "pk"),
    )
