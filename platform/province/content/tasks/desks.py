from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.content.operations.accounts import move_accounts
from province.content.operations.desks import move_desks


@handles("halls.divisions_changed")
def _move(event: OutboxEvent) -> None:
    """The writes commit with the event: a code that passed on is never moved twice."""
    assert event.subject_id is not None  # noqa: S101 - this kind always has one
    move_desks(plan_id=event.subject_id)
    move_accounts(plan_id=event.subject_id)
