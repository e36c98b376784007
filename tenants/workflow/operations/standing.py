"""The time of a run's steps stands while what the run is of is paused, or the run is held up: nobody's step runs out
meanwhile, whether people go on working or not. Afterwards each has what was left of its time."""

from datetime import datetime

from foundation.events.operations import clear_due_times
from province.halls.models import Hall
from tenants.workflow.events import ITEM_DUE, ITEM_REMINDS
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.advancing import start_clocks
from tenants.workflow.operations.run_rows import keep_run
from tenants.workflow.queries.limits import moved_end
from tenants.workflow.queries.running import flow_of_run
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
        item.stood_due_at, item.due_at = item.due_at, None
    WorkItem.objects.bulk_update(items, ["stood_due_at", "due_at"])
    clear_due_times(kinds=[ITEM_DUE, ITEM_REMINDS], subject_ids=[one.pk for one in items])


def let_time_run(hall: Hall, run: Run, until: datetime) -> None:
    """From ``until`` on each step has what was left of its time when that stood still; the caller holds the run's row.
    Where no time stands, nothing changes."""
    if run.stands_since is None:
        return
    since, run.stands_since = run.stands_since, None
    keep_run(run, "stands_since")
    flow = flow_of_run(run)
    for item in WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS, stood_due_at__isnull=False).order_by("pk"):
        node = flow.step(item.step)
        ends_at, item.stood_due_at = item.stood_due_at, None
        if ends_at and node and node.limit:
            ends_at = moved_end(hall, node.limit, ends_at, began_at=item.created_at, since=since, until=until)
        item.due_at = ends_at
        item.save(update_fields=["due_at", "stood_due_at"])
        start_clocks(hall, [item], node)
