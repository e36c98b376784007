"""The feed of cases: what has changed is numbered once it is committed.

Numbers are not given where the change is written: a hall's head would let only one transaction of the hall commit at a
time. What a hall writes waits; who numbers sees only what is committed, one at a time, and so in an order in which
nothing comes before what a reader has read.
"""

from collections.abc import Callable
from typing import Any, Final, LiteralString
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from foundation.gathering import send
from foundation.written import text_once
from province.cases.models import CaseReport
from province.cases.operations.figures import count_again, try_figures

# some hundredths of a second's work
NUMBERED_AT_ONCE: Final = 2_000
# what the statement is given is held: nobody waits for a hall, and no hall longer than this takes
_NUMBER: Final[LiteralString] = """
WITH given AS (
    SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS given (id, hall_id, counted)),
numbered AS (
    SELECT given.id, given.hall_id, given.counted::smallint[] AS counted,
        coalesce(feed.position, 0) + row_number() OVER (PARTITION BY given.hall_id ORDER BY given.id) AS position
    FROM given LEFT JOIN cases_casefeed AS feed ON feed.id = given.hall_id),
heads AS (
    INSERT INTO cases_casefeed (id, position) SELECT hall_id, max(position) FROM numbered GROUP BY hall_id
    ON CONFLICT (id) DO UPDATE SET position = excluded.position)
UPDATE cases_casereport AS report SET position = numbered.position, is_waiting = false, counted = numbered.counted
FROM numbered WHERE report.id = numbered.id
"""
# whatever it says there: of one that is just being numbered the old row would be judged
_MARK: Final[LiteralString] = "UPDATE cases_casereport SET is_waiting = true WHERE id = ANY (ARRAY({cases}))"


def number_changes(*, most: int = NUMBERED_AT_ONCE) -> int:
    """Number up to ``most`` cases that have changed, of all halls, and count them as they stand now; returns how many.
    Of two at once the second leaves the work to the first; killed, all that it took still waits and nothing is
    counted."""
    return _number(most) if CaseReport.objects.filter(is_waiting=True).exists() else 0


@transaction.atomic
def _number(most: int) -> int:
    if not try_figures():
        return 0
    waiting = CaseReport.objects.filter(is_waiting=True).order_by("pk")
    # what a hall holds just now comes the next time
    reports = list(waiting.select_for_update(skip_locked=True)[:most])
    counted = count_again(reports)
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [[one.pk for one in reports], [one.hall_id for one in reports], counted])
    return len(reports)


def mark_changed(*, cases: Callable[[UUID], QuerySet[Any, UUID]], of: UUID) -> None:
    """Something (``of``) that belongs to these cases (``cases`` asks for their ids, in the hall's schema) has changed,
    though nothing that is reported. The caller holds what has changed, and no lock that who holds a report waits
    for."""
    sql, parameters = text_once(cases, of)
    send(_MARK.format(cases=sql), parameters)
