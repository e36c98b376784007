"""What a hall handles, by the groups in which people look for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.catalogue.models import ItemVersion
from province.catalogue.queries import FacetCount, having_facets, item_facets
from standards.items.facets import Facet
from tenants.services.queries.shown import shown_version_ids, shown_versions


@dataclass(frozen=True, slots=True)
class Directory:
    """What items there are in the groups of every facet, with their number."""

    total: int
    groups: Mapping[Facet, list[FacetCount]]

    def __bool__(self) -> bool:
        return bool(self.total)

    def of(self, facet: Facet) -> list[FacetCount]:
        return self.groups.get(facet, [])


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The items of one group, by their names."""

    facet: Facet
    label: str
    versions: QuerySet[ItemVersion]


def directory() -> Directory:
    """The groups of everything that this hall shows: two queries, however many items there are."""
    ids = shown_version_ids()
    return Directory(len(ids), item_facets(ids) if ids else {})


def items_in_group(facet: str, value: str) -> ItemGroup:
    """The items of one group. Raises NotFound where this hall shows none."""
    if facet not in Facet.values:
        raise NotFound("没有这个分类。")
    group = Facet(facet)
    versions = having_facets(shown_versions(), {group: value})
    counted = next((one for one in item_facets(versions).get(group, []) if one.value == value), None)
    if counted is None:
        raise NotFound("本厅现在没有这一类事项。")
    return ItemGroup(group, counted.label, versions.select_related("item", "department"))
