from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.content.events import (
    PROOF_WANTED,
    PUSH_BEGINS,
    PUSH_CHANGED,
    PUSH_EXPIRES,
    ProofWanted,
    PushChanged,
)
from province.content.operations.proofs import abandoned_proofs, carry_on_proof, open_proof
from province.content.operations.pushes import begin_push, expire_push


@subscribes(PUSH_BEGINS, "content.begin_push")
def _begin(event: ReceivedEvent[NoPayload]) -> None:
    begin_push(push_id=event.subject_id)


@subscribes(PUSH_EXPIRES, "content.expire_push")
def _expire(event: ReceivedEvent[NoPayload]) -> None:
    expire_push(push_id=event.subject_id)


@subscribes(PUSH_CHANGED, "content.prove_change")
def _prove_change(event: ReceivedEvent[PushChanged]) -> None:
    _prove(event.subject_id, event.payload.turn)


@subscribes(PROOF_WANTED, "content.prove_again")
def _prove_again(event: ReceivedEvent[ProofWanted]) -> None:
    _prove(event.subject_id, event.payload.turn)


def _prove(push_id: UUID, turn: int) -> None:
    """The proof's row commits with the event; a broker that is down only delays it (``resume_proofs``)."""
    if open_proof(push_id=push_id, turn=turn):
        transaction.on_commit(partial(verify_push.delay, str(push_id)), robust=True)


@shared_task(name="content.verify_push")
def verify_push(push_id: str) -> None:
    carry_on_proof(push_id=UUID(push_id))


@shared_task(name="content.resume_proofs")
def resume_proofs() -> None:
    """Proofs that a killed worker left, or that a broker lost."""
    for push_id in abandoned_proofs():
        verify_push.delay(str(push_id))
