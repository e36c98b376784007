"""Clocks of a hall's cases, steps and the like: started, paused, resumed, extended, ended.

Every act runs in the transaction of the hall's own change, asks for no permission and leaves no entry in the audit: who
calls it has asked, holds the owner's row, and records the act with what it means. All count by the hall's calendar,
which stays as it is until the transaction ends (``hold_calendar``). Clocks of another hall are not found.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotFound
from foundation.rows import draw_id
from foundation.text_encoding import is_plain
from province.halls.models import Hall
from province.workdays.models import LONGEST_PAUSE_REASON, Clock
from province.workdays.operations.counting import count_clock, hold_calendar
from province.workdays.slots import CLOCK_OWNERS
from province.workdays.states import CLOCK_TRANSITIONS, OUTER_KINDS, ClockKind, ClockState
from standards.workdays import Limit, WorkCalendar

CHANGED: Final = (
    "state",
    "extension",
    "extended_by_id",
    "pauses",
    "paused_on",
    "paused_for",
    "paused_at_most",
    "due_on",
    "near_on",
    "is_assumed",
    "ended_on",
    "wake_on",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWish:
    """A clock that is to run. ``owner_kind``: one of CLOCK_OWNERS. ``began_on``: the day of the event, which never
    counts. ``within_id``: the owner whose statutory and promised clocks it may not outlast (of a step: the case)."""

    owner_kind: str
    owner_id: UUID
    kind: ClockKind
    limit: Limit
    began_on: date
    within_id: UUID | None = None


@transaction.atomic
def start_clocks(*, hall: Hall, wishes: Sequence[ClockWish]) -> list[Clock]:
    """Let these clocks run; one statement writes them all. What lies within another owner's is due no later than that
    one's. Raises Conflict where a clock of this kind runs for that owner already, Invalid for a day to come."""
    declared = {one.kind for one in CLOCK_OWNERS.entries()}
    if unknown := {one.owner_kind for one in wishes} - declared:
        message = f"nobody has declared clocks of {', '.join(sorted(unknown))}"
        raise LookupError(message)
    for one in wishes:
        _check_day(one.began_on)
    calendar = hold_calendar(hall)
    clocks = [
        Clock(
            id=draw_id(),
            hall=hall,
            owner_kind=one.owner_kind,
            owner_id=one.owner_id,
            within_id=one.within_id,
            kind=one.kind,
            limit=one.limit.written,
            began_on=one.began_on,
        )
        for one in wishes
    ]
    count_clocks(clocks, calendar)
    try:
        with transaction.atomic():
            return Clock.objects.bulk_create(clocks)
    except IntegrityError as error:
        if "one_open_clock_per_owner" not in str(error):
            raise
        raise Conflict("同一种时限已经在计时，不能再开始一次。") from error


@transaction.atomic
def pause_clocks(
    *,
    hall: Hall,
    owner_ids: Collection[UUID],
    why: str,
    on: date | None = None,
    most: Limit | None = None,
    kinds: Collection[ClockKind] | None = None,
) -> list[Clock]:
    """Stop clocks of these owners that run, from that day (None: today) on; returns those that were stopped. ``why``:
    专家评审. ``most``: how long it may take; beyond that they run again by themselves.

    What had run out before that day stays overdue. Raises Conflict for a day before a clock's beginning or inside an
    earlier pause, Invalid for a day to come.
    """
    day = on or timezone.localdate()
    _check_day(day)
    if not why or len(why) > LONGEST_PAUSE_REASON or not is_plain(why):
        raise Invalid.at("why", f"请用不超过 {LONGEST_PAUSE_REASON} 个字写明为什么暂停计时。")
    calendar = hold_calendar(hall)
    running = _open(hall, owner_ids, kinds).filter(state=ClockState.RUNNING, due_on__gte=day)
    clocks = list(running)
    for one in clocks:
        if day < one.began_on or (one.pauses and day < _last_paused_day(one, calendar)):
            raise Conflict("暂停不能早于计时开始，也不能与前一次暂停重叠。")
        _move(one, ClockState.PAUSED)
        one.paused_on, one.paused_for, one.paused_at_most = day, why, most.written if most else ""
    return keep_clocks(hall, clocks, calendar)


@transaction.atomic
def resume_clocks(
    *, hall: Hall, owner_ids: Collection[UUID], on: date | None = None, kinds: Collection[ClockKind] | None = None
) -> list[Clock]:
    """Let clocks of these owners run again that are paused; that day (None: today) counts. Returns those that were.
    Raises Conflict for a day before the pause, Invalid for a day to come."""
    day = on or timezone.localdate()
    _check_day(day)
    calendar = hold_calendar(hall)
    clocks = list(_open(hall, owner_ids, kinds).filter(state=ClockState.PAUSED))
    for one in clocks:
        close_pause(one, day, calendar)
    return keep_clocks(hall, clocks, calendar)


@transaction.atomic
def extend_clock(
    *, hall: Hall, owner_id: UUID, kind: ClockKind, extension: Limit, approved_by: UUID, on: date | None = None
) -> Clock:
    """Let a clock run so much longer (行政许可法 art. 42: once, approved by who leads the authority, and the applicant
    is told). ``approved_by``: the account of who approved it; ``on``: the day (None: today). Raises Conflict for one
    that was extended before or had run out by then, Invalid for a day to come, NotFound."""
    day = on or timezone.localdate()
    _check_day(day)
    calendar = hold_calendar(hall)
    clock = _open(hall, [owner_id], [kind]).first()
    if clock is None:
        raise NotFound("没有正在计时的这种时限。")
    if clock.extension:
        raise Conflict("这个时限已经延长过一次，不能再延长。")
    if clock.due_on and clock.due_on < day:
        raise Conflict("这个时限已经到期，不能再延长。")
    clock.extension, clock.extended_by_id = extension.written, approved_by
    return keep_clocks(hall, [clock], calendar)[0]


@transaction.atomic
def end_clocks(
    *, hall: Hall, owner_ids: Collection[UUID], on: date | None = None, kinds: Collection[ClockKind] | None = None
) -> list[Clock]:
    """Stop open clocks of these owners for good: each was met, or is late, by that day (None: today). Returns them. A
    pause that is open ends with it. Raises Conflict for a day before a pause, Invalid for a day to come."""
    return _ended(hall, owner_ids, on, kinds, is_dropped=False)


@transaction.atomic
def drop_clocks(
    *, hall: Hall, owner_ids: Collection[UUID], on: date | None = None, kinds: Collection[ClockKind] | None = None
) -> list[Clock]:
    """Stop open clocks of these owners for good without a judgement: a case was withdrawn or went elsewhere. Raises as
    ``end_clocks``."""
    return _ended(hall, owner_ids, on, kinds, is_dropped=True)


def close_pause(clock: Clock, day: date | None, calendar: WorkCalendar) -> None:
    """Let a paused clock run again from that day on (None: since it was paused for as long as it may be), in the
    caller's hands; nothing is written yet, and its last day is still to be counted. Raises Conflict."""
    since = clock.open_pause
    if since is None or (day and day < since.begins_on):
        raise Conflict("恢复计时的日子不能早于暂停的日子。")
    if day is None or day > since.begins_on:
        is_too_long = day is None or replace(since, ends_on=day).is_too_long(calendar)
        ends_on = None if is_too_long or day is None else day.isoformat()
        clock.pauses = [*clock.pauses, [since.begins_on.isoformat(), ends_on, since.why, clock.paused_at_most or None]]
    clock.paused_on, clock.paused_for, clock.paused_at_most = None, "", ""
    _move(clock, ClockState.RUNNING)


def _ended(
    hall: Hall,
    owner_ids: Collection[UUID],
    on: date | None,
    kinds: Collection[ClockKind] | None,
    *,
    is_dropped: bool,
) -> list[Clock]:
    day = on or timezone.localdate()
    _check_day(day)
    calendar = hold_calendar(hall)
    clocks = list(_open(hall, owner_ids, kinds))
    paused = [one for one in clocks if one.state == ClockState.PAUSED]
    for one in paused:
        close_pause(one, day, calendar)
    count_clocks(paused, calendar)
    for one in clocks:
        is_late = one.due_on is not None and one.due_on < day
        state = ClockState.DROPPED if is_dropped else ClockState.LATE if is_late else ClockState.MET
        _move(one, state)
        one.ended_on, one.near_on, one.wake_on = day, None, None
    Clock.objects.bulk_update(clocks, CHANGED)
    _recount_inner(hall, {one.owner_id for one in clocks}, calendar)
    return clocks


def _open(hall: Hall, owner_ids: Collection[UUID], kinds: Collection[ClockKind] | None) -> QuerySet[Clock]:
    """Open clocks of these owners, held until the transaction ends; always in one order, so that no two wait for each
    other."""
    rows = Clock.objects.filter(hall=hall, owner_id__in=owner_ids, ended_on=None).order_by("pk")
    return (rows if kinds is None else rows.filter(kind__in=kinds)).select_for_update(no_key=True)


def _move(clock: Clock, state: ClockState) -> None:
    CLOCK_TRANSITIONS.check(clock.state, state)
    clock.state = state


def keep_clocks(hall: Hall, clocks: list[Clock], calendar: WorkCalendar) -> list[Clock]:
    """Count them and write them, and what lies within them, which follows; the caller holds their rows."""
    count_clocks(clocks, calendar)
    if clocks:
        Clock.objects.bulk_update(clocks, CHANGED)
        _recount_inner(hall, {one.owner_id for one in clocks}, calendar)
    return clocks


def _recount_inner(hall: Hall, owner_ids: Collection[UUID], calendar: WorkCalendar) -> None:
    """What lies within these owners' clocks follows them."""
    inner = Clock.objects.filter(hall=hall, within_id__in=owner_ids, state=ClockState.RUNNING).order_by("pk")
    if clocks := list(inner.select_for_update(no_key=True)):
        count_clocks(clocks, calendar)
        Clock.objects.bulk_update(clocks, CHANGED)


def count_clocks(clocks: Sequence[Clock], calendar: WorkCalendar) -> None:
    """Those that others lie within come first."""
    outer = {one.within_id for one in clocks if one.within_id}
    ceilings = _ceilings(outer, but=[one.pk for one in clocks])
    for one in sorted(clocks, key=lambda one: one.within_id is not None):
        count_clock(one, calendar, ceilings.get(one.within_id) if one.within_id else None)
        if one.kind in OUTER_KINDS and one.owner_id in outer and one.due_on and one.state == ClockState.RUNNING:
            ceilings[one.owner_id] = min(ceilings.get(one.owner_id, one.due_on), one.due_on)


def _ceilings(owner_ids: Collection[UUID], *, but: Iterable[UUID]) -> dict[UUID, date]:
    """By owner, the last day of what lies within it."""
    if not owner_ids:
        return {}
    rows = Clock.objects.filter(owner_id__in=owner_ids, kind__in=OUTER_KINDS, state=ClockState.RUNNING)
    found = rows.exclude(pk__in=list(but)).order_by().values_list("owner_id").annotate(Min("due_on"))
    return {owner_id: due_on for owner_id, due_on in found if due_on}


def _last_paused_day(clock: Clock, calendar: WorkCalendar) -> date:
    """The day on which the latest pause was over."""
    return clock.closed_pauses[-1].cut(calendar).ends_on or date.max


def _check_day(day: date) -> None:
    if day > timezone.localdate():
        raise Invalid("日期不能晚于今天。")
