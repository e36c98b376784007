"""What halls report of the items that they have adopted. A hall's operations call it in their transactions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from province.catalogue.models import HallItem
from province.catalogue.states import AdoptionState, HallGuideState

_REPORTED = ("state", "guide_state", "score", "version_number", "contradictions", "lacks")
# one statement of one shape, however many there are: a hall may report hundreds
_REPORT = f"""
INSERT INTO catalogue_hallitem (hall_id, item_id, {", ".join(_REPORTED)})
SELECT %s, item_id, state, guide_state, score, version_number, string_to_array(contradictions, ','),
    string_to_array(lacks, ',')
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::smallint[], %s::integer[], %s::text[], %s::text[])
    AS report (item_id, state, guide_state, score, version_number, contradictions, lacks)
ON CONFLICT (hall_id, item_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _REPORTED)}
"""  # noqa: S608 - only constants of ours


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """How one item stands in a hall; ``version_number`` is the newest version that the hall has accepted.
    ``contradictions`` and ``lacks`` are of what citizens read there: codes of ``standards.items.contradictions``, and
    of ``GuideElement``."""

    item_id: UUID
    state: AdoptionState
    guide_state: HallGuideState
    score: int
    version_number: int
    contradictions: Sequence[str] = ()
    lacks: Sequence[str] = ()

    @property
    def cells(self) -> tuple[object, ...]:
        facts = (self.item_id, self.state, self.guide_state, self.score, self.version_number)
        return (*facts, ",".join(self.contradictions), ",".join(self.lacks))


def report_adoptions(*, hall_id: UUID, reports: Iterable[AdoptionReport]) -> None:
    """Write what a hall reports of its items, however many, in one statement."""
    columns = list(zip(*(one.cells for one in reports), strict=True))
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(_REPORT, [hall_id, *map(list, columns)])


def forget_adoptions(*, hall_id: UUID, item_ids: Collection[UUID]) -> None:
    """Forget items that the hall has dropped before any citizen saw them."""
    HallItem.objects.filter(hall_id=hall_id, item_id__in=item_ids).delete()


def forget_adoptions_but(*, hall_id: UUID, item_ids: Collection[UUID]) -> None:
    """Forget all items of a hall but these."""
    HallItem.objects.filter(hall_id=hall_id).exclude(item_id__in=item_ids).delete()
