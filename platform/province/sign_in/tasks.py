"""What signing in and out leaves for later: handlers of events, and the worker's tasks."""

from functools import partial

from celery import shared_task
from django.db import transaction

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.sign_in.events import SIGNED_OUT
from province.sign_in.operations.sessions import forget_old_sign_ins
from province.sign_in.operations.sign_outs import send_sign_outs


@shared_task(name="sign_in.forget_old_sign_ins")
def forget() -> None:
    forget_old_sign_ins()


@subscribes(SIGNED_OUT, "sign_in.send_sign_outs")
def _tell_clients(_: ReceivedEvent[NoPayload]) -> None:
    """A broker that is down only delays it (the scheduler asks, too)."""
    transaction.on_commit(partial(send_waiting_sign_outs.delay), robust=True)


@shared_task(name="sign_in.send_sign_outs")
def send_waiting_sign_outs() -> None:
    send_sign_outs()
