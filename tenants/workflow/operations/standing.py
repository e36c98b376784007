"""The time of a run's steps stands while what the run is of is paused, or the run is held up: nobody's step runs out
meanwhile, whether people go on working or not. Afterwards each has what was left of its time."""

from datetime import datetime

from django.db.models import Q

from foundation.events.operations import clear_due_times
from province.halls.models import Hall
from tenants.workflow.events import ITEM_DUE, ITEM_REMINDS
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.advancing import set_end, start_clocks
from tenants.workflow.operations.run_rows import keep_run
from tenants.workflow.queries.limits import is_end_assumed, moved_end
from tenants.workflow.queries.running import flow_of_run
from tenants.workflow.queries.step_ends import last_day_of, step_end
from tenants.workflow.states import OPEN_ITEMS, ItemPart


def stop_time(run: Run, since: datetime) -> None:
    """Let no step's time run from ``since`` on; the caller holds the run's row. What had run out before stays late.
    Where it stands already, nothing changes."""
    if run.stands_since or run.ended_at:
        return
    run.stands_since = since
    keep_run(run, "stands_since")
    open_ones = WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS, due_at__gt=since, was_late=False)
    # a timer waits for a moment, and is nobody's time
    items = list(open_ones.exclude(part=ItemPart.WAIT))
    for item in items:
        item.stood_due_at, item.due_at, item.own_due_at = item.own_due_at or item.due_at, None, None
    WorkItem.objects.bulk_update(items, ["stood_due_at", "due_at", "own_due_at"])
    clear_due_times(kinds=[ITEM_DUE, ITEM_REMINDS], subject_ids=[one.pk for one in items])


def let_time_run(hall: Hall, run: Run, until: datetime) -> None:
    """From ``until`` on each step has what was left of its time when that stood still; the caller holds the run's row.
    Where no time stands, nothing changes."""
    if run.stands_since is None:
        return
    since, run.stands_since = run.stands_since, None
    if since < until:
        run.stood = [*(run.stood or []), [since.isoformat(), until.isoformat()]]
    keep_run(run, "stands_since", "stood")
    flow, last_day = flow_of_run(run), last_day_of(run)
    stood = Q(stood_due_at__isnull=False) | Q(was_late=True, own_due_at__isnull=False)
    for item in WorkItem.objects.filter(stood, run=run, state__in=OPEN_ITEMS).order_by("pk"):
        node = flow.step(item.step)
        own, is_assumed = item.stood_due_at or item.own_due_at, False
        assert own  # noqa: S101 - either stood
        if node and node.limit:
            if since < own:
                own = moved_end(hall, node.limit, own, began_at=item.created_at, since=since, until=until)
            is_assumed = is_end_assumed(hall, node.limit, item.created_at, own)
        set_end(item, step_end(own, last_day, is_assumed=is_assumed))
        start_clocks(hall, [item], node)
