"""What halls report of the items that they have adopted. A hall's operations call it in their transactions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from province.catalogue.models import HallItem
from province.catalogue.states import AdoptionState, HallGuideState

_REPORTED = ("state", "guide_state", "score", "version_number")
# one statement of one shape, however many there are: a hall may report hundreds
_REPORT = f"""
INSERT INTO catalogue_hallitem (hall_id, item_id, {", ".join(_REPORTED)})
SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::smallint[], %s::integer[])
ON CONFLICT (hall_id, item_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _REPORTED)}
"""  # noqa: S608 - only constants of ours


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """How one item stands in a hall; ``version_number`` is the newest version that the hall has accepted."""

    item_id: UUID
    state: AdoptionState
    guide_state: HallGuideState
    score: int
    version_number: int


def report_adoptions(*, hall_id: UUID, reports: Iterable[AdoptionReport]) -> None:
    """Write what a hall reports of its items, however many, in one statement."""
    columns = list(zip(*((one.item_id, *(getattr(one, name) for name in _REPORTED)) for one in reports), strict=True))
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(_REPORT, [hall_id, *map(list, columns)])


def forget_adoptions(*, hall_id: UUID, item_ids: Collection[UUID]) -> None:
    """Forget items that the hall has dropped before any citizen saw them."""
    HallItem.objects.filter(hall_id=hall_id, item_id__in=item_ids).delete()


def forget_adoptions_but(*, hall_id: UUID, item_ids: Collection[UUID]) -> None:
    """Forget all items of a hall but these."""
    HallItem.objects.filter(hall_id=hall_id).exclude(item_id__in=item_ids).delete()
