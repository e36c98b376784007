"""Cases handed out in the national exchange: picked ones, and what has changed since a program last asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Fault, Invalid, NotFound
from province.audit.operations import record_act
from province.cases.models import CaseReport
from province.cases.queries.feed import changed_reports, unchanged_of
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import may, require
from province.rights.roles import Reach, Role
from standards.cases import Rows, faults_of
from tenants.casework.models import Case
from tenants.casework.queries.access import EXCHANGE, HANDLE, NO_CASE, UNMASKED, may_over, require_handler
from tenants.casework.queries.records import CaseRecord, case_records
from tenants.portal.operations.figures import check_inside

declare(EXCHANGE, "读取本厅的办件记录（国家交换格式）", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})
declare(UNMASKED, "导出办件记录里的完整个人信息", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})

MOST_EXPORTED: Final = 500
_MOST_FAULTS: Final = 50


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A case that has changed. ``rows``: None where the schema refuses them; ``refusal``: why, in Chinese."""

    position: int
    case_id: UUID
    number: str
    revision: int
    rows: Rows | None
    refusal: str


@dataclass(frozen=True, slots=True)
class CaseFeedPage:
    """``cursor``: where to go on; ``is_masked``: names and numbers of people have stars."""

    lines: Sequence[FeedLine]
    cursor: int
    has_more: bool
    is_masked: bool


@transaction.atomic
def export_cases(
    *, by: Actor, hall: Hall, case_ids: Sequence[UUID], is_masked: bool = True, reason: str = ""
) -> list[CaseRecord]:
    """The records of these cases, in the order of their receipt; each was checked against the schema. In full
    (``is_masked`` false) it needs a permission and a reason, and leaves an entry for each case, which its applicant
    sees.

    Raises NotAllowed for who handles nothing here or may not read them in full, NotFound where one of them is not
    theirs, Invalid for none, too many, no reason, or what the schema refuses: each fault with the case's number.
    """
    check_inside(hall)
    require_handler(by, hall)
    if not is_masked:
        require(by, UNMASKED, hall_id=hall.pk)
        reason = clean_reason(
            reason, ask="请写明为什么要完整的个人信息，本人能看到。", field="reason", most=LONGEST_SHORT_REASON
        )
    picked = set(case_ids)
    if not picked or len(picked) > MOST_EXPORTED:
        message = f"一次导出 1 到 {MOST_EXPORTED} 个办件，现在选了 {len(picked)} 个。请缩小范围，分几次导出。"
        raise Invalid(message)
    cases = list(Case.objects.filter(pk__in=picked).order_by("pk"))
    if len(cases) < len(picked) or not all(may_over(by, HANDLE, hall, one) for one in cases):
        raise NotFound(NO_CASE)
    records = case_records(by, hall, cases, is_masked=is_masked)
    if faults := [fault for one in records for fault in _faults(one)]:
        message = f"有 {len(faults)} 处不符合国家交换格式，没有导出：{faults[0].message}"
        raise Invalid(message, faults=faults[:_MOST_FAULTS])
    for case in () if is_masked else cases:
        record_act(
            by=by,
            act="casework.export_case",
            object_type="case",
            object_id=case.pk,
            hall_id=hall.pk,
            person_id=case.citizen_id,
            reason=reason,
            changes={"number": [None, case.number]},
        )
    return records


@transaction.atomic
def read_case_feed(*, by: Actor, hall: Hall, after: int, limit: int) -> CaseFeedPage:
    """Hand out the hall's cases that have changed since the position ``after``, each as it is now, at most ``limit``.
    Who may read them in full gets them so; that leaves an entry.

    Raises NotAllowed, and Conflict for a position that the feed has never come to.
    """
    check_inside(hall)
    require(by, EXCHANGE, hall_id=hall.pk)
    is_masked = not may(by, UNMASKED, hall_id=hall.pk)
    found = list(changed_reports(hall.pk, after, limit=limit + 1))
    reports = found[:limit]
    cases = Case.objects.in_bulk([one.pk for one in reports])
    read = case_records(by, hall, [cases[one.pk] for one in reports if one.pk in cases], is_masked=is_masked)
    by_number = {one.number: one for one in read}
    unchanged = unchanged_of(reports)
    lines = [
        _line(one, record)
        for one in reports
        if one.pk in unchanged and (record := by_number.get(one.number)) is not None
    ]
    cursor = reports[-1].position if reports else after
    if lines and not is_masked:
        record_act(
            by=by,
            act="casework.read_feed",
            object_type="case_feed",
            object_id=hall.pk,
            hall_id=hall.pk,
            changes={"cases": [None, len(lines)], "cursor": [after, cursor]},
        )
    return CaseFeedPage(lines, cursor, len(found) > limit, is_masked)


def _line(report: CaseReport, record: CaseRecord) -> FeedLine:
    faults = _faults(record)
    return FeedLine(
        position=report.position,
        case_id=report.pk,
        number=record.number,
        revision=record.revision,
        rows=None if faults else record.rows,
        refusal="".join(one.message for one in faults[:_MOST_FAULTS]),
    )


def _faults(record: CaseRecord) -> list[Fault]:
    return [
        Fault(f"{record.number} {one.where}", f"办件 {record.number}：{one.message}") for one in faults_of(record.rows)
    ]
