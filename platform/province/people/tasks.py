"""What other apps' changes bring to staff."""

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.halls.events import DIVISIONS_CHANGED
from province.people.operations.positions import move_positions


@subscribes(DIVISIONS_CHANGED, "people.move_positions")
def _move(_: ReceivedEvent[NoPayload]) -> None:
    """Reads the halls' prefixes as they are now: late or repeated, it does no harm."""
    move_positions()
