"""What is counted of each case, and whether figures still say what cases do."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from province.cases.models import CHANNELS, MEASURES, CaseReport
from province.cases.states import OPEN_CASES, CaseOutcome, CaseState
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.queries.hall_days import calendars_of_halls
from province.workdays.states import ClockKind, ClockState
from standards.workdays import WorkCalendar

type Counts = tuple[int, ...]

NOTHING: Final[Counts] = (0,) * len(MEASURES)
_ENDED: Final = (ClockState.MET, ClockState.LATE)
# how a case stands that is not in hand, in the order of MEASURES
_STANDS: Final = (
    *(CaseState.FINISHED, CaseState.DECLINED, CaseState.WITHDRAWN),
    *(CaseState.TERMINATED, CaseState.TRANSFERRED),
)
# as SQL lists them
OPEN: Final = ", ".join(f"'{one}'" for one in OPEN_CASES)
_MEASURES: Final = ", ".join(MEASURES)
_IN_HAND: Final = MEASURES.index("in_hand") + 1
_SUMS: Final = ", ".join(f"coalesce(sum(counted[{place}]), 0)::int AS {one}" for place, one in enumerate(MEASURES, 1))
_CHANNEL_SUMS: Final = ", ".join(
    f"count(*) FILTER (WHERE channel = '{one.removeprefix('by_')}')::int AS {one}" for one in CHANNELS
)
_MONTH: Final = "date_trunc('month', received_on)::date AS month"
# table of figures → its columns, and what the reports make of them
FIGURES: Final = {
    "cases_casefigure": (
        f"hall_id, month, case_type, {_MEASURES}, {', '.join(CHANNELS)}",
        f"hall_id, {_MONTH}, case_type, {_SUMS}, {_CHANNEL_SUMS}",
    ),
    "cases_itemfigure": (f"hall_id, month, item_id, {_MEASURES}", f"hall_id, {_MONTH}, item_id, {_SUMS}"),
    "cases_unitfigure": (f"hall_id, month, unit_id, {_MEASURES}", f"hall_id, {_MONTH}, unit_id, {_SUMS}"),
}
# reports that were counted, of these halls; %(halls)s None: of all
COUNTED: Final = (
    "FROM cases_casereport WHERE counted IS NOT NULL"
    " AND (%(halls)s::uuid[] IS NULL OR hall_id = ANY (%(halls)s::uuid[])) GROUP BY 1, 2, 3"
)
_OF_HALLS: Final = "(%(halls)s::uuid[] IS NULL OR hall_id = ANY (%(halls)s::uuid[]))"
_DIFFER: Final = " UNION ALL ".join(
    f"SELECT hall_id FROM ((SELECT {columns} FROM {table} WHERE {_OF_HALLS} EXCEPT SELECT {sums} {COUNTED})"  # noqa: S608 - only constants of ours
    f" UNION ALL (SELECT {sums} {COUNTED} EXCEPT SELECT {columns} FROM {table} WHERE {_OF_HALLS})) AS differing"
    for table, (columns, sums) in FIGURES.items()
)
# one statement sees one moment: a report and its figures change in the same transaction
_WRONG: Final = f"""
SELECT count(DISTINCT hall_id) FROM ({_DIFFER} UNION ALL
    SELECT hall_id FROM cases_casereport WHERE NOT is_waiting AND {_OF_HALLS} AND (counted IS NULL
        OR (counted[{_IN_HAND}] = 1) <> (state IN ({OPEN})))) AS wrong
"""  # noqa: S608 - only constants of ours


def counts_of(reports: Sequence[CaseReport]) -> list[Counts]:
    """What is to be counted of each, by MEASURES, in the order of the reports: at most four queries, six where a
    calendar was published since."""
    decided = [one.pk for one in reports if one.decided_on]
    clocks = Clock.objects.filter(
        owner_id__in=decided, kind__in=(ClockKind.STATUTORY, ClockKind.PROMISED), state__in=_ENDED
    )
    # a case has one of a kind; what was begun anew counts as it ended last
    ended = {(one.owner_id, one.kind): one for one in clocks.order_by("pk")} if decided else {}
    promised = {one.hall_id for one in ended.values() if one.kind == ClockKind.PROMISED}
    calendars = calendars_of_halls(promised) if promised else {}
    return [_counts(one, ended, calendars) for one in reports]


def halls_with_wrong_figures(hall_ids: Collection[UUID] | None = None) -> int:
    """How many of these halls, None: of all, have figures that are not the sum of what was counted of their cases, or
    a case that was counted otherwise than it stands. One query, which reads all their reports."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG, {"halls": None if hall_ids is None else list(hall_ids)})
        return int(cursor.fetchone()[0])


def some_halls_with_cases(most: int) -> list[UUID]:
    """Drawn by chance."""
    has_cases = Exists(CaseReport.objects.filter(hall_id=OuterRef("pk")))
    return list(Hall.objects.filter(has_cases).order_by("?").values_list("pk", flat=True)[:most])


def _counts(report: CaseReport, ended: dict[tuple[UUID, str], Clock], calendars: dict[UUID, WorkCalendar]) -> Counts:
    statutory = ended.get((report.pk, ClockKind.STATUTORY))
    promised = ended.get((report.pk, ClockKind.PROMISED))
    taken = _working_days(promised, calendars[promised.hall_id]) if promised else (0, 0, 0)
    return (
        *(1, int(report.accepted_on is not None), int(report.decided_on is not None)),
        int(report.outcome == CaseOutcome.GRANTED),
        int(report.state in OPEN_CASES),
        *(int(report.state == one) for one in _STANDS),
        *(int(one is not None and one.state == ClockState.LATE) for one in (statutory, promised)),
        *taken,
    )


def _working_days(clock: Clock, calendar: WorkCalendar) -> tuple[int, int, int]:
    """1, the working days that it took, and those that it might: both without the days that did not count."""
    assert clock.ended_on  # noqa: S101 - it has ended
    assert clock.due_on  # noqa: S101 - nor was it paused
    day = timedelta(days=1)
    paused = 0
    for one in clock.closed_pauses:
        last = one.cut(calendar).ends_on
        if last:
            # the day on which it began never counts
            paused += calendar.workdays_between(max(one.begins_on - day, clock.began_on), last - day)
    took, might = (calendar.workdays_between(clock.began_on, end) for end in (clock.ended_on, clock.due_on))
    return 1, max(0, took - paused), max(0, might - paused)
