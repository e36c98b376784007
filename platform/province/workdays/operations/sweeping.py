"""The sweep: tells once of each clock that it is near its end, and once that it has run out, and lets clocks run again
whose pause took longer than it may. It asks one index of all halls' clocks which of them have a day that has come."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F
from django.utils import timezone

from foundation.events.kinds import EventKind
from foundation.events.operations import Happening, emit_each
from province.halls.models import Hall
from province.workdays.events import CLOCK_NEAR, CLOCK_RAN_OUT, CLOCK_RUNS_AGAIN, ClockFacts
from province.workdays.models import Clock
from province.workdays.operations.clocks import close_pause, keep_clocks
from province.workdays.operations.counting import hold_calendar
from province.workdays.states import ClockKind, ClockState, ClockTold

AT_ONCE: Final = 1_000


def sweep_clocks(*, today: date | None = None, most: int = AT_ONCE) -> int:
    """Look at clocks whose day has come, the earliest first; returns how many those were, at most ``most`` of either
    kind. What a hall holds at this moment comes next time."""
    now = today or timezone.localdate()
    return _end_long_pauses(now, most) + _tell_running(now, most)


def _end_long_pauses(now: date, most: int) -> int:
    """Hall after hall, of those where a pause has lasted as long as it may; the calendar that was asked for that may
    have moved, then the clock sleeps on."""
    waking = Clock.objects.filter(state=ClockState.PAUSED, wake_on__lte=now).order_by("wake_on")
    hall_ids = set(waking.values_list("hall_id", flat=True)[:most])
    looked_at = 0
    for hall in Hall.objects.filter(pk__in=hall_ids).select_related("division"):
        with transaction.atomic():
            calendar = hold_calendar(hall)
            clocks = list(waking.filter(hall=hall).select_for_update(skip_locked=True, no_key=True))
            again = [
                one for one in clocks if one.open_pause and replace(one.open_pause, ends_on=now).is_too_long(calendar)
            ]
            for one in again:
                close_pause(one, None, calendar)
            keep_clocks(hall, clocks, calendar)
            _tell(CLOCK_RUNS_AGAIN, again)
        looked_at += len(clocks)
    return looked_at


@transaction.atomic
def _tell_running(now: date, most: int) -> int:
    """What is told is kept with each clock in the same transaction and never taken back: killed, it tells nothing; with
    a calendar that moved, or a server's clock that was set back, nothing twice."""
    rows = Clock.objects.filter(state=ClockState.RUNNING, wake_on__lte=now).order_by("wake_on", "pk")
    clocks = list(rows.select_for_update(skip_locked=True, no_key=True)[:most])
    out = [one for one in clocks if one.due_on and one.due_on < now]
    rest = [one for one in clocks if one.due_on and one.due_on >= now]
    near = [one for one in rest if one.told == ClockTold.NOTHING]
    Clock.objects.filter(pk__in=[one.pk for one in out]).update(told=ClockTold.RAN_OUT, wake_on=None)
    day_after = ExpressionWrapper(F("due_on") + timedelta(days=1), output_field=DateField())
    Clock.objects.filter(pk__in=[one.pk for one in rest]).update(told=ClockTold.NEAR, wake_on=day_after)
    _tell(CLOCK_NEAR, near)
    _tell(CLOCK_RAN_OUT, out)
    return len(clocks)


def _tell(kind: EventKind[ClockFacts], clocks: Iterable[Clock]) -> None:
    emit_each(
        kind=kind,
        happenings=[
            Happening(
                one.pk,
                one.hall_id,
                ClockFacts(owner_kind=one.owner_kind, owner_id=one.owner_id, kind=ClockKind(one.kind)),
            )
            for one in clocks
        ],
    )
