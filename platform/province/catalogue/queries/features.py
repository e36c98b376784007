"""Lists of items by what is particular about how they are handled (办理特点): 告知承诺, 容缺受理, 跨省通办, 中介服务.
What an item says without a basis stands in no list; the console shows that it waits for one."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Collate
from django.utils import timezone

from foundation.errors import NotFound
from province.catalogue.models import Item, ItemVersion
from province.catalogue.queries.desks import check_reader, items_in_sight
from province.catalogue.queries.search.facets import FacetCount
from province.catalogue.queries.validity import items_valid_at
from province.rights.actors import Actor
from standards.items.codelists import APPLIED
from standards.items.facets import Facet, facet_key
from standards.items.features import Feature, FeatureEntry, features_of

FEATURE_HEADINGS: Final = ("清单", "主管部门", "基本编码", "事项名称", "内容", "依据", "在不在清单里")
_EXPLAINED: Final = {
    Feature.PROMISE: "先书面承诺符合条件，就不用先交证明；承诺不实的，要承担后果。",
    Feature.LATER: "主要材料齐了就先受理，列出的材料可以后补。",
    Feature.CROSS_PROVINCE: "不用回本省，在外省也能办。",
    Feature.INTERMEDIARY: "办这些事项之前，要请中介机构出具报告或者证明。",
}
# of a version what no list shows
_NOT_LISTED: Final = ("search_words", "sounds", "facets", "item__values", "item__sounds", "item__editor_ids")


@dataclass(frozen=True, slots=True)
class FeatureLine:
    """What a list says of one item. ``is_listed``: it has a basis, so that citizens find it in the list."""

    item_id: UUID
    basic_code: str
    name: str
    department: str
    feature: str
    label: str
    words: tuple[str, ...]
    basis: tuple[str, ...]

    @property
    def is_listed(self) -> bool:
        return bool(self.basis)


@dataclass(frozen=True, slots=True)
class FeatureList:
    """One list: its name, what it means, and so many items of those that were asked about."""

    value: str
    label: str
    explained: str
    count: int


def feature_of(value: str) -> Feature:
    """The list of this value. Raises NotFound."""
    if value not in Feature.values:
        raise NotFound("没有这个清单。")
    return Feature(value)


def feature_lists(counted: Iterable[FacetCount]) -> list[FeatureList]:
    """All lists, also those in which nothing stands. ``counted``: the counts of ``Facet.FEATURE``."""
    counts = {one.value: one.count for one in counted}
    return [feature_list(one, counts.get(one.value, 0)) for one in Feature]


def feature_list(feature: Feature, count: int) -> FeatureList:
    """The list, with so many items."""
    return FeatureList(feature.value, str(feature.label), _EXPLAINED[feature], count)


def versions_with_feature(
    versions: QuerySet[ItemVersion], feature: Feature, *, also: Collection[UUID] = ()
) -> QuerySet[ItemVersion]:
    """Those of these versions that stand in the list, by pinyin. ``also``: those that do by what a hall adds."""
    found = versions.filter(stands_in(feature, also)).select_related("item", "department")
    return found.defer(*_NOT_LISTED).order_by(Collate("sounds", "C"), "pk")


def stands_in(feature: Feature, also: Collection[UUID] = ()) -> Q:
    """A condition on versions: that they stand in the list. ``also``: as in ``versions_with_feature``."""
    listed = Q(facets__contains=[facet_key(Facet.FEATURE, feature.value)])
    return listed | Q(pk__in=also) if also else listed


def lines_of_feature(
    versions: Iterable[ItemVersion], feature: Feature, *, said: Mapping[UUID, FeatureEntry] | None = None
) -> list[FeatureLine]:
    """What the list says of each of these versions. ``said``: what a hall that adds to it says instead, by version."""
    found = ((version, (said or {}).get(version.pk)) for version in versions)
    return [
        _line(version, entry)
        for version, own in found
        for entry in ([own] if own else _entries(version))
        if entry.feature is feature
    ]


def feature_table(by: Actor, feature: str = "") -> list[FeatureLine]:
    """What items in the actor's sight say, as they are in force, of one list or of all; also without a basis. By
    departments and codes: one query."""
    check_reader(by)
    wanted = feature_of(feature) if feature else None
    in_sight = Item.objects.filter(items_in_sight(by)).values("pk")
    versions = items_valid_at(timezone.now()).filter(item__in=in_sight, item__item_type__in=APPLIED)
    read = versions.select_related("item", "department").defer(*_NOT_LISTED)
    lines = [
        _line(one, entry) for one in read.order_by("department__name", "item__basic_code") for entry in _entries(one)
    ]
    return [line for line in lines if wanted is None or line.feature == wanted]


def feature_rows(lines: Iterable[FeatureLine]) -> Iterator[tuple[str, ...]]:
    """The cells of ``FEATURE_HEADINGS``."""
    for line in lines:
        told, basis = "\n".join(line.words), "\n".join(line.basis)
        state = "在" if line.is_listed else "没有依据，不在"
        yield line.label, line.department, line.basic_code, line.name, told, basis, state


def _entries(version: ItemVersion) -> list[FeatureEntry]:
    return features_of(version.values)


def _line(version: ItemVersion, entry: FeatureEntry) -> FeatureLine:
    item, label = version.item, str(entry.feature.label)
    names = (item.basic_code, version.name, version.department.name)
    return FeatureLine(version.item_id, *names, entry.feature.value, label, entry.words, entry.basis)
