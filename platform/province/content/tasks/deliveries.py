from functools import partial

from celery import shared_task
from django.db import transaction

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.content.events import ADOPTION_CHANGED, PUSH_CHANGED, PushChanged
from province.content.operations.deliveries import send_deliveries, write_deliveries, write_deliveries_of_hall


@subscribes(PUSH_CHANGED, "content.write_deliveries")
def _write(event: ReceivedEvent[PushChanged]) -> None:
    """The deliveries commit with the event; a broker that is down only delays them (the scheduler asks, too)."""
    if write_deliveries(push_id=event.subject_id, turn=event.payload.turn, act=event.payload.act):
        transaction.on_commit(partial(send_waiting.delay), robust=True)


@subscribes(ADOPTION_CHANGED, "content.write_deliveries_of_hall")
def _write_of_hall(event: ReceivedEvent[NoPayload]) -> None:
    if write_deliveries_of_hall(push_id=event.subject_id, hall_id=event.hall_id):
        transaction.on_commit(partial(send_waiting.delay), robust=True)


@shared_task(name="content.send_deliveries")
def send_waiting() -> None:
    send_deliveries()
