"""What a hall handles, by the groups in which people look for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Collate
from django.utils import timezone

from foundation.errors import NotFound
from province.catalogue.models import ItemReads, ItemVersion
from province.catalogue.queries import FacetCount, having_facets, item_facets
from province.catalogue.queries.features import FeatureLine, feature_of, lines_of_feature, versions_with_feature
from province.halls.models import Hall
from standards.items.codelists import APPLIED, ItemType
from standards.items.facets import Facet
from standards.items.features import Feature, FeatureEntry
from tenants.services.queries.own_later import OwnLater, own_later
from tenants.services.queries.shown import shown_items, shown_services, versions_by_name

# by what citizens narrow a list down, in the order of the form
FILTERS: Final = (
    Facet.AUDIENCE,
    Facet.LIFE_EVENT,
    Facet.PERSON_THEME,
    Facet.BODY_THEME,
    Facet.FEATURE,
    Facet.DEPARTMENT,
)
BY_USE: Final = ""
BY_PINYIN: Final = "pinyin"
# of a version what no list shows
_NOT_LISTED: Final = ("values", "search_words", "sounds", "facets", "item__values", "item__sounds", "item__editor_ids")


@dataclass(frozen=True, slots=True)
class Directory:
    """What items there are in the groups of every facet, with their number; ``listed``: how many more there are whose
    guide is not complete."""

    total: int
    listed: int
    groups: Mapping[Facet, list[FacetCount]]

    def of(self, facet: Facet) -> list[FacetCount]:
        return self.groups.get(facet, [])


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The items of one group; ``listed``: ids of versions of which there is no complete guide."""

    facet: Facet
    label: str
    versions: QuerySet[ItemVersion]
    listed: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class DeskFeatureLine:
    """What one of the hall's lists says of an item; ``is_own``: not what the province says alone."""

    line: FeatureLine
    is_own: bool


@dataclass(frozen=True, slots=True)
class FeatureItems:
    """The versions that stand in one of the hall's lists, by pinyin, and what the hall says in it of its own."""

    feature: Feature
    versions: QuerySet[ItemVersion]
    said: Mapping[UUID, FeatureEntry]

    @classmethod
    def of(cls, feature: Feature, versions: QuerySet[ItemVersion], own: OwnLater) -> "FeatureItems":
        is_later = feature is Feature.LATER
        also = own.added if is_later else frozenset()
        return cls(feature, versions_with_feature(versions, feature, also=also), own.said if is_later else {})

    def lines(self, versions: Iterable[ItemVersion] | None = None) -> list[FeatureLine]:
        """What the list says of all of them, or of these."""
        return lines_of_feature(self.versions if versions is None else versions, self.feature, said=self.said)


def directory() -> Directory:
    """The groups of everything that people apply for here: three queries, and one more where the hall adds to a list
    itself, however many items there are."""
    shown = shown_items()
    ids = shown.services
    groups = item_facets(ids) if ids else {}
    if features := own_later(shown).counted(groups.get(Facet.FEATURE, [])) if ids else []:
        groups[Facet.FEATURE] = features
    return Directory(len(ids), len(shown.listed_services), groups)


def items_in_group(facet: str, value: str) -> ItemGroup:
    """The items of one group. Raises NotFound where this hall shows none."""
    if facet not in Facet.values:
        raise NotFound("没有这个分类。")
    group = Facet(facet)
    versions = having_facets(shown_services(), {group: value})
    counted = next((one for one in item_facets(versions).get(group, []) if one.value == value), None)
    if counted is None:
        raise NotFound("本厅现在没有这一类事项。")
    return ItemGroup(group, counted.label, versions)


def lines_of_features(feature: str = "") -> list[FeatureLine]:
    """What stands in the hall's lists (办理特点), or in one of them. Raises NotFound for a list that there is not."""
    shown = shown_items()
    versions, own = versions_by_name(shown.services), own_later(shown)
    return [
        line
        for one in ([feature_of(feature)] if feature else Feature)
        for line in FeatureItems.of(one, versions, own).lines()
    ]


def lines_at_desk() -> list[DeskFeatureLine]:
    """What stands in all lists of the hall, and behind it what the hall has added and no list shows, for want of a
    basis."""
    shown = shown_items()
    versions, own = versions_by_name(shown.services), own_later(shown)
    waiting = versions.filter(pk__in=[one for one, entry in own.said.items() if not entry.basis])
    lists = [FeatureItems.of(one, versions, own) for one in Feature]
    lists.append(FeatureItems(Feature.LATER, waiting.select_related("item", "department"), own.said))
    return [
        DeskFeatureLine(line, is_own=one.feature is Feature.LATER and version.pk in own.said)
        for one in lists
        for version in one.versions
        for line in one.lines([version])
    ]


def items_of_feature(feature: Feature) -> "FeatureItems":
    """What stands in one of the hall's lists."""
    shown = shown_items()
    return FeatureItems.of(feature, versions_by_name(shown.services), own_later(shown))


def narrowed_services(chosen: Mapping[Facet, str]) -> QuerySet[ItemVersion]:
    """What people apply for here and has everything that was chosen. Asks at once."""
    shown = shown_items()
    versions = versions_by_name(shown.services)
    return own_later(shown).having(versions, chosen) if chosen.get(Facet.FEATURE) else having_facets(versions, chosen)


def powers_of_type(code: str) -> ItemGroup:
    """The items of one of these types. Raises NotFound where this hall shows none."""
    if code not in ItemType.values or code in APPLIED:
        raise NotFound("权责清单没有这一类。")
    shown = shown_items()
    versions = versions_by_name(shown.powers).filter(item__item_type=code)
    if not versions.exists():
        raise NotFound("本厅现在没有这一类事项。")
    return ItemGroup(Facet.FAMILY, str(ItemType(code).label), versions, frozenset(shown.listed))


def in_order(versions: QuerySet[ItemVersion], hall: Hall, order: str = BY_USE) -> QuerySet[ItemVersion]:
    """The versions for a list of this hall: those that were read most here since the month before come first, then by
    their codes; ``BY_PINYIN``: by the sound of their names."""
    listed = versions.select_related("item", "department").defer(*_NOT_LISTED)
    if order == BY_PINYIN:
        return listed.order_by(Collate("sounds", "C"), "pk")
    since = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    reads = ItemReads.objects.filter(hall_id=hall.pk, item=OuterRef("item"), month__gte=since).values("item")
    number = Subquery(reads.annotate(all=Sum("number")).values("all"), output_field=IntegerField())
    return listed.annotate(reads_here=Coalesce(number, Value(0))).order_by("-reads_here", "item__basic_code")
