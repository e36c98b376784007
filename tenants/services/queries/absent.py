"""Why citizens do not find an item at this hall, and where else they may go."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final
from uuid import UUID

from django.utils import timezone

from foundation.errors import NotFound
from province.catalogue.models import HallItem, Item, Pause
from province.catalogue.states import AdoptionState, ItemLife
from province.halls.models import Hall, HallKind
from province.halls.queries.sites import SiteLine, open_halls_below, sites_above, sites_among
from tenants.services.models import Adoption
from tenants.services.queries.whereabouts import Surroundings

# that a page names
_MOST_PLACES: Final = 40


class Absence(Enum):
    ABOLISHED = "abolished"
    SUSPENDED = "suspended"
    STOPPED = "stopped"
    # never handled here, but by a hall above or by halls below
    ELSEWHERE = "elsewhere"
    # shown nowhere around, and exercised by a level above this hall's
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class AbsentItem:
    """An item that citizens do not find here. ``since``: from when, where it is known; ``places``: sites of halls
    above this one that show it, the nearest first, else of halls below; of an item of another LEVEL, the hall there."""

    name: str
    why: Absence
    since: datetime | None
    places: list[SiteLine]

    @property
    def is_for_good(self) -> bool:
        """Whether search engines need not come again."""
        return self.why in {Absence.ABOLISHED, Absence.STOPPED}


def absent_item(hall: Hall, item_id: UUID) -> AbsentItem:
    """Why ``shown_item`` does not find the item. Raises NotFound for an item that citizens do not know of."""
    item = Item.objects.filter(pk=item_id).first()
    version = item.versions.filter(state="published").order_by("-number").first() if item else None
    if item is None or version is None:
        raise NotFound("没有这个事项，可能网址输入有误。")
    state = Adoption.objects.filter(item_id=item_id).values_list("state", flat=True).first()
    was_here = state in {AdoptionState.PUBLISHED, AdoptionState.STOPPED}
    places = _places(hall, item_id)
    now = timezone.now()
    pause = Pause.objects.filter(item=item, from_at__lte=now).exclude(to_at__lte=now).first()
    if pause is not None and (was_here or places):
        why = Absence.ABOLISHED if pause.kind == ItemLife.ABOLISHED else Absence.SUSPENDED
        return AbsentItem(version.name, why, pause.from_at, [])
    if pause is None and state == AdoptionState.STOPPED:
        return AbsentItem(version.name, Absence.STOPPED, None, places)
    if pause is None and places:
        return AbsentItem(version.name, Absence.ELSEWHERE, None, places)
    if pause is None and (where := Surroundings(hall).where([item_id]).get(item_id)) and where.site:
        return AbsentItem(version.name, Absence.LEVEL, None, [where.site])
    raise NotFound("本厅没有公布这个事项。")


def _places(hall: Hall, item_id: UUID) -> list[SiteLine]:
    showing = HallItem.objects.filter(item_id=item_id, state=AdoptionState.PUBLISHED)
    above = sites_above(hall, among=showing.values("hall_id"))
    if above or hall.kind == HallKind.VILLAGE:
        return above
    below = open_halls_below(hall).filter(pk__in=showing.values("hall_id"))
    return sites_among(below.values("pk"), "", most=_MOST_PLACES)
