"""What somebody outside saw with ``yizhan look``: a proof of their own beside the inner one, which it cannot touch."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotFound
from foundation.row_locks import hold_row
from province.audit.operations import record_act
from province.content.looking.sites import Sighting
from province.content.models import Push, PushProof
from province.content.operations.proofs import add_rows, draw_up_proof, finish_proof, numbers_seen
from province.content.queries.desks import at_desks_of
from province.content.queries.pushes.evidence import roster_of
from province.content.states import LookedAt, Outcome, Vantage
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import HALL_EDITORS, Reach, Role

declare("content.look", "提交外部查看结果", reach=Reach.HALL, roles=HALL_EDITORS | {Role.PROVINCE_OPERATOR})

MOST_ROWS = 500
# clocks of other machines
_DRIFT = timedelta(minutes=5)


@transaction.atomic
def open_outside_proof(*, by: Actor, push_id: UUID) -> PushProof:
    """A proof that this person will fill from outside: which sites to look at, and for what, is settled now.

    Raises NotFound for what is not of the actor's desks, Conflict for what no site ever showed.
    """
    reached = Push.objects.filter(at_desks_of(by, "content.look", text="version__manuscript__"))
    push = hold_row(reached.select_related("version__manuscript", "shown"), no_key=True, pk=push_id)
    if push is None:
        raise NotFound("没有这次推稿。")
    if push.published_at is None:
        raise Conflict("这次推稿还没有发布，没有可以查看的页面。")
    proof = draw_up_proof(push, looker=by)
    record_act(by=by, act="content.look", object_type="push", object_id=push.pk)
    return proof


@transaction.atomic
def add_outside_rows(*, by: Actor, push_id: UUID, look_id: UUID, rows: Sequence[Sighting]) -> PushProof:
    """Add what was seen. A hall that has its row keeps it: a repeat, or another word on it, changes nothing.

    Raises Invalid for halls that are not meant and for rows that cannot be so, Conflict once the proof has ended.
    """
    proof = _own_proof(by, push_id, look_id)
    faults = _faults_in(proof, rows)
    if faults:
        raise Invalid("有几行外部查看的结果不成立。", faults=faults)
    known = numbers_seen(proof)
    new = {row.number: row for row in rows if row.number not in known}
    if new:
        add_rows(proof, new.values())
    return proof


@transaction.atomic
def finish_outside_proof(*, by: Actor, push_id: UUID, look_id: UUID) -> PushProof:
    """End and seal it. A repeat changes nothing."""
    proof = _own_proof(by, push_id, look_id, is_ended_too=True)
    if proof.finished_at is None:
        finish_proof(proof, by=by)
    return proof


def _own_proof(by: Actor, push_id: UUID, look_id: UUID, *, is_ended_too: bool = False) -> PushProof:
    """Held, so that rows come one batch after the other."""
    reached = at_desks_of(by, "content.look", desk="push__desk_prefix", text="push__version__manuscript__")
    proof = (
        PushProof.objects.select_for_update(of=("self",))
        .select_related("push")
        .filter(reached, pk=look_id, push_id=push_id, vantage=Vantage.OUTSIDE, looker_id=by.id)
        .first()
    )
    if proof is None:
        raise NotFound("没有这次外部查看。")
    if proof.finished_at and not is_ended_too:
        raise Conflict("这次外部查看已经结束，不能再添加结果。")
    return proof


def _faults_in(proof: PushProof, rows: Sequence[Sighting]) -> list[Fault]:
    meant = {hall.number for hall in roster_of(proof)}
    earliest, latest = proof.started_at - _DRIFT, timezone.now() + _DRIFT
    faults = []
    for row in rows:
        if row.number not in meant:
            faults.append(Fault(str(row.number), "这个服务厅不在查看范围内。"))
        elif not earliest <= row.looked_at <= latest:
            faults.append(Fault(str(row.number), "查看时间不在这次查看期间，请校准时钟。"))
        elif row.outcome == Outcome.RIGHT and (len(row.statuses) != len(LookedAt) or not row.digest or row.seen):
            faults.append(Fault(str(row.number), "“正确”的结果应有每一处的状态和稿件页的摘要。"))
        elif row.outcome != Outcome.RIGHT and not row.seen:
            faults.append(Fault(str(row.number), "结果不正确时应说明看到的内容。"))
    return faults
