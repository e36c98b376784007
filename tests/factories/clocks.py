"""Clocks of things that no app has yet: what they may be of, and clocks that run as examples say."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from foundation.rows import draw_id
from province.halls.models import Hall
from province.workdays.models import CalendarGeneration, Clock, HallDays, YearCalendar
from province.workdays.operations import ClockWish, extend_clock, pause_clocks, resume_clocks, start_clocks
from province.workdays.slots import CLOCK_OWNERS, ClockOwner
from province.workdays.states import ClockKind, HallDaysKind
from standards.workdays import ClockPause, Limit
from tests.architecture.sources import ROOT

APPROVER: Final = UUID("0198f1c2-0000-7000-8000-000000000001")


@contextmanager
def known_owners() -> Iterator[None]:
    """What clocks may be of, whether an app has said so or not."""
    before = [("tests", one) for one in CLOCK_OWNERS.entries()]
    known = {entry.kind for _, entry in before}
    new = [("tests", one) for one in (ClockOwner("case", "办件"), ClockOwner("step", "环节")) if one.kind not in known]
    CLOCK_OWNERS.fill([*before, *new])
    try:
        yield
    finally:
        CLOCK_OWNERS.fill(before)


def make_clock(
    hall: Hall,
    limit: str = "10wd",
    *,
    began_on: date | None = None,
    owner_id: UUID | None = None,
    kind: ClockKind = ClockKind.STATUTORY,
    within_id: UUID | None = None,
) -> Clock:
    """One that began today, of a case; of a step where it lies within one."""
    wish = ClockWish(
        owner_kind="step" if within_id else "case",
        owner_id=owner_id or draw_id(),
        kind=kind,
        limit=Limit.read(limit),
        began_on=began_on or timezone.localdate(),
        within_id=within_id,
    )
    return start_clocks(hall=hall, wishes=[wish])[0]


def again(clock: Clock) -> Clock:
    """As its row is now."""
    return Clock.objects.get(pk=clock.pk)


@dataclass(frozen=True, slots=True)
class Example:
    """A line of ``clock_examples.csv``; ``due_on`` was counted on lists by a program that knows nothing of ours."""

    what: str
    began_on: date
    limit: Limit
    pauses: list[ClockPause]
    extensions: list[Limit]
    own: list[tuple[date, HallDaysKind, str]]
    unpublished: list[int]
    due_on: date
    words: str


def examples() -> list[Example]:
    path = ROOT / "tests/province/workdays/clock_examples.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Example(
            row["情形"],
            date.fromisoformat(row["起算"]),
            Limit.read(row["期限"]),
            [ClockPause.read(one) for one in row["暂停"].split()],
            [Limit.read(one) for one in row["延长"].split()],
            [_own(one) for one in row["本厅"].split()],
            [int(one) for one in row["未公布"].split()],
            date.fromisoformat(row["到期"]),
            row["说明"],
        )
        for row in rows
    ]


def _own(text: str) -> tuple[date, HallDaysKind, str]:
    day, _, rest = text.partition("=")
    kind, _, note = rest.partition(":")
    return date.fromisoformat(day), HallDaysKind(kind), note


def arrange(hall: Hall, example: Example) -> None:
    """The hall's own days, and years of which no notice is known."""
    for day, kind, note in example.own:
        moves = kind in {HallDaysKind.OFF, HallDaysKind.WORKED}
        HallDays.objects.create(hall=hall, first_on=day, last_on=day, kind=kind, note=note, moves_limits=moves)
    for year in example.unpublished:
        YearCalendar.objects.filter(year=year).update(state="replaced")
        CalendarGeneration.objects.update_or_create(id=1, defaults={"mark": uuid4()})


def run_through(hall: Hall, example: Example) -> Clock:
    """A clock that was started, extended, paused and resumed on the days of the example."""
    clock = make_clock(hall, example.limit.written, began_on=example.began_on)
    for one in example.extensions:
        extend_clock(
            hall=hall,
            owner_id=clock.owner_id,
            kind=ClockKind.STATUTORY,
            extension=one,
            approved_by=APPROVER,
            on=example.began_on,
        )
    for pause in example.pauses:
        pause_clocks(hall=hall, owner_ids=[clock.owner_id], why=pause.why, on=pause.begins_on, most=pause.most)
        resume_clocks(hall=hall, owner_ids=[clock.owner_id], on=pause.ends_on)
    return again(clock)


def clocks_by_sql(hall_ids: list[UUID], number: int, *, limit: str = "20wd", days: int = 20) -> None:
    """So many clocks that run, over these halls and the last ``days`` days, whose last day is not the counted one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO workdays_clock (hall_id, owner_kind, owner_id, kind, state, "limit", began_on, extension,
                pauses, paused_for, paused_at_most, due_on, near_on, wake_on, is_assumed, told)
            SELECT (%(halls)s::uuid[])[1 + one %% %(many)s], 'case', uuidv7(), 'statutory', 'running', %(limit)s,
                %(today)s::date - one %% %(days)s, '', '[]', '', '', %(due)s, %(due)s, %(due)s, false, 0
            FROM generate_series(1, %(number)s) AS one
            """,
            {
                "halls": hall_ids,
                "many": len(hall_ids),
                "limit": limit,
                "days": days,
                "number": number,
                "today": timezone.localdate(),
                # later than any of these limits of time ends, whatever holidays lie on the way
                "due": timezone.localdate() + timedelta(days=59),
            },
        )
