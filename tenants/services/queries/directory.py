"""What a hall handles, by the groups in which people look for it."""

from collections.abc import Mapping
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
from standards.items.features import Feature
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


def directory() -> Directory:
    """The groups of everything that people apply for here: two queries, however many items there are."""
    shown = shown_items()
    ids = shown.services
    return Directory(len(ids), len(shown.listed_services), item_facets(ids) if ids else {})


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
    shown, wanted = shown_services(), [feature_of(feature)] if feature else list(Feature)
    return [line for one in wanted for line in lines_of_feature(versions_with_feature(shown, one), one)]


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
