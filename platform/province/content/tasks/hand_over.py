from foundation.events.kinds import ReceivedEvent, subscribes
from province.content.operations.hand_over import take_over_manuscripts
from province.people.events import HANDED_OVER, HandedOver
from province.people.queries.work import orderer_of, parties_of


@subscribes(HANDED_OVER, "content.take_over_manuscripts")
def _take_over(event: ReceivedEvent[HandedOver]) -> None:
    """The rows move with the event: a repeat finds none."""
    leaver, successor = parties_of(event)
    take_over_manuscripts(ordered_by=orderer_of(event), leaver=leaver, successor=successor)
