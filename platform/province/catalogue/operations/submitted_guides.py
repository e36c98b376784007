"""What halls report of the guides that wait there for a decision. A hall's operations call it in their transactions."""

from collections.abc import Collection
from uuid import UUID

from province.catalogue.models import SubmittedGuide

_REPORTED = (
    *("adoption_id", "number", "item_version_id", "values", "shown_values", "author_ids"),
    *("submitted_by_name", "submitted_at"),
)


def report_submitted_guides(
    *, hall_id: UUID, waiting: Collection[SubmittedGuide], settled_item_ids: Collection[UUID]
) -> None:
    """Write which guides wait, and forget those of items where none does any more."""
    if settled_item_ids:
        SubmittedGuide.objects.filter(hall_id=hall_id, item_id__in=settled_item_ids).delete()
    if waiting:
        SubmittedGuide.objects.bulk_create(
            waiting, update_conflicts=True, unique_fields=["hall_id", "item"], update_fields=_REPORTED
        )
