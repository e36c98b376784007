"""Steps are counted anew when a calendar is corrected, or when what their run is about ends on another day: the open
steps of a hall some runs at a time, each part in a transaction of its own that asks for the next one."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from foundation.events.operations import clear_due_times, emit_events
from foundation.events.queries import halls_with_due_times
from province.halls.models import Hall
from province.people.queries.work import halls_with_open_work
from province.workdays.events import CalendarChanged
from province.workdays.operations import hold_calendar
from tenants.workflow.events import ITEM_DUE, ITEM_REMINDS, STEPS_TOUCHED, StepsTouched
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.advancing import WORK_ITEM, set_end, start_clocks
from tenants.workflow.operations.run_rows import held_run, held_with_called
from tenants.workflow.queries.limits import is_end_assumed, own_end
from tenants.workflow.queries.running import flow_of_run
from tenants.workflow.queries.step_ends import last_day_of, step_end
from tenants.workflow.states import OPEN_ITEMS, ItemPart

# runs of one transaction: they stay locked until its end
_PART: Final = 50


def touch_steps(*, cause_id: UUID, hall_ids: list[UUID]) -> None:
    """Have the open steps of these halls counted anew, by an event for each: one statement. ``cause_id``: of what has
    moved."""
    emit_events(kind=STEPS_TOUCHED, payload=StepsTouched(after=None), subject_id=cause_id, hall_ids=hall_ids)


@transaction.atomic
def touch_steps_below(*, cause_id: UUID, changed: CalendarChanged) -> None:
    """As ``touch_steps``, of all halls for which other days count and in which some step is due or somebody's work:
    three statements, whatever their number."""
    below = Hall.objects.filter(division__code__startswith=changed.prefix)
    # what is late has no due time any more, and may be in time again
    found = {*halls_with_due_times(ITEM_DUE, below), *halls_with_open_work(WORK_ITEM, below)}
    if found:
        touch_steps(cause_id=cause_id, hall_ids=sorted(found))


@transaction.atomic
def recount_touched_steps(*, hall: Hall, cause_id: UUID, after: UUID | None) -> None:
    """Count the steps of the next runs, those behind ``after``, and ask for those behind them. Once more changes
    nothing."""
    open_ones = WorkItem.objects.filter(state__in=OPEN_ITEMS, due_at__isnull=False).exclude(part=ItemPart.WAIT)
    rows = open_ones if after is None else open_ones.filter(run__gt=after)
    run_ids = list(rows.order_by("run").values_list("run", flat=True).distinct()[:_PART])
    for run_id in run_ids:
        recount_steps(hall, held_run(run_id))
    if len(run_ids) == _PART:
        behind = StepsTouched(after=run_ids[-1])
        emit_events(kind=STEPS_TOUCHED, payload=behind, subject_id=cause_id, hall_ids=[hall.pk])


@transaction.atomic
def recount_owned_steps(*, hall: Hall, run_id: UUID) -> None:
    """What the run is about ends on another day: its steps follow, and those of the runs that it has called. For the
    app whose that is."""
    for run in held_with_called(run_id):
        recount_steps(hall, run)


def recount_steps(hall: Hall, run: Run) -> None:
    """Count when the open steps of a run are over, its row held: by the days that count now, and within what it is
    about. What was late and is in time again is not late any more. Where its time stands, nothing changes: each is
    counted when it goes on."""
    if run.ended_at or run.stands_since:
        return
    open_ones = WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS, due_at__isnull=False)
    items = list(open_ones.exclude(part=ItemPart.WAIT).order_by("pk"))
    if not items:
        return
    # a correction comes before or after
    hold_calendar(hall)
    last_day, began, flow = last_day_of(run), _beginnings(run, items), flow_of_run(run)
    for item in items:
        node = flow.step(item.step)
        own, is_assumed = item.own_due_at or item.due_at, bool(item.is_due_assumed)
        if node and node.limit:
            began_at = began[item.token, item.round]
            own = own_end(hall, node.limit, began_at, run.stood or ())
            is_assumed = is_end_assumed(hall, node.limit, began_at, own)
        assert own  # noqa: S101 - it is due
        end = step_end(own, last_day, is_assumed=is_assumed)
        before = item.due_at, item.own_due_at, bool(item.is_due_assumed)
        if before == (end.due_at, end.own_due_at, end.is_due_assumed):
            continue
        set_end(item, end)
        clear_due_times(kinds=[ITEM_DUE, ITEM_REMINDS], subject_ids=[item.pk])
        start_clocks(hall, [item], node)


def _beginnings(run: Run, items: list[WorkItem]) -> dict[tuple[int, int], datetime]:
    """When each visit of a step began: who signs besides came to it later."""
    rows = WorkItem.objects.filter(run=run, token__in={one.token for one in items}).order_by()
    return {(token, number): at for token, number, at in rows.values_list("token", "round").annotate(Min("created_at"))}
