"""What a hall does when it hears of something."""

from foundation.events.kinds import ReceivedEvent, subscribes
from province.halls.models import Hall
from province.people.events import HANDED_OVER_IN_HALL, HandedOver
from province.people.queries.work import orderer_of, parties_of
from tenants.portal.operations.hand_over import take_over_articles
from tenants.shell.subscribers import in_hall


@subscribes(HANDED_OVER_IN_HALL, "portal.take_over_articles")
@in_hall
def _take_over(event: ReceivedEvent[HandedOver], hall: Hall) -> None:
    """The rows move with the event: a repeat finds none."""
    leaver, successor = parties_of(event)
    take_over_articles(ordered_by=orderer_of(event), hall=hall, leaver=leaver, successor=successor)
