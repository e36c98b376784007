"""Where an item is handled that this hall does not show: at a hall above, at halls below, or by another level."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from province.catalogue.models import HallItem, ItemVersion, Pause
from province.catalogue.queries.narrowing import LEVELS
from province.catalogue.queries.validity import items_valid_at, with_whole_version
from province.catalogue.states import AdoptionState
from province.halls.models import Hall, HallKind
from province.halls.queries.sites import SiteLine, open_halls_below, sites_above_by_id
from standards.items.codelists import Level


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one goes with an item. ``site``: of the nearest hall above; None where only halls below handle it, as many
    as ``below`` says. ``is_shown``: the hall above shows a guide of it; otherwise it is the one of the level that
    exercises it, to be asked first."""

    site: SiteLine | None
    below: int = 0
    is_shown: bool = True


class Surroundings:
    """The halls above one hall, and those below it, as far as citizens are led there. ``leads_down``: whether they are
    led to those below at all."""

    def __init__(self, hall: Hall, *, leads_down: bool = True) -> None:
        self.hall = hall
        self.above = sites_above_by_id(hall)
        self._has_below = leads_down and hall.kind != HallKind.VILLAGE

    @property
    def is_alone(self) -> bool:
        """Say whether there is nowhere to lead to."""
        return not self.above and not self._has_below

    @property
    def shown_above(self) -> QuerySet[HallItem]:
        """What the halls above show, as they report it; also where the item is suspended now."""
        return _shown().filter(hall_id__in=list(self.above))

    @property
    def shown_below(self) -> QuerySet[HallItem]:
        if not self._has_below:
            return HallItem.objects.none()
        return _shown().filter(hall_id__in=open_halls_below(self.hall).values("pk"))

    def levels_above(self) -> Q:
        """A filter of versions: items that a level exercises of which there is a hall above, and this hall's own does
        not."""
        own, levels = LEVELS[self.hall.kind], {LEVELS[site.kind] for site in self.above.values()}
        if not levels:
            return Q(pk__in=[])
        of_levels = Q(pk__in=[])
        for level in sorted(levels):
            of_levels |= Q(values__levels__contains=[level])
        is_own = Q(values__levels__contains=[own]) | Q(values__levels__contains=[Level.SHARED.value])
        return of_levels & ~is_own & Q(is_complete=True)

    def where(self, item_ids: Collection[UUID]) -> dict[UUID, Whereabouts]:
        """Where each of these items is handled; what is handled nowhere, or is suspended, is left out. At most four
        queries, however many items and halls there are."""
        wanted = set(item_ids)
        found = {item_id: Whereabouts(self.above[hall_id]) for item_id, hall_id in self.nearest_above(wanted).items()}
        if self._has_below and (rest := wanted - found.keys()):
            counts = self.shown_below.filter(item__in=rest).values("item_id").annotate(number=Count("pk"))
            found |= {item_id: Whereabouts(None, number) for item_id, number in counts.values_list("item_id", "number")}
        if self.above and (rest := wanted - found.keys()):
            versions = items_valid_at(timezone.now()).filter(self.levels_above(), item__in=rest)
            for item_id, levels in versions.values_list("item_id", "values__levels"):
                site = next(site for site in self.above.values() if LEVELS[site.kind] in levels)
                found[item_id] = Whereabouts(site, is_shown=False)
        return found

    def nearest_above(self, item_ids: Collection[UUID] | None = None) -> dict[UUID, UUID]:
        """By the item's id the nearest hall above that shows it: of these items, or of all that any of them shows."""
        shown = self.shown_above if item_ids is None else self.shown_above.filter(item__in=item_ids)
        distance = {hall_id: place for place, hall_id in enumerate(self.above)}
        rows = sorted(shown.values_list("item_id", "hall_id"), key=lambda row: distance[row[1]], reverse=True)
        return dict(rows)


def elsewhere_versions(surroundings: Surroundings, besides: Collection[UUID]) -> QuerySet[ItemVersion]:
    """The versions in force of what halls above or below show and this hall does not. ``besides``: ids of the items
    that it shows."""
    shown = Q(item__in=surroundings.shown_above.values("item_id"))
    shown |= Q(item__in=surroundings.shown_below.values("item_id"))
    return items_valid_at(timezone.now()).filter(shown).exclude(item__in=besides)


def _shown() -> QuerySet[HallItem]:
    now = timezone.now()
    paused = Pause.objects.filter(from_at__lte=now).exclude(to_at__lte=now)
    shown = with_whole_version(HallItem.objects.filter(state=AdoptionState.PUBLISHED))
    return shown.exclude(item_id__in=paused.values("item_id"))
