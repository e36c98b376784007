from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.content.operations.accounts import move_accounts
from province.content.operations.desks import move_desks
from province.halls.events import DIVISIONS_CHANGED


@subscribes(DIVISIONS_CHANGED, "content.move_desks")
def _move(event: ReceivedEvent[NoPayload]) -> None:
    """The writes commit with the event: a code that passed on is never moved twice."""
    move_desks(run=event.subject_id)
    move_accounts(run=event.subject_id)
