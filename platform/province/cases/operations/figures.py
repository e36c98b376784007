"""Figures of cases: a row for each hall, month and type, one for each hall, month and item, and one for each hall,
month and department.

Halls do not write them: every act in a hall would wait for every other one's. Who numbers the feed (operations/feed.py)
adds what has changed since a case was counted last, in the transaction in which the case keeps that it was. One at a
time, so that no two wait for each other's rows.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from psycopg2.extras import Json

from foundation.advisory_lock import hold_name, try_name
from province.cases.models import CHANNELS, MEASURES, CaseReport
from province.cases.queries.counting import (
    COUNTED,
    FIGURES,
    NOTHING,
    Counts,
    counts_of,
    halls_with_wrong_figures,
)
from province.rights.permissions import declare
from province.rights.roles import Reach, Role

SEE_CASES: Final = declare(
    "cases.read_summary",
    "查看各地办件概览",
    reach=Reach.SUBTREE,
    roles={Role.PROVINCE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR},
)
# who writes figures holds this name
_NAME: Final = "cases feed"
_AT_ONCE: Final = 5_000
_KEYS: Final = {"cases_casefigure": "case_type", "cases_itemfigure": "item_id", "cases_unitfigure": "unit_id"}
_KEEP: Final = """
UPDATE cases_casereport AS report SET counted = given.counted::smallint[]
FROM unnest(%s::uuid[], %s::text[]) AS given (id, counted) WHERE report.id = given.id
"""


def try_figures() -> bool:
    """Whether nobody else writes figures; held until the transaction ends."""
    return try_name(_NAME)


def count_again(reports: Sequence[CaseReport]) -> list[str]:
    """Add to the figures what differs from what these cases were counted as; returns what they are counted as now, as
    PostgreSQL reads arrays, for the caller to keep in the same transaction. The caller holds the reports, and that
    nobody else writes figures."""
    by_type: dict[tuple[UUID, date, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_item: dict[tuple[UUID, date, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_unit: dict[tuple[UUID, date, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    written = []
    for report, counts in zip(reports, counts_of(reports), strict=True):
        _add(by_type, by_item, by_unit, report, counts)
        written.append(f"{{{','.join(map(str, counts))}}}")
    _write("cases_casefigure", (*MEASURES, *CHANNELS), by_type)
    _write("cases_itemfigure", MEASURES, by_item)
    _write("cases_unitfigure", MEASURES, by_unit)
    return written


@transaction.atomic
def sum_up_again(*, hall_id: UUID | None = None) -> None:
    """Write all figures anew, of one hall or of all, as the sum of what was counted of the cases."""
    hold_name(_NAME)
    given = {"halls": [hall_id] if hall_id else None}
    with connection.cursor() as cursor:
        for table, (columns, sums) in FIGURES.items():
            cursor.execute(
                f"DELETE FROM {table} WHERE %(halls)s::uuid[] IS NULL OR hall_id = ANY (%(halls)s::uuid[])",  # noqa: S608 - names of our own
                given,
            )
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {sums} {COUNTED}", given)


def recount_cases(*, hall_id: UUID | None = None) -> int:
    """Count every case anew, of one hall or of all, some thousand a transaction, and write all figures anew; returns
    how many halls had wrong ones. What a hall holds meanwhile is counted with its change. Killed, it is begun again;
    once more it changes nothing."""
    wrong = halls_with_wrong_figures([hall_id] if hall_id else None)
    last = None
    while found := _recount_part(hall_id, last):
        last = found
    sum_up_again(hall_id=hall_id)
    return wrong


@transaction.atomic
def _recount_part(hall_id: UUID | None, last: UUID | None) -> UUID | None:
    """The id of the last report that was looked at; None where none is left."""
    hold_name(_NAME)
    rows = CaseReport.objects.order_by("pk")
    rows = rows.filter(pk__gt=last) if last else rows
    rows = rows.filter(hall_id=hall_id) if hall_id else rows
    reports = list(rows.select_for_update(skip_locked=True)[:_AT_ONCE])
    counted = count_again(reports)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [[one.pk for one in reports], counted])
    return reports[-1].pk if reports else None


def _add(by_type: Any, by_item: Any, by_unit: Any, report: CaseReport, counts: Counts) -> None:
    before = tuple(report.counted) if report.counted else NOTHING
    if before == counts:
        return
    month = report.received_on.replace(day=1)
    lines = (
        by_type[report.hall_id, month, report.case_type],
        by_item[report.hall_id, month, str(report.item_id)],
        by_unit[report.hall_id, month, str(report.unit_id or "")],
    )
    for name, old, new in zip(MEASURES, before, counts, strict=True):
        for line in lines:
            line[name] += new - old
    if not report.counted:
        lines[0][f"by_{report.channel}"] += 1


def _write(table: str, names: Sequence[str], found: Any) -> None:
    if not found:
        return
    key = _KEYS[table]
    columns = f"hall_id, month, {key}, {', '.join(names)}"
    added = ", ".join(f"{one} = kept.{one} + excluded.{one}" for one in names)
    lines = [
        {"hall_id": hall_id, "month": month, key: value or None} | {one: counts[one] for one in names}
        for (hall_id, month, value), counts in sorted(found.items())
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS kept ({columns}) SELECT {columns}"  # noqa: S608 - names of our own
            f" FROM jsonb_populate_recordset(NULL::{table}, %s)"
            f" ON CONFLICT (hall_id, month, {key}) DO UPDATE SET {added}",
            [Json(lines, dumps=lambda value: DjangoJSONEncoder().encode(value))],
        )
