"""Subscribers that work inside a hall's schema."""

from collections.abc import Callable
from functools import wraps

from foundation import schemas
from foundation.events.kinds import Handler, Payload, ReceivedEvent
from province.halls.models import Hall
from province.halls.states import HallState


def in_hall[P: Payload](handler: Callable[[ReceivedEvent[P], Hall], None]) -> Handler[P]:
    """Mark a subscriber that works inside the event's hall: it gets the hall and runs in its schema.

    Where the hall is retired, or its schema is not there, it does not run and nothing is left to do.
    """

    @wraps(handler)
    def run_in_hall(event: ReceivedEvent[P]) -> None:
        hall = Hall.objects.filter(pk=event.hall_id).exclude(state=HallState.RETIRED).first()
        if hall is None or not schemas.schema_exists(hall.schema_name):
            return
        with schemas.enter(hall.schema_name):
            handler(event, hall)

    return run_in_hall
