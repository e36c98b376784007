"""What a hall does when it hears of something."""

from foundation import schemas
from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.halls.models import Hall
from province.halls.states import HallState
from province.identity.queries.work import HANDED_OVER_IN_HALL, orderer_of, parties_of
from tenants.portal.operations.hand_over import take_over_articles


@handles(HANDED_OVER_IN_HALL)
def _take_over(event: OutboxEvent) -> None:
    """The rows move with the event: a repeat finds none."""
    assert event.hall_id is not None  # noqa: S101 - this kind always has one
    hall = Hall.objects.filter(pk=event.hall_id).exclude(state=HallState.RETIRED).first()
    if hall is None or not schemas.schema_exists(hall.schema_name):
        return
    leaver, successor = parties_of(event)
    with schemas.enter(hall.schema_name):
        take_over_articles(ordered_by=orderer_of(event), hall=hall, leaver=leaver, successor=successor)
