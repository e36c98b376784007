"""Open clocks are counted anew after a calendar was published or a hall's own days changed: of all halls at once, a few
thousand clocks at a time.

What may be touched is written down first, in parts. A part is counted in one transaction, in which it also goes: killed
at any point, the work goes on with the next part, and nothing is counted twice. Halls never wait for longer than a part
takes, and a part never waits for a hall: clocks that a hall holds stay in it and come again.

A hall counts by calendars that it holds (``hold_calendar``), and so does a part: what was counted by the former days
was committed before those were replaced, and is found. A hall's own days are not held here; therefore a change of them
looks at all clocks of that hall, whatever their last day was.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from time import sleep
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from foundation.advisory_lock import hold_alone
from foundation.events.operations import Happening, emit_each
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.queries import system_actor
from province.workdays.events import CLOCKS_MOVED, CalendarChanged, ClocksMoved
from province.workdays.models import Clock, ClockRecount
from province.workdays.operations.counting import hold_generation
from province.workdays.queries.calendars import calendar_at_mark
from province.workdays.queries.clock_ends import ClockEnd, end_of
from province.workdays.queries.hall_days import moving_days_below, with_hall_days
from province.workdays.states import OUTER_KINDS, RECOUNT_TRANSITIONS, ClockState, RecountState
from standards.workdays import WorkCalendar

PART: Final = 5_000
_WHOLE_CODE: Final = 12
# seconds, and how often: halls hold a clock for a moment
_WAIT: Final = 0.2
_TRIES: Final = 25

_PLAN: Final = """
    INSERT INTO workdays_recountpart (recount_id, number, clock_ids)
    SELECT %(recount)s, part, array_agg(id ORDER BY id) FROM (
        SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(size)s AS part FROM workdays_clock AS c
        WHERE state = 'running' AND (within_id IS NOT NULL) = %(inner)s
            AND (%(halls)s::uuid[] IS NULL OR hall_id = ANY (%(halls)s::uuid[]))
            AND (began_on < %(last)s AND due_on >= %(first)s
                OR within_id IS NOT NULL AND EXISTS (SELECT FROM workdays_clock AS o
                    WHERE o.owner_id = c.within_id AND o.moved_by_id = %(recount)s))) AS touched
    GROUP BY part RETURNING cardinality(clock_ids)
"""
_HOLD: Final = """
    WITH part AS (SELECT clock_ids FROM workdays_recountpart WHERE id = %(part)s),
    held AS (
        SELECT id FROM workdays_clock
        WHERE id = ANY ((SELECT clock_ids FROM part)::uuid[]) AND state = 'running'
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
    SELECT (SELECT count(*) FROM held), (SELECT coalesce(array_agg(id)::text, '{}') FROM held),
        (SELECT cardinality(clock_ids) FROM part)
"""
_PUT_BACK: Final = """
    UPDATE workdays_recountpart SET
        number = (SELECT max(number) + 1 FROM workdays_recountpart WHERE recount_id = %(recount)s),
        clock_ids = ARRAY(SELECT rest.id FROM unnest(clock_ids) AS rest (id) JOIN workdays_clock AS c USING (id)
            WHERE c.state = 'running' AND rest.id <> ALL (%(held)s::uuid[]))
    WHERE id = %(part)s RETURNING cardinality(clock_ids)
"""
_ALIKE: Final = """
    SELECT DISTINCT coalesce(own.place, 0), began_on, "limit", pauses::text, extension
    FROM workdays_clock AS c
    LEFT JOIN unnest(%(halls)s::uuid[], %(places)s::int[]) AS own (hall_id, place) USING (hall_id)
    WHERE c.id = ANY (%(held)s::uuid[])
"""
# what lies within others ends with them at the latest
_COUNT: Final = """
    WITH fresh AS (
        SELECT c.id, alike.near_on, alike.is_assumed, CASE WHEN c.within_id IS NULL THEN alike.due_on ELSE
            least(alike.due_on, (SELECT min(o.due_on) FROM workdays_clock AS o WHERE o.owner_id = c.within_id
                AND o.state = 'running' AND o.kind = ANY (%(outer)s::varchar[]))) END AS due_on
        FROM workdays_clock AS c
        LEFT JOIN unnest(%(halls)s::uuid[], %(places)s::int[]) AS own (hall_id, place) USING (hall_id)
        JOIN unnest(%(alike_places)s::int[], %(begins)s::date[], %(limits)s::varchar[], %(pauses)s::text[],
                %(extensions)s::varchar[], %(dues)s::date[], %(nears)s::date[], %(assumed)s::boolean[])
            AS alike (place, began_on, "limit", pauses, extension, due_on, near_on, is_assumed)
            ON alike.place = coalesce(own.place, 0) AND alike.began_on = c.began_on AND alike."limit" = c."limit"
                AND alike.pauses = c.pauses::text AND alike.extension = c.extension
        WHERE c.id = ANY (%(held)s::uuid[])),
    counted AS (
        UPDATE workdays_clock AS c SET due_on = fresh.due_on, near_on = least(fresh.near_on, fresh.due_on),
            is_assumed = fresh.is_assumed,
            wake_on = CASE c.told WHEN 0 THEN least(fresh.near_on, fresh.due_on) WHEN 1 THEN fresh.due_on + 1 END,
            moved_from = CASE WHEN c.due_on = fresh.due_on THEN c.moved_from ELSE c.due_on END,
            moved_by_id = CASE WHEN c.due_on = fresh.due_on THEN c.moved_by_id ELSE %(recount)s END
        FROM fresh WHERE c.id = fresh.id AND (c.due_on, c.is_assumed) IS DISTINCT FROM (fresh.due_on, fresh.is_assumed)
        RETURNING old.due_on AS before, new.due_on AS after)
    SELECT count(*) FILTER (WHERE before <> after), count(*) FILTER (WHERE after < %(today)s AND before >= %(today)s)
    FROM counted
"""


@transaction.atomic
def begin_recount(*, recount_id: UUID, cause_id: UUID, changed: CalendarChanged) -> ClockRecount:
    """Write down which clocks may be touched; ``recount_id`` is the event's, so that it is begun once. Clocks that are
    paused have no last day; those whose pause may end by itself are looked at by the next sweep."""
    recount, is_new = ClockRecount.objects.get_or_create(
        pk=recount_id,
        defaults={
            "cause_id": cause_id,
            "why": changed.why,
            "prefix": changed.prefix,
            "first": changed.first,
            "last": changed.last,
            "progress_at": timezone.now(),
        },
    )
    if is_new:
        _plan(recount, is_inner=False)
        paused = Clock.objects.filter(state=ClockState.PAUSED, wake_on__isnull=False)
        below = paused.filter(hall__division__code__startswith=recount.prefix).order_by("pk")
        held = below.select_for_update(of=("self",), skip_locked=True, no_key=True).values("pk")
        Clock.objects.filter(pk__in=held).update(wake_on=timezone.localdate())
    return recount


def carry_on_recount(*, recount_id: UUID) -> bool:
    """Count part after part, then tell the halls; returns whether that is done. False where another worker does it, or
    where halls hold some clocks for so long that it is tried again later."""
    places, tries = _Places(), 0
    with hold_alone(recount_id) as is_alone:
        while is_alone and tries < _TRIES:
            recount = ClockRecount.objects.get(pk=recount_id)
            if recount.state == RecountState.DONE:
                return True
            if _go_on(recount, places):
                tries = 0
            else:
                tries += 1
                sleep(_WAIT)
    return False


@transaction.atomic
def _go_on(recount: ClockRecount, places: "_Places") -> bool:
    """One step; False where halls held every clock of the part."""
    went_on = True
    part_id = recount.parts.order_by("number").values_list("pk", flat=True).first()
    if part_id:
        went_on = _count_part(recount, part_id, places)
    elif not recount.has_reached_inner:
        recount.has_reached_inner = True
        _plan(recount, is_inner=True)
    else:
        _finish(recount)
    recount.progress_at = timezone.now()
    recount.save()
    return went_on


def _plan(recount: ClockRecount, *, is_inner: bool) -> None:
    halls = None
    if recount.prefix:
        below = Hall.objects.filter(division__code__startswith=recount.prefix)
        halls = list(below.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        facts: dict[str, Any] = {
            "recount": recount.pk,
            "size": PART,
            "inner": is_inner,
            "halls": halls,
            "first": recount.first if len(recount.prefix) < _WHOLE_CODE else date.min,
            "last": recount.last,
        }
        cursor.execute(_PLAN, facts)
        recount.clocks += sum(number for (number,) in cursor.fetchall())
    recount.save()


def _count_part(recount: ClockRecount, part_id: UUID, places: "_Places") -> bool:
    mark = hold_generation()
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"part": part_id})
        # ids go to and fro as the text of an array: to read thousands of them would cost more than to count them
        number, held, whole = cursor.fetchone()
        if number:
            places.read(recount.prefix, mark)
            facts: dict[str, Any] = {"held": held, "halls": places.halls, "places": places.numbers}
            cursor.execute(_ALIKE, facts)
            facts |= places.ends(cursor.fetchall())
            facts |= {"recount": recount.pk, "outer": [str(one) for one in OUTER_KINDS], "today": timezone.localdate()}
            cursor.execute(_COUNT, facts)
            moved, overdue = cursor.fetchone()
            recount.moved += moved
            recount.overdue += overdue
    rest = _put_back(recount, part_id, held) if number < whole else 0
    if not rest:
        recount.parts.filter(pk=part_id).delete()
    recount.counted += whole - rest
    return number > 0 or not rest


def _put_back(recount: ClockRecount, part_id: UUID, held: str) -> int:
    """What a hall held at that moment comes again, after all others; what has ended or was paused does not. Returns how
    many those are."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT_BACK, {"recount": recount.pk, "part": part_id, "held": held})
        (rest,) = cursor.fetchone()
    return int(rest)


def _finish(recount: ClockRecount) -> None:
    """Tell every hall of which a clock moved, each its own numbers: one query, one statement."""
    today = timezone.localdate()
    moved = Clock.objects.filter(state=ClockState.RUNNING, moved_by_id=recount.pk).exclude(due_on=F("moved_from"))
    rows = list(
        moved.order_by()
        .values_list("hall_id")
        .annotate(
            clocks=Count("*"),
            owners=Count("owner_id", distinct=True),
            overdue=Count("due_on", filter=Q(due_on__lt=today, moved_from__gte=today)),
        )
    )
    happenings = [
        Happening(recount.pk, hall_id, ClocksMoved(clocks=clocks, owners=owners, overdue=overdue, why=recount.why))
        for hall_id, clocks, owners, overdue in rows
    ]
    emit_each(kind=CLOCKS_MOVED, happenings=happenings)
    recount.halls, recount.owners = len(rows), sum(one.payload.owners for one in happenings)
    RECOUNT_TRANSITIONS.check(recount.state, RecountState.DONE)
    recount.state, recount.finished_at = RecountState.DONE, timezone.now()
    if rows:
        counts = ("clocks", "moved", "overdue", "halls", "owners")
        record_act(
            by=system_actor(),
            act="workdays.recount_clocks",
            object_type="clock_recount",
            object_id=recount.pk,
            reason=recount.why,
            changes={f"clocks_{name}": [None, getattr(recount, name)] for name in counts},
        )


@dataclass(slots=True)
class _Places:
    """Which halls count by the same days, kept from part to part while no days change. Place 0 is that of all halls
    that are not named: ``halls`` and ``numbers`` (of places) side by side name the others."""

    key: object = None
    codes: dict[UUID, str] = field(default_factory=dict)
    calendars: list[WorkCalendar] = field(default_factory=list)
    halls: list[UUID] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    known: dict[tuple[Any, ...], ClockEnd] = field(default_factory=dict)

    def read(self, prefix: str, mark: UUID | None) -> None:
        """Two queries, the first time three."""
        if not self.codes:
            below = Hall.objects.filter(division__code__startswith=prefix)
            self.codes = dict(below.values_list("pk", "division__code"))
        own = moving_days_below(prefix)
        key = mark, frozenset(one.pk for days in own.values() for one in days)
        if key == self.key:
            return
        by_hall = {
            hall_id: with_hall_days(calendar_at_mark(mark, code), own.get(code, ()))
            for hall_id, code in self.codes.items()
        }
        # halls of one place share the calendar itself
        shared: dict[int, list[UUID]] = {}
        for hall_id, calendar in by_hall.items():
            shared.setdefault(id(calendar), []).append(hall_id)
        largest_first = sorted(shared.values(), key=len, reverse=True)
        self.key, self.known = key, {}
        self.calendars = [by_hall[alike[0]] for alike in largest_first]
        pairs = [(hall_id, number) for number, alike in enumerate(largest_first) if number for hall_id in alike]
        self.halls, self.numbers = [one for one, _ in pairs], [one for _, one in pairs]

    def ends(self, alike: Sequence[tuple[int, date, str, str, str]]) -> dict[str, list[Any]]:
        """Columns of what clocks that are alike share, and of when they end."""
        ends = [self._end(one) for one in alike]
        return {
            "alike_places": [one[0] for one in alike],
            "begins": [one[1] for one in alike],
            "limits": [one[2] for one in alike],
            "pauses": [one[3] for one in alike],
            "extensions": [one[4] for one in alike],
            "dues": [one.due_on for one in ends],
            "nears": [one.near_on for one in ends],
            "assumed": [one.is_assumed for one in ends],
        }

    def _end(self, one: tuple[int, date, str, str, str]) -> ClockEnd:
        if one not in self.known:
            place, began_on, limit, pauses, extension = one
            self.known[one] = end_of(began_on, limit, json.loads(pauses), extension, self.calendars[place])
        return self.known[one]
