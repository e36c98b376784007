"""What citizens see of the hall's items: of each adopted one exactly one version, or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from province.catalogue.definition import effective, fitting
from province.catalogue.models import ItemVersion
from province.catalogue.queries.validity import shown_version_sql
from tenants.services.models import PartVersion

_SHOWN = f"""
SELECT adoption.item_id, shown.id, adoption.published_id
FROM services_adoption AS adoption CROSS JOIN LATERAL ({shown_version_sql("adoption")}) AS shown
WHERE adoption.state = 'published'
"""  # noqa: S608 - only constants of ours


# of an item what only those who write it need
_NOT_READ = ("item__values", "item__sounds", "item__editor_ids", "search_words", "sounds", "facets")


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as citizens of this hall read it: which version of it, and which of the hall's part."""

    version: ItemVersion
    part: PartVersion

    @property
    def hall_values(self) -> Mapping[str, Any]:
        """The hall's part, without what a newer version of the item has overruled."""
        if self.part.item_version_id == self.version.pk:
            own: Mapping[str, Any] = self.part.values
            return own
        item = self.version.item
        return fitting(
            family=item.family, item_type=item.item_type, values=self.version.values, hall_values=self.part.values
        )

    @property
    def values(self) -> dict[str, Any]:
        """Both together, as they count here."""
        return effective(self.version.values, self.hall_values)


def shown_version_ids(at: datetime | None = None) -> list[UUID]:
    """Of every item that citizens see, the version: one query."""
    return [version_id for _, version_id, _ in _shown(at or timezone.now())]


def shows_items() -> bool:
    """Whether there is anything of it to be seen: one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({_SHOWN})", {"now": timezone.now()})
        [found] = cursor.fetchone()
    return bool(found)


def shown_versions() -> QuerySet[ItemVersion]:
    """Of every item that citizens see, the version, by their names. One query is asked at once."""
    return ItemVersion.objects.filter(pk__in=shown_version_ids()).order_by("name", "pk")


def shown_item(item_id: UUID, at: datetime | None = None) -> ShownItem:
    """Raises NotFound where this hall does not show it."""
    found = _shown(at or timezone.now(), item_id)
    if not found:
        raise NotFound("本厅现在没有这个事项，可能已经停办、暂停或者改了名称。")
    [(_, version_id, part_id)] = found
    versions = ItemVersion.objects.select_related("item", "department").defer(*_NOT_READ)
    version = versions.get(pk=version_id)
    return ShownItem(version, PartVersion.objects.get(pk=part_id))


def _shown(now: datetime, item_id: UUID | None = None) -> list[tuple[UUID, UUID, UUID]]:
    one = " AND adoption.item_id = %(item)s" if item_id else ""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN + one, {"now": now, "item": item_id})
        rows: list[tuple[UUID, UUID, UUID]] = cursor.fetchall()
    return rows
