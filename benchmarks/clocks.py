"""Clocks of a whole province counted anew after a calendar was published: set by set as we do it, and row by row as one
would write it first; what a clock costs in bytes, the morning's sweep, a page of an inbox and a hall's figures."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.measuring import line, median_seconds, milliseconds, say, timed
from benchmarks.world import Profile, build
from foundation.events.models import Event
from province.halls.models import Hall
from province.rights.queries import system_actor
from province.workdays.events import CALENDAR_PUBLISHED
from province.workdays.models import CalendarDay, Clock, HallDays
from province.workdays.operations import DayLine, Document, hold_calendar, publish_calendar, save_calendar
from province.workdays.operations.recounts import begin_recount, carry_on_recount
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.queries.clock_ends import end_of
from province.workdays.queries.clocks import clocks_of, days_left, hall_counts, stories
from province.workdays.queries.effects import effects_of
from province.workdays.states import CalendarState, HallDaysKind

_PAGE = 50
# a statement has its time
_AT_ONCE = 100_000
# of what runs: limits as they are usual, a tenth was paused, a twentieth extended, a fifth are steps within a case; all
# with a last day that is wrong, so that every row moves
_FILL = """
    INSERT INTO workdays_clock (id, hall_id, owner_kind, owner_id, within_id, kind, state, "limit", began_on, extension,
        extended_by_id, pauses, paused_for, paused_at_most, due_on, near_on, wake_on, is_assumed, told, ended_on)
    SELECT uuidv7(), (%(halls)s::uuid[])[1 + one %% %(many)s],
        CASE WHEN one %% 5 = 4 THEN 'step' ELSE 'case' END, uuidv7(), CASE WHEN one %% 5 = 4 THEN uuidv7() END,
        CASE WHEN one %% 5 = 4 THEN 'step' ELSE 'statutory' END, %(state)s,
        (ARRAY['5wd', '10wd', '20wd', '30d', '1m'])[1 + one %% 5], %(today)s::date - one %% 40,
        CASE WHEN one %% 20 = 7 THEN '10wd' ELSE '' END, CASE WHEN one %% 20 = 7 THEN uuidv7() END,
        CASE WHEN one %% 10 = 3 THEN jsonb_build_array(jsonb_build_array(%(today)s::date - one %% 40,
            %(today)s::date - one %% 40 + 3, '专家评审', NULL)) ELSE '[]'::jsonb END,
        '', '', %(due)s, CASE WHEN %(ended)s::date IS NULL THEN %(due)s END,
        CASE WHEN %(ended)s::date IS NULL THEN %(due)s END, false, 0, %(ended)s
    FROM generate_series(%(first)s, %(last)s) AS one
"""


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    halls = list(Hall.objects.order_by("pk").values_list("pk", flat=True))
    number = 1_000_000 if profile.is_full else 20_000
    bytes_each = _size(halls, number)
    _arrange(halls)
    return [
        _recount(number, len(halls), profile),
        line("a clock that has ended, with its indexes", measured=f"{bytes_each:.0f} bytes", bound="", holds=None),
        *_reading(profile),
    ]


def _fill(halls: list[UUID], number: int, *, is_ended: bool) -> None:
    today = timezone.localdate()
    facts = {
        "halls": halls,
        "many": len(halls),
        "today": today,
        "due": today + timedelta(days=90),
        "state": "met" if is_ended else "running",
        "ended": today if is_ended else None,
    }
    with connection.cursor() as cursor:
        for first in range(1, number + 1, _AT_ONCE):
            cursor.execute(_FILL, facts | {"first": first, "last": min(number, first + _AT_ONCE - 1)})
        cursor.execute("VACUUM (ANALYZE) workdays_clock")


def _size(halls: list[UUID], number: int) -> float:
    """Bytes that an ended one takes: those stay."""
    say(f"  {number:,} clocks over {len(halls):,} halls …")
    with connection.cursor() as cursor:
        _fill(halls, number, is_ended=True)
        cursor.execute("SELECT pg_total_relation_size('workdays_clock')")
        ended: int = cursor.fetchone()[0]
        cursor.execute("TRUNCATE workdays_clock")
    _fill(halls, number, is_ended=False)
    return ended / number


def _arrange(halls: list[UUID]) -> None:
    """Twenty halls count by days of their own."""
    day = timezone.localdate() + timedelta(days=1)
    HallDays.objects.bulk_create(
        HallDays(hall_id=one, first_on=day, last_on=day, kind=HallDaysKind.OFF, note="停电", moves_limits=True)
        for one in halls[:20]
    )


def _recount(number: int, halls: int, profile: Profile) -> dict[str, Any]:
    by_row = _row_by_row(2_000)
    by, day = system_actor(), timezone.localdate() + timedelta(days=2)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    in_force = CalendarDay.objects.filter(
        calendar__year=day.year, calendar__prefix="", calendar__state=CalendarState.PUBLISHED
    )
    lines = [DayLine(one.day, one.is_off, one.name) for one in in_force.exclude(day=day)]
    lines.append(DayLine(day, is_off=True, name="放假"))
    document = Document(authority="国务院办公厅", number="评测", issued_on=timezone.localdate())
    draft = save_calendar(by=by, prefix="", year=day.year, revision=0, lines=lines, document=document)
    with timed() as foreseeing:
        effects_of(draft)
    publish_calendar(by=by, calendar=draft, revision=draft.revision)
    event = Event.objects.filter(kind=CALENDAR_PUBLISHED.name).latest("pk")
    with timed() as counting:
        # as the event's subscriber begins it, and the worker carries it on
        found = begin_recount(recount_id=event.pk, cause_id=draft.pk, changed=CALENDAR_PUBLISHED.payload_of(event))
        carry_on_recount(recount_id=found.pk)
    found.refresh_from_db()
    return line(
        f"{number:,} open clocks of {halls:,} halls counted anew, {found.moved:,} of them moved",
        measured=f"{counting.seconds:.1f} s",
        bound="<= 60 s",
        holds=counting.seconds <= 60 and found.counted == number if profile.is_full else None,
        row_by_row_seconds=round(by_row * number),
        times=round(by_row * number / counting.seconds, 1),
        foreseen_seconds=round(foreseeing.seconds, 2),
        halls_told=found.halls,
    )


def _row_by_row(number: int) -> float:
    """Seconds a clock: each held, counted by its hall's calendar and written by itself; taken back."""
    clocks = list(Clock.objects.order_by("pk").values_list("pk", "hall_id")[:number])
    halls = Hall.objects.select_related("division").in_bulk({hall_id for _, hall_id in clocks})
    began_at = time.perf_counter()
    for pk, hall_id in clocks:
        with transaction.atomic():
            calendar = hold_calendar(halls[hall_id])
            clock = Clock.objects.select_for_update().get(pk=pk)
            end = end_of(clock.began_on, clock.limit, clock.pauses, clock.extension, calendar)
            clock.due_on, clock.near_on, clock.is_assumed = end.due_on, end.near_on, end.is_assumed
            clock.save()
            transaction.set_rollback(True)
    return (time.perf_counter() - began_at) / number


def _reading(profile: Profile) -> list[dict[str, Any]]:
    hall_id = Clock.objects.values_list("hall_id", flat=True)[:1].get()
    owners = list(Clock.objects.filter(owner_kind="case").values_list("owner_id", flat=True)[:_PAGE])

    def page() -> None:
        clocks = [one for several in clocks_of("case", owners).values() for one in several]
        stories(clocks)
        days_left(clocks)

    reading = median_seconds(page, times=profile.repeats)
    counting = median_seconds(lambda: hall_counts(hall_id), times=profile.repeats)
    told = 0
    with timed() as sweeping:
        while told < 10_000 and (looked_at := sweep_clocks()):
            told += looked_at
    each = sweeping.seconds / told if told else 0
    return [
        line(
            f"clocks, stories and days left of {_PAGE} cases",
            measured=f"{milliseconds(reading)} ms",
            bound="",
            holds=None,
        ),
        line("due soon and overdue of a hall", measured=f"{milliseconds(counting)} ms", bound="", holds=None),
        line(
            f"the sweep, {told:,} clocks that come near their end or have run out",
            measured=f"{sweeping.seconds:.1f} s",
            bound="",
            holds=None,
            milliseconds_each=milliseconds(each),
        ),
    ]
