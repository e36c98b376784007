from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.content.operations.hand_over import take_over_manuscripts
from province.identity.queries.work import HANDED_OVER, orderer_of, parties_of


@handles(HANDED_OVER)
def _take_over(event: OutboxEvent) -> None:
    """The rows move with the event: a repeat finds none."""
    leaver, successor = parties_of(event)
    take_over_manuscripts(ordered_by=orderer_of(event), leaver=leaver, successor=successor)
