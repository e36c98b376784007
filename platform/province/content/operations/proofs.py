"""Proof, not hope: fetch the page of a push on every hall's site as a reader would, and write down what was seen.

A proof belongs to one turn of its push. It is saved batch by batch, so that it goes on where it was killed, and ends
where a later turn overtakes it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.db.models import FilteredRelation, Q
from django.utils import timezone

from foundation.advisory_lock import hold_alone
from foundation.errors import Conflict
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.content.events import PROOF_WANTED, ProofWanted
from province.content.models import Push, PushProof
from province.content.operations.sightings import THREADS, Expectation, Sighting, Site, look, reader
from province.content.queries.audiences import halls_showing
from province.content.queries.pushes import page_answer
from province.rights.actors import Actor
from province.rights.queries import require

type Report = Callable[[PushProof], None]

# halls whose sightings are saved together
BATCH = 200
# a proof that nobody has carried on for so long was left by a killed worker
ABANDONED_AFTER = timedelta(seconds=30)
_LOOK_AGAIN_AFTER = 0.5  # seconds


@transaction.atomic
def start_proof(*, by: Actor, push: Push) -> PushProof:
    """Look at every site once more; the work itself is done later. Raises Conflict for what no site ever showed."""
    require(by, "content.push", prefix=push.desk_prefix)
    proof = open_proof(push_id=push.pk)
    if proof is None:
        raise Conflict("这次推稿还没有发布，没有可以核验的页面。")
    record_act(by=by, act="content.prove", object_type="push", object_id=push.pk)
    emit_event(kind=PROOF_WANTED, subject_id=push.pk, payload=ProofWanted(turn=proof.turn))
    return proof


@transaction.atomic
def open_proof(*, push_id: UUID, turn: int | None = None) -> PushProof | None:
    """The unfinished proof of the push's present turn, made where there is none; older ones are overtaken.

    None where no site ever showed the push, or where ``turn`` is given and over.
    """
    push = Push.objects.select_for_update(no_key=True).get(pk=push_id)
    if push.published_at is None or (turn is not None and turn != push.turn):
        return None
    now = timezone.now()
    unfinished = PushProof.objects.filter(push=push, finished_at=None)
    unfinished.exclude(turn=push.turn).update(is_overtaken=True, finished_at=now)
    return unfinished.first() or PushProof.objects.create(
        push=push,
        turn=push.turn,
        expects=page_answer(push),
        expected=halls_showing(push).count(),
        started_at=now,
        progress_at=now,
    )


def carry_on_proof(*, push_id: UUID) -> None:
    """Bring the push's unfinished proof to its end, unless somebody is at it."""
    unfinished = PushProof.objects.filter(push_id=push_id, finished_at=None)
    # a later turn may have opened its own meanwhile, and found this one at work
    while unfinished.exists():
        with hold_alone(push_id) as is_alone:
            if not is_alone:
                return
            if proof := unfinished.first():
                _look_at_all(proof, None)


def verify_push_now(push: Push, report: Report | None = None) -> PushProof:
    """A whole proof of the present turn, looked at by the caller or, where a worker is at it, waited for.

    ``report`` is called after every batch. Raises Conflict for what no site ever showed.
    """
    while True:
        proof = open_proof(push_id=push.pk)
        if proof is None:
            raise Conflict("这次推稿还没有发布，没有可以核验的页面。")
        while proof.finished_at is None:
            with hold_alone(push.pk) as is_alone:
                if is_alone:
                    proof.refresh_from_db()
                    if proof.finished_at is None:
                        _look_at_all(proof, report)
                    break
            time.sleep(_LOOK_AGAIN_AFTER)
            proof.refresh_from_db()
            if report:
                report(proof)
        if not proof.is_overtaken:
            return proof


def abandoned_proofs() -> list[UUID]:
    """The pushes whose proofs nobody carries on."""
    before = timezone.now() - ABANDONED_AFTER
    unfinished = PushProof.objects.filter(finished_at=None, progress_at__lt=before)
    return list(unfinished.order_by("progress_at").values_list("push_id", flat=True)[:100])


def _look_at_all(proof: PushProof, report: Report | None) -> None:
    push = Push.objects.select_related("shown").get(pk=proof.push_id)
    expects = Expectation.of(push)
    with reader() as client, ThreadPoolExecutor(THREADS) as threads:
        for batch in batched(_sites_not_seen(push, proof), BATCH, strict=False):
            if not _save(proof, threads.map(partial(look, client, expects), batch)):
                return
            if report:
                report(proof)
    _save(proof, (), is_last=True)


def _sites_not_seen(push: Push, proof: PushProof) -> Iterator[Site]:
    seen = int.from_bytes(proof.right, "little") | int.from_bytes(proof.wrong, "little")
    seen |= int.from_bytes(proof.unreachable, "little")
    halls = halls_showing(push).alias(first=FilteredRelation("domains", condition=Q(domains__is_primary=True)))
    for number, domain in halls.order_by("number").values_list("number", "first__domain"):
        if not seen >> number & 1:
            yield Site(number, domain)


def _save(proof: PushProof, sightings: Iterable[Sighting], *, is_last: bool = False) -> bool:
    """Add what was seen; False where a later turn of the push makes it worthless.

    The turn is read after the pages were: a page of the later turn is never held against this one.
    """
    found = list(sightings)
    with transaction.atomic():
        proof.is_overtaken = not Push.objects.filter(pk=proof.push_id, turn=proof.turn).exists()
        proof.progress_at = timezone.now()
        if proof.is_overtaken or is_last:
            proof.finished_at = proof.progress_at
        if not proof.is_overtaken:
            for outcome in ("right", "wrong", "unreachable"):
                numbers = [one.number for one in found if one.outcome == outcome]
                setattr(proof, outcome, _with_bits(getattr(proof, outcome), numbers))
            proof.exceptions |= {str(one.number): one.seen for one in found if one.seen}
        proof.save()
    return not proof.is_overtaken


def _with_bits(bitmap: bytes, numbers: list[int]) -> bytes:
    bits = int.from_bytes(bitmap, "little")
    for number in numbers:
        bits |= 1 << number
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
