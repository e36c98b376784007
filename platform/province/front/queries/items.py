"""Items as the whole province has them: what people may apply for somewhere, now."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Collate
from django.utils import timezone

from foundation.errors import NotFound
from province.catalogue.models import HallItem, ItemVersion
from province.catalogue.queries import FacetCount, having_facets, item_facets, items_valid_at
from province.catalogue.queries.ledger import acted_versions
from province.catalogue.queries.validity import with_whole_version
from province.catalogue.states import AdoptionState
from province.halls.queries.sites import SiteLine, sites_among
from standards.items.codelists import APPLIED
from standards.items.facets import Facet

# of a version what no list shows
_NOT_LISTED = ("values", "search_words", "sounds", "facets", "item__values", "item__sounds", "item__editor_ids")


def services_now() -> QuerySet[ItemVersion]:
    """The versions in force of everything that people apply for, as far as the province's part lacks nothing."""
    return items_valid_at(timezone.now()).filter(item__item_type__in=APPLIED, is_complete=True)


def powers_now() -> QuerySet[ItemVersion]:
    """The versions in force of what authorities do of their own motion, as far as the province's part lacks nothing."""
    return acted_versions(items_valid_at(timezone.now())).filter(is_complete=True)


def service_groups() -> dict[Facet, list[FacetCount]]:
    """Their groups, each with its number of items: one query."""
    return item_facets(services_now())


def services_of_group(facet: str, value: str) -> tuple[str, QuerySet[ItemVersion]]:
    """The group's name and its items by pinyin. Raises NotFound for one that is empty."""
    if facet not in Facet.values:
        raise NotFound("没有这个分类。")
    group = Facet(facet)
    versions = having_facets(services_now(), {group: value})
    label = next((one.label for one in item_facets(versions).get(group, []) if one.value == value), "")
    if not label:
        raise NotFound("现在没有这一类事项。")
    return label, versions.defer(*_NOT_LISTED).order_by(Collate("sounds", "C"), "pk")


def service_now(item_id: UUID) -> ItemVersion:
    """The version of an item that is in force and complete. Raises NotFound."""
    version = items_valid_at(timezone.now()).filter(item=item_id, is_complete=True).first()
    if version is None:
        raise NotFound("现在没有这个事项，可能已经废止、暂停或者改了名称。")
    return version


def sites_with(item_id: UUID, words: str, *, most: int) -> list[SiteLine]:
    """Open sites of halls that show a guide of the item, whose place or name holds the words; the higher a place, the
    earlier."""
    halls = with_whole_version(HallItem.objects.filter(item=item_id, state=AdoptionState.PUBLISHED))
    return sites_among(halls.values("hall_id"), words, most=most)
