"""What the relay and workers do inside a hall's schema: subscribers to events, tasks, and calls outside that the hall
wants."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from uuid import UUID

from django.apps import apps

from foundation import schemas
from foundation.events.kinds import Handler, Payload, ReceivedEvent
from foundation.events.models import OutsideCall
from foundation.events.outgoing import Refused
from province.halls.models import Hall
from province.halls.states import HallState
from tenants.shell.queries.apps import absent_apps


def in_hall[P: Payload](handler: Callable[[ReceivedEvent[P], Hall], None]) -> Handler[P]:
    """Mark a subscriber that works inside the event's hall: it gets the hall and runs in its schema.

    Where the hall is retired, has not got the tables of the subscriber's app, or its schema is not there, it does not
    run and nothing is left to do. An app without tables hears of other halls' events too: ``lower_halls`` of those that
    villages emit.
    """
    app = handler.__module__.split(".")[1]

    @wraps(handler)
    def run_in_hall(event: ReceivedEvent[P]) -> None:
        hall = _hall_at_work(event.hall_id)
        if hall is None or (app in absent_apps(hall.kind) and any(apps.get_app_config(app).get_models())):
            return
        with schemas.enter(hall.schema_name):
            handler(event, hall)

    return run_in_hall


@contextmanager
def in_hall_of_call(outside: OutsideCall) -> Iterator[Hall]:
    """Work in the schema of the hall that wants the call. Raises Refused where that is retired, or its schema is not
    there."""
    hall = _hall_at_work(outside.hall_id)
    if hall is None:
        raise Refused("这个服务厅已经停用。")
    with schemas.enter(hall.schema_name):
        yield hall


@contextmanager
def at_work_in(hall_id: UUID | None) -> Iterator[Hall | None]:
    """For tasks: work in the schema of this hall. None where it is retired, or its schema is not there."""
    hall = _hall_at_work(hall_id) if hall_id else None
    if hall is None:
        yield None
        return
    with schemas.enter(hall.schema_name):
        yield hall


def _hall_at_work(hall_id: UUID) -> Hall | None:
    hall = Hall.objects.filter(pk=hall_id).exclude(state=HallState.RETIRED).first()
    return hall if hall and schemas.schema_exists(hall.schema_name) else None
