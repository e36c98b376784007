"""What nobody applies for at this hall (权责清单)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from province.catalogue.models import ItemVersion
from province.catalogue.queries.checks import fitting_values
from standards.items import effective
from tenants.services.models import HallGuideVersion
from tenants.services.queries.shown import shown_items


@dataclass(frozen=True, slots=True)
class ShownPowers:
    """The versions of what nobody applies for; ``listed``: ids of those of which there is no complete page."""

    versions: QuerySet[ItemVersion]
    listed: frozenset[UUID]


def shown_powers() -> ShownPowers:
    """Asks at once, which items there are."""
    shown = shown_items()
    return ShownPowers(ItemVersion.objects.filter(pk__in=shown.powers), frozenset(shown.listed))


def values_here(versions: QuerySet[ItemVersion]) -> Iterator[tuple[ItemVersion, dict[str, Any]]]:
    """Each version with what citizens of this hall read of it: two queries more, however many there are. What the
    hall says of an item of which there is no complete page is left out."""
    shown = {row.version_id: row for row in shown_items()}
    guides = HallGuideVersion.objects.in_bulk([row.hall_guide_id for row in shown.values() if not row.is_applied])
    for version in versions:
        row = shown.get(version.pk)
        own = guides[row.hall_guide_id].values if row and row.is_guide else {}
        if row and own and guides[row.hall_guide_id].item_version_id != version.pk:
            own = fitting_values(version, own)
        yield version, effective(version.values, own)
