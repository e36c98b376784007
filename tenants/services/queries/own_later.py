"""What this hall adds to the list of 容缺受理 by its own guides: materials of its own that may come later, or its own
document that allows it. The province's part of the list is kept with each version; this is read with the guides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from province.catalogue.models import ItemVersion
from province.catalogue.queries import FacetCount, having_facets
from province.catalogue.queries.features import stands_in
from standards.items.facets import Facet
from standards.items.features import Feature, FeatureEntry, features_of
from tenants.services.models import HallGuideVersion
from tenants.services.queries.shown import ShownItem, ShownRow


@dataclass(frozen=True, slots=True)
class OwnLater:
    """``said``: what the list says here, by the item's version, where that is not what the province says alone;
    ``added``: the versions that stand in the list here and would not without the hall."""

    said: Mapping[UUID, FeatureEntry] = field(default_factory=dict)
    added: frozenset[UUID] = frozenset()

    def counted(self, counts: list[FacetCount]) -> list[FacetCount]:
        """Return the counts of ``Facet.FEATURE`` with what the hall has added."""
        if not self.added:
            return counts
        numbers = {one.value: one.count for one in counts}
        numbers[Feature.LATER] = numbers.get(Feature.LATER, 0) + len(self.added)
        return [FacetCount(one.value, str(one.label), numbers[one.value]) for one in Feature if one.value in numbers]

    def having(self, versions: QuerySet[ItemVersion], chosen: Mapping[Facet, str]) -> QuerySet[ItemVersion]:
        """Return the versions that have everything that was chosen, as ``having_facets`` does."""
        if chosen.get(Facet.FEATURE) != Feature.LATER or not self.added:
            return having_facets(versions, chosen)
        others: dict[Facet, str] = {facet: value for facet, value in chosen.items() if facet is not Facet.FEATURE}
        return having_facets(versions, others).filter(stands_in(Feature.LATER, self.added))

    def among(self, version_ids: Iterable[UUID]) -> "OwnLater":
        """Return the same for these versions alone."""
        return OwnLater(self.said, self.added & frozenset(version_ids))


def own_later(shown: Iterable[ShownRow]) -> OwnLater:
    """What the hall adds to what people apply for here: one query, and another one where it adds anything."""
    pairs = {row.hall_guide_id: row.version_id for row in shown if row.is_guide and row.is_applied}
    says = Q(values__has_key="local_materials") | Q(values__has_key="later_laws")
    guides = list(HallGuideVersion.objects.filter(says, pk__in=pairs))
    if not guides:
        return OwnLater()
    rows = ItemVersion.objects.select_related("item").defer("item__values", "search_words", "sounds")
    versions = rows.in_bulk([pairs[guide.pk] for guide in guides])
    said, added = {}, set()
    for guide in guides:
        version = versions[pairs[guide.pk]]
        before = _later(version.values)
        now = _later(ShownItem(version, guide, is_guide=True).values)
        if now is not None and now != before:
            said[version.pk] = now
            if now.basis and not (before and before.basis):
                added.add(version.pk)
    return OwnLater(said, frozenset(added))


def _later(values: Mapping[str, object]) -> FeatureEntry | None:
    return next((one for one in features_of(values) if one.feature is Feature.LATER), None)
