from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction

from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.content.operations.proofs import abandoned_proofs, carry_on_proof, open_proof
from province.content.operations.pushes import BEGINS, EXPIRES, PROOF_WANTED, begin_push, expire_push


@handles(BEGINS)
def _begin(event: OutboxEvent) -> None:
    begin_push(push_id=_subject(event))


@handles(EXPIRES)
def _expire(event: OutboxEvent) -> None:
    expire_push(push_id=_subject(event))


@handles(PROOF_WANTED)
def _prove(event: OutboxEvent) -> None:
    """The proof's row commits with the event; a broker that is down only delays it (``resume_proofs``)."""
    if open_proof(push_id=_subject(event), turn=event.payload["turn"]):
        transaction.on_commit(partial(verify_push.delay, str(event.subject_id)), robust=True)


@shared_task(name="content.verify_push")
def verify_push(push_id: str) -> None:
    carry_on_proof(push_id=UUID(push_id))


@shared_task(name="content.resume_proofs")
def resume_proofs() -> None:
    """Proofs that a killed worker left, or that a broker lost."""
    for push_id in abandoned_proofs():
        verify_push.delay(str(push_id))


def _subject(event: OutboxEvent) -> UUID:
    assert event.subject_id is not None  # noqa: S101 - these kinds always have one
    return event.subject_id
