"""What citizens see of the hall's items: exactly one version of each adopted item, or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from province.catalogue.models import ItemVersion
from province.catalogue.queries.checks import fitting_values
from province.catalogue.queries.use import applied_kinds_sql, most_used_sql, with_kind_sql
from province.catalogue.queries.validity import shown_version_sql
from province.halls.models import Hall
from standards.items import effective
from standards.items.codelists import APPLIED
from tenants.services.models import HallGuideVersion

_SHOWN = f"""
SELECT adoption.item_id, shown.id AS version_id, adoption.published_id
FROM services_adoption AS adoption CROSS JOIN LATERAL ({shown_version_sql("adoption")}) AS shown
WHERE adoption.state = 'published'
"""  # noqa: S608 - only constants of ours


_KINDS = applied_kinds_sql(_SHOWN)
_WITH_KIND = with_kind_sql(_SHOWN)
_MOST_USED = most_used_sql(_SHOWN)

# of an item what only those who write it need
_NOT_READ = ("item__values", "item__sounds", "item__editor_ids", "search_words", "sounds", "facets")


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as citizens of this hall read it: which version of it, with which of the hall's guides."""

    version: ItemVersion
    hall_guide: HallGuideVersion

    @property
    def hall_values(self) -> Mapping[str, Any]:
        """The hall's guide, without what a newer version of the item has overruled."""
        if self.hall_guide.item_version_id == self.version.pk:
            own: Mapping[str, Any] = self.hall_guide.values
            return own
        item = self.version.item
        return fitting_values(
            family=item.family, item_type=item.item_type, values=self.version.values, hall_values=self.hall_guide.values
        )

    @property
    def values(self) -> dict[str, Any]:
        """The province's values and the hall's together, as they count here."""
        return effective(self.version.values, self.hall_values)


def shown_version_ids(at: datetime | None = None) -> list[UUID]:
    """The versions that citizens see: one query."""
    return [version_id for _, version_id, _ in _shown(at or timezone.now())]


class ShownKinds(NamedTuple):
    """Whether citizens see items that they apply for (办事服务), and others: what authorities do of their own motion
    and what they make public (权责清单)."""

    services: bool
    powers: bool


class ShownItems(NamedTuple):
    """``versions``: id of each item that citizens see -> the version of it that they see."""

    versions: dict[UUID, UUID]
    kinds: ShownKinds


def shown_items() -> ShownItems:
    """All items that citizens see: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_KIND, {"now": timezone.now(), "applied": sorted(APPLIED)})
        rows = cursor.fetchall()
    is_applied = {row[2] for row in rows}
    versions = {item_id: version_id for item_id, version_id, _ in rows}
    return ShownItems(versions, ShownKinds(services=True in is_applied, powers=False in is_applied))


def shown_kinds() -> ShownKinds:
    """Which kinds of items citizens see: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, {"now": timezone.now(), "applied": sorted(APPLIED)})
        return ShownKinds(*cursor.fetchone())


def shown_versions() -> QuerySet[ItemVersion]:
    """The versions that citizens see, by their names. Asks one query at once."""
    return ItemVersion.objects.filter(pk__in=shown_version_ids()).order_by("name", "pk")


def shown_services() -> QuerySet[ItemVersion]:
    """Of the versions that citizens see, those of items that they apply for."""
    return shown_versions().filter(item__item_type__in=APPLIED)


def shown_powers() -> QuerySet[ItemVersion]:
    """Of the versions that citizens see, those of items that nobody applies for."""
    return shown_versions().exclude(item__item_type__in=APPLIED)


class UsedItem(NamedTuple):
    """An item with how often its page was read here since the month before; ``total``: of all items that are applied
    for here."""

    item_id: UUID
    name: str
    reads: int
    total: int


def most_used_items(hall: Hall, *, most: int) -> list[UsedItem]:
    """The items that are read most here, and then, as the catalogue has them: what belongs to an event of a life first,
    by their codes. One query."""
    month = timezone.localdate().replace(day=1)
    since = (month - timedelta(days=1)).replace(day=1)
    parameters: dict[str, Any] = {"hall": hall.pk, "since": since, "most": most}
    parameters |= {"now": timezone.now(), "applied": sorted(APPLIED)}
    with connection.cursor() as cursor:
        cursor.execute(_MOST_USED, parameters)
        return [UsedItem(*row) for row in cursor.fetchall()]


def shown_item(item_id: UUID, at: datetime | None = None) -> ShownItem:
    """The item as citizens see it. Raises NotFound where this hall does not show it."""
    found = _shown(at or timezone.now(), item_id)
    if not found:
        raise NotFound("本厅现在没有这个事项，可能已经停办、暂停或者改了名称。")
    [(_, version_id, hall_guide_id)] = found
    versions = ItemVersion.objects.select_related("item", "department").defer(*_NOT_READ)
    version = versions.get(pk=version_id)
    return ShownItem(version, HallGuideVersion.objects.get(pk=hall_guide_id))


def _shown(now: datetime, item_id: UUID | None = None) -> list[tuple[UUID, UUID, UUID]]:
    one = " AND adoption.item_id = %(item)s" if item_id else ""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN + one, {"now": now, "item": item_id})
        rows: list[tuple[UUID, UUID, UUID]] = cursor.fetchall()
    return rows


def shown_since() -> list[tuple[UUID, datetime | None]]:
    """(item's id, since when its version holds) of everything that the hall shows: one query."""
    return list(shown_versions().values_list("item_id", "valid_from"))
