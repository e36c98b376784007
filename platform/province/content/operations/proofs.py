"""Proof, not hope: fetch the page of a push on every hall's site as a reader would, and write down what was seen.

A proof belongs to one turn of its push. It is saved batch by batch, so that it goes on where it was killed, and ends
where a later turn overtakes it. Its roster is drawn up once, its rows are never written again, and when it ends the
digest over all of them goes into the audit.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import batched
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_alone
from foundation.errors import Conflict
from foundation.events.operations import emit_event
from foundation.rows import draw_id
from province.audit.operations import record_act
from province.content.events import PROOF_WANTED, ProofWanted
from province.content.looking.expectations import Expectation
from province.content.looking.sites import THREADS, Sighting, Site, Way, look, reader
from province.content.models import ProofBatch, Push, PushProof
from province.content.queries.pushes import expectation_of, roster_for
from province.content.queries.pushes.evidence import (
    SEALED,
    first_digest,
    next_digest,
    numbers_by_fault,
    pack_roster,
    pack_rows,
    roster_of,
    rows_of,
)
from province.content.states import Outcome, Vantage
from province.rights.actors import Actor
from province.rights.queries import require, system_actor

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
    unfinished = PushProof.objects.filter(push=push, finished_at=None, vantage=Vantage.INSIDE)
    unfinished.exclude(turn=push.turn).update(is_overtaken=True, finished_at=timezone.now())
    return unfinished.first() or draw_up_proof(push, address=settings.SITE_FETCH_ADDRESS)


def draw_up_proof(push: Push, *, address: str = "", looker: Actor | None = None) -> PushProof:
    """A proof without rows: who is expected to show what, frozen as of now. ``looker``: who looks from outside."""
    now = timezone.now()
    expects = expectation_of(push)
    roster = roster_for(push)
    proof = PushProof(
        id=draw_id(),
        push=push,
        turn=push.turn,
        expects=expects.answer,
        expectation=expects.facts,
        vantage=Vantage.OUTSIDE if looker else Vantage.INSIDE,
        looker_id=looker.id if looker else None,
        looker_name=looker.name if looker else "",
        address=address,
        started_at=now,
        progress_at=now,
        roster=pack_roster(roster),
        expected=len(roster),
    )
    proof.digest = first_digest(proof)
    proof.save(force_insert=True)
    return proof


def carry_on_proof(*, push_id: UUID) -> None:
    """Bring the push's unfinished proof to its end, unless somebody is at it."""
    unfinished = PushProof.objects.filter(push_id=push_id, finished_at=None, vantage=Vantage.INSIDE)
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
    unfinished = PushProof.objects.filter(finished_at=None, progress_at__lt=before, vantage=Vantage.INSIDE)
    return list(unfinished.order_by("progress_at").values_list("push_id", flat=True)[:100])


def _look_at_all(proof: PushProof, report: Report | None) -> None:
    expects = Expectation.from_facts(proof.expectation)
    # a proof is carried on the way that it began
    way = Way(settings.PUBLIC_SCHEME, settings.PUBLIC_PORT, proof.address)
    with reader() as client, ThreadPoolExecutor(THREADS) as threads:
        for batch in batched(_sites_not_seen(proof), BATCH, strict=False):
            if not add_rows(proof, threads.map(partial(look, client, way, expects), batch)):
                return
            if report:
                report(proof)
    finish_proof(proof, by=system_actor())


def _sites_not_seen(proof: PushProof) -> Iterator[Site]:
    seen = numbers_seen(proof)
    for hall in roster_of(proof):
        if hall.number not in seen:
            yield Site(hall.number, hall.domain, hall.column)


def numbers_seen(proof: PushProof) -> set[int]:
    return {one.number for one in rows_of(proof)}


def add_rows(proof: PushProof, sightings: Iterable[Sighting]) -> bool:
    """Add what was seen for good; False where a later turn of the push makes it worthless.

    The turn is read after the pages were: a page of the later turn is never held against this one.
    """
    found = list(sightings)
    with transaction.atomic():
        if _is_overtaken(proof):
            return False
        number = ProofBatch.objects.filter(proof=proof).count()
        rows = pack_rows(found)
        proof.digest = next_digest(proof.digest, rows)
        proof.progress_at = timezone.now()
        for outcome in Outcome:
            added = sum(one.outcome == outcome for one in found)
            setattr(proof, outcome, getattr(proof, outcome) + added)
        ProofBatch.objects.create(proof=proof, number=number, rows=rows, digest=proof.digest, **numbers_by_fault(found))
        proof.save(update_fields=["digest", "progress_at", *Outcome.values])
    return True


@transaction.atomic
def finish_proof(proof: PushProof, *, by: Actor) -> bool:
    """End the proof and put the digest over all of its rows into the audit; False where a later turn overtook it."""
    if _is_overtaken(proof):
        return False
    proof.finished_at = proof.progress_at = timezone.now()
    proof.save(update_fields=["finished_at", "progress_at"])
    counts = {name: [None, getattr(proof, name)] for name in ("expected", *Outcome.values)}
    changes = {"digest": [None, proof.digest], "vantage": [None, str(proof.vantage)], **counts}
    record_act(by=by, act=SEALED, object_type="proof", object_id=proof.pk, changes=changes)
    return True


def _is_overtaken(proof: PushProof) -> bool:
    proof.is_overtaken = not Push.objects.filter(pk=proof.push_id, turn=proof.turn).exists()
    if proof.is_overtaken:
        proof.finished_at = proof.progress_at = timezone.now()
        proof.save(update_fields=["is_overtaken", "finished_at", "progress_at"])
    return proof.is_overtaken
