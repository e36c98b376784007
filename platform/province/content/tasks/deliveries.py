from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction

from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.content.operations.decisions import ADOPTION_CHANGED
from province.content.operations.deliveries import send_deliveries, write_deliveries, write_deliveries_of_hall
from province.content.operations.pushes import CHANGED


@handles(CHANGED)
def _write(event: OutboxEvent) -> None:
    """The deliveries commit with the event; a broker that is down only delays them (the scheduler asks, too)."""
    facts = event.payload
    if write_deliveries(push_id=UUID(facts["push_id"]), turn=facts["turn"], act=facts["act"]):
        transaction.on_commit(partial(send_waiting.delay), robust=True)


@handles(ADOPTION_CHANGED)
def _write_of_hall(event: OutboxEvent) -> None:
    facts = event.payload
    if write_deliveries_of_hall(push_id=UUID(facts["push_id"]), hall_id=UUID(facts["hall_id"])):
        transaction.on_commit(partial(send_waiting.delay), robust=True)


@shared_task(name="content.send_deliveries")
def send_waiting() -> None:
    send_deliveries()
