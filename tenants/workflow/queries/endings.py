"""How a run ended, for the app that has started it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenants.workflow.models import Run
from tenants.workflow.states import RunStatus


@dataclass(frozen=True, slots=True)
class RunEnding:
    """``opinion`` and ``by_name``: of who did its last step; "" where it was broken off."""

    status: RunStatus
    ended_at: datetime
    opinion: str
    by_name: str
    by_id: UUID | None


def ending_of(run_id: UUID) -> RunEnding | None:
    """None while it goes on. Two queries."""
    run = Run.objects.filter(pk=run_id, ended_at__isnull=False).first()
    if run is None or run.ended_at is None:
        return None
    last = run.acts.filter(act="finish").order_by("-pk").first()
    return RunEnding(
        RunStatus(run.status),
        run.ended_at,
        last.opinion if last else "",
        last.by_name if last else "",
        last.by_id if last else None,
    )
