"""What halls report of the items that they have adopted. A hall's operations call it in their transactions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils import timezone

from province.catalogue.models import GuideChange, HallItem, SubmittedGuide
from province.catalogue.states import AdoptionState, HallGuideState

_REPORTED = ("state", "guide_state", "score", "version_number", "contradictions", "lacks", "guide_id")
# one statement of one shape, however many there are: a hall may report hundreds. It answers with those of which
# citizens read another guide than before, or for another version
_REPORT = f"""
WITH report AS (
    SELECT item_id, state, guide_state, score, version_number, string_to_array(contradictions, ',') AS contradictions,
        string_to_array(lacks, ',') AS lacks, guide_id
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::smallint[], %s::integer[], %s::text[], %s::text[], %s::uuid[])
        AS report (item_id, state, guide_state, score, version_number, contradictions, lacks, guide_id)),
before AS (
    SELECT item_id, guide_id, version_number FROM catalogue_hallitem
    WHERE hall_id = %s AND item_id IN (SELECT item_id FROM report)),
written AS (
    INSERT INTO catalogue_hallitem (hall_id, item_id, {", ".join(_REPORTED)})
    SELECT %s, item_id, {", ".join(_REPORTED)} FROM report
    ON CONFLICT (hall_id, item_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _REPORTED)})
SELECT report.item_id, before.guide_id IS NOT NULL FROM report LEFT JOIN before USING (item_id)
WHERE report.guide_id IS DISTINCT FROM before.guide_id
    OR (report.guide_id IS NOT NULL AND report.version_number <> before.version_number)
"""  # noqa: S608 - only constants of ours


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """How one item stands in a hall; ``version_number`` is the newest version that the hall has accepted.
    ``contradictions`` and ``lacks`` are of what citizens read there: codes of ``standards.items.contradictions``, and
    of ``GuideElement``. ``guide_id``: of the guide that they read; None where they read none."""

    item_id: UUID
    state: AdoptionState
    guide_state: HallGuideState
    score: int
    version_number: int
    contradictions: Sequence[str] = ()
    lacks: Sequence[str] = ()
    guide_id: UUID | None = None

    @property
    def cells(self) -> tuple[object, ...]:
        facts = (self.item_id, self.state, self.guide_state, self.score, self.version_number)
        return (*facts, ",".join(self.contradictions), ",".join(self.lacks), self.guide_id)


@dataclass(frozen=True, slots=True)
class ShownGuide:
    """A guide as citizens read it: its id, its number at the hall, and what the hall says in it."""

    id: UUID
    number: int
    values: Mapping[str, Any] = field(default_factory=dict)


def report_adoptions(*, hall_id: UUID, reports: Iterable[AdoptionReport]) -> dict[UUID, bool]:
    """Write what a hall reports of its items, however many, in one statement. Returns the items of which citizens read
    another guide than before, or for another version, and of each whether they read one before: the caller tells it
    (``record_guide_changes``)."""
    columns = list(zip(*(one.cells for one in reports), strict=True))
    if not columns:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_REPORT, [*map(list, columns), hall_id, hall_id])
        return dict(cursor.fetchall())


def record_guide_changes(
    *,
    hall_id: UUID,
    changed: Mapping[UUID, bool],
    version_numbers: Mapping[UUID, int],
    guides: Mapping[UUID, ShownGuide],
    former_codes: Mapping[UUID, str] | None = None,
) -> None:
    """Give these changes their positions in the hall's feed. ``changed``: as ``report_adoptions`` answers;
    ``guides``: by the item's id what citizens read now; ``former_codes``: of those that are the same under another
    code, the 实施编码 before. The caller holds the hall's row."""
    last = GuideChange.objects.filter(hall_id=hall_id).aggregate(last=Max("position"))["last"] or 0
    now = timezone.now()
    rows = []
    for position, item_id in enumerate(sorted(changed), start=last + 1):
        guide = guides.get(item_id)
        kind = GuideChange.Kind.CHANGED if changed[item_id] else GuideChange.Kind.SHOWN
        row = GuideChange(
            hall_id=hall_id,
            position=position,
            kind=kind if guide else GuideChange.Kind.REMOVED,
            item_id=item_id,
            version_number=version_numbers[item_id],
            happened_at=now,
        )
        if guide and (former := (former_codes or {}).get(item_id, "")):
            row.kind, row.former_task_code = GuideChange.Kind.SUCCEEDED, former
        if guide:
            row.guide_id, row.guide_number, row.values = guide.id, guide.number, dict(guide.values)
        rows.append(row)
    GuideChange.objects.bulk_create(rows)


def forget_adoptions(*, hall_id: UUID, item_ids: Collection[UUID]) -> None:
    """Forget items that the hall has dropped, or whose adoption has gone over to another item; what citizens read of
    them is told to be gone."""
    SubmittedGuide.objects.filter(hall_id=hall_id, item_id__in=item_ids).delete()
    _forget(hall_id, HallItem.objects.filter(hall_id=hall_id, item_id__in=item_ids))


def forget_adoptions_but(*, hall_id: UUID, item_ids: Collection[UUID]) -> None:
    """Forget all items of a hall but these; what citizens read of the others is told to be gone."""
    SubmittedGuide.objects.filter(hall_id=hall_id).exclude(item_id__in=item_ids).delete()
    _forget(hall_id, HallItem.objects.filter(hall_id=hall_id).exclude(item_id__in=item_ids))


def _forget(hall_id: UUID, reports: QuerySet[HallItem]) -> None:
    numbers = dict(reports.exclude(guide_id=None).values_list("item_id", "version_number"))
    reports.delete()
    record_guide_changes(hall_id=hall_id, changed=dict.fromkeys(numbers, True), version_numbers=numbers, guides={})
