"""What signing in and out leaves for later: handlers of events, and the worker's tasks."""

from functools import partial

from celery import shared_task
from django.db import transaction

from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.identity.operations.sessions import forget_old_sign_ins
from province.identity.operations.sign_outs import SIGNED_OUT, send_sign_outs


@shared_task(name="identity.forget_old_sign_ins")
def forget() -> None:
    forget_old_sign_ins()


@handles(SIGNED_OUT)
def _tell_clients(_: OutboxEvent) -> None:
    """A broker that is down only delays it (the scheduler asks, too)."""
    transaction.on_commit(partial(send_waiting_sign_outs.delay), robust=True)


@shared_task(name="identity.send_sign_outs")
def send_waiting_sign_outs() -> None:
    send_sign_outs()
