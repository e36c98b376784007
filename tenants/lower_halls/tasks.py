"""What halls above hear of those below them."""

from foundation.events.kinds import ReceivedEvent, subscribes
from province.catalogue.states import HallGuideState
from province.halls.models import Hall
from tenants.lower_halls.operations import ask_reviewers_above
from tenants.services.events import GUIDES_MOVED, GuidesMoved
from tenants.shell.subscribers import in_hall


@subscribes(GUIDES_MOVED, "lower_halls.ask_reviewers_above")
@in_hall
def _ask(event: ReceivedEvent[GuidesMoved], hall: Hall) -> None:
    if event.payload.state == HallGuideState.SUBMITTED:
        ask_reviewers_above(hall=hall, cause_id=event.id, moved=event.payload)
