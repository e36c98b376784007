"""What a hall does when it hears of something."""

from foundation.events.kinds import ReceivedEvent, subscribes
from province.halls.models import Hall
from province.identity.events import HANDED_OVER_IN_HALL, HandedOver
from province.identity.queries.work import orderer_of, parties_of
from tenants.in_hall import in_hall
from tenants.portal.operations.hand_over import take_over_articles


@subscribes(HANDED_OVER_IN_HALL, "portal.take_over_articles")
@in_hall
def _take_over(event: ReceivedEvent[HandedOver], hall: Hall) -> None:
    """The rows move with the event: a repeat finds none."""
    leaver, successor = parties_of(event)
    take_over_articles(ordered_by=orderer_of(event), hall=hall, leaver=leaver, successor=successor)
