"""What halls report of the items that they have adopted. Called by a hall's operations, in their transactions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from province.catalogue.models import HallItem
from province.catalogue.states import AdoptionState, PartState

_REPORTED = ("state", "part_state", "score", "version_number")


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """How one item stands in a hall; ``version_number`` is the newest version that the hall has accepted."""

    item_id: UUID
    state: AdoptionState
    part_state: PartState
    score: int
    version_number: int


def report_adoptions(*, hall_id: UUID, reports: Iterable[AdoptionReport]) -> None:
    rows = [
        HallItem(hall_id=hall_id, item_id=one.item_id, **{name: getattr(one, name) for name in _REPORTED})
        for one in reports
    ]
    HallItem.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["hall_id", "item"], update_fields=[*_REPORTED]
    )


def forget_adoptions(*, hall_id: UUID, item_ids: Collection[UUID]) -> None:
    """The hall has dropped them before any citizen saw them."""
    HallItem.objects.filter(hall_id=hall_id, item_id__in=item_ids).delete()
