"""What somebody had done in the background with many items of their inbox."""

from collections.abc import Sequence
from uuid import UUID

from foundation.errors import NotFound
from foundation.many import RowOutcome
from province.rights.actors import Actor
from tenants.workflow.models import WorkBatch, WorkItem


def open_batch_of(by: Actor) -> WorkBatch | None:
    """The person's batch that is not done yet."""
    return WorkBatch.objects.filter(account_id=by.id, finished_at=None).first() if by.id else None


def batch_of(by: Actor, batch_id: UUID) -> WorkBatch:
    """Raises NotFound, also for somebody else's."""
    found = WorkBatch.objects.filter(pk=batch_id, account_id=by.id).first() if by.id else None
    if found is None:
        raise NotFound("没有这一批。")
    return found


def batch_outcomes(results: Sequence[tuple[str, str]]) -> list[RowOutcome]:
    """Results of a batch with what their items are called: one query."""
    items = WorkItem.objects.filter(pk__in=[one for one, _ in results]).select_related("run")
    names = {str(one.pk): f"{one.run.title}：{one.label}" for one in items}
    return [RowOutcome(one, names.get(one, ""), reason) for one, reason in results]
