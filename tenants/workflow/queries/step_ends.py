"""When the time of a step is over: by its own limit, and no later than what its run is about."""

from dataclasses import dataclass
from datetime import datetime

from tenants.workflow.models import Run
from tenants.workflow.queries.limits import end_of_day
from tenants.workflow.slots import RUN_SUBJECTS, LastDay


@dataclass(frozen=True, slots=True)
class StepEnd:
    """``own_due_at``: when it would be over by itself, where it is cut; None where it is not."""

    due_at: datetime
    own_due_at: datetime | None
    is_due_assumed: bool


def step_end(own: datetime, last_day: LastDay | None, *, is_assumed: bool) -> StepEnd:
    """``own``: when the step is over by itself; ``is_assumed``: whether that is a guess."""
    ends_at = end_of_day(last_day.day) if last_day else own
    if last_day is None or own <= ends_at:
        return StepEnd(own, None, is_assumed)
    return StepEnd(ends_at, own, last_day.is_assumed)


def whole_of(run: Run) -> Run:
    """The run that is a part of no other one: that which has called this one, or itself."""
    while run.parent_item_id:
        run = Run.objects.get(items=run.parent_item_id)
    return run


def last_day_of(run: Run) -> LastDay | None:
    """The last day of what the run is about, the first where there are several; None where nothing ends. Of a run that
    another one has called: of what that one is about."""
    whole = whole_of(run)
    if whole.is_owned is False:
        return None
    found = [day for one in RUN_SUBJECTS.entries() if (day := one.last_day(whole.pk))]
    return min(found, key=lambda one: one.day, default=None)
