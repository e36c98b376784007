"""Acts on more items than a request can wait for: a part at a time, each with what came of it."""

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.errors import Conflict, DomainError, Invalid
from foundation.events.operations import emit_event
from province.halls.models import Hall
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from tenants.workflow.events import BATCH_GOES_ON
from tenants.workflow.models import WorkBatch
from tenants.workflow.operations.batches import act_on_items
from tenants.workflow.operations.run_rows import clean_opinion, require_taking_part
from tenants.workflow.queries.work import WorkFilter, items_in
from tenants.workflow.states import TickedWork

MOST_IN_BATCH: Final = 5_000
# items of one transaction: they keep their runs locked until its end
_PART: Final = 20
# a longer code is that of no outcome
_LONGEST_OUTCOME: Final = 40


@transaction.atomic
def begin_work_batch(
    *, by: Actor, hall: Hall, box: str, asked: WorkFilter, act: TickedWork, outcome: str = "", opinion: str = ""
) -> WorkBatch:
    """Have every item of the box (a key of ITEM_BOXES) that fits acted on in the background, by run. Raises Invalid for
    none or more than 5,000, Conflict while an earlier one of the person is not done, NotAllowed."""
    require_taking_part(by, hall)
    if by.id is None:
        raise Invalid("流程里的工作要由具体的人办理。")
    said = clean_opinion(opinion)
    found = items_in(by, hall, box, asked).order_by("run", "pk").values_list("pk", flat=True)
    ids = [str(one) for one in found[: MOST_IN_BATCH + 1]]
    if not ids:
        raise Invalid("没有符合条件的待办。")
    if len(ids) > MOST_IN_BATCH:
        message = f"一次最多办 {MOST_IN_BATCH:,} 项，请先用条件缩小范围。"
        raise Invalid(message)
    try:
        with transaction.atomic():
            batch = WorkBatch.objects.create(
                account_id=by.id,
                position_id=by.position_id,
                scopes=None if by.scopes is None else sorted(by.scopes),
                act=act,
                outcome=outcome[:_LONGEST_OUTCOME],
                opinion=said,
                waiting=ids,
            )
    except IntegrityError as error:
        raise Conflict("您还有一批没有办完，请等它办完再办下一批。") from error
    emit_event(kind=BATCH_GOES_ON, subject_id=batch.pk, hall_id=hall.pk)
    return batch


@transaction.atomic
def carry_on_batch(*, hall: Hall, batch_id: UUID) -> None:
    """Act on the next items of a batch, with what its person may do now; what came of them is written in the same
    transaction, so that a killed process leaves none done without its result. Changes nothing where all is done."""
    batch = WorkBatch.objects.select_for_update().filter(pk=batch_id, finished_at=None).first()
    if batch is None:
        return
    part, batch.waiting = batch.waiting[:_PART], batch.waiting[_PART:]
    try:
        outcomes = act_on_items(
            by=actor_of(Account.objects.get(pk=batch.account_id), batch.position_id, batch.scopes),
            hall=hall,
            item_ids=[UUID(one) for one in part],
            act=TickedWork(batch.act),
            outcome=batch.outcome,
            opinion=batch.opinion,
        )
        batch.results += [[one.id, one.reason] for one in outcomes]
    except DomainError as refusal:
        # the person may do nothing here any more
        batch.results += [[one, refusal.message] for one in (*part, *batch.waiting)]
        batch.waiting = []
    if batch.waiting:
        emit_event(kind=BATCH_GOES_ON, subject_id=batch.pk, hall_id=hall.pk)
    else:
        batch.finished_at = timezone.now()
    batch.save(update_fields=["waiting", "results", "finished_at"])
