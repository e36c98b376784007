"""The inbox of runs, and what a person does with one item of it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from foundation.api import OutcomeOut, Page, PageParameters, idempotent, page_of
from foundation.errors import NotFound
from tenants.shell.slots import Desk
from tenants.workflow.api.runs import answer
from tenants.workflow.layouts import part_desk_of_request
from tenants.workflow.models import WorkBatch
from tenants.workflow.operations import clock, items, returns, signers
from tenants.workflow.operations.background import begin_work_batch
from tenants.workflow.operations.batches import act_on_items
from tenants.workflow.operations.by_hand import answer_by_hand, call_again
from tenants.workflow.operations.phrases import add_phrase, set_phrases
from tenants.workflow.queries.batches import batch_of, batch_outcomes
from tenants.workflow.queries.phrases import own_phrases
from tenants.workflow.queries.run_access import run_of_item
from tenants.workflow.queries.work import (
    ITEM_BOXES,
    RUN_BOXES,
    WorkFilter,
    box_counts,
    held_count,
    items_in,
    runs_in,
)
from tenants.workflow.schemas.runs import (
    AnswerIn,
    BatchIn,
    BatchOut,
    BoxesOut,
    FinishIn,
    HandOnIn,
    ManyItemsIn,
    OpinionIn,
    PhraseIn,
    PhrasesIn,
    PhrasesOut,
    ReturnIn,
    RunLineOut,
    RunOut,
    SignersIn,
    WorkFilterIn,
    WorkLineOut,
)

router = Router(tags=["work"])


@router.get("", response=BoxesOut)
def count_boxes(request: HttpRequest) -> dict[str, int]:
    """Count what waits in one's inbox."""
    desk = part_desk_of_request(request)
    return box_counts(desk.by, desk.hall) | {"units": held_count(desk.by, desk.hall)}


@router.get("/items", response=Page[WorkLineOut])
def list_items(
    request: HttpRequest, page: PageParameters, asked: Query[WorkFilterIn], box: str = "mine"
) -> dict[str, Any]:
    """List the items of a box: mine, to_claim, due, late, outside, done, or units: what the people of one's
    departments hold, of which who leads none sees what they may read."""
    desk = part_desk_of_request(request)
    return page_of(items_in(desk.by, desk.hall, _box(box, ITEM_BOXES), WorkFilter(**asked.model_dump())), page)


@router.get("/runs", response=Page[RunLineOut])
def list_runs(
    request: HttpRequest, page: PageParameters, asked: Query[WorkFilterIn], box: str = "sent"
) -> dict[str, Any]:
    """List the runs of a box: sent or copied. Runs have no limit of their own: ``due`` narrows nothing."""
    desk = part_desk_of_request(request)
    return page_of(runs_in(desk.by, _box(box, RUN_BOXES), WorkFilter(**asked.model_dump())), page)


def _box(box: str, known: dict[str, str]) -> str:
    if box not in known:
        raise NotFound(f"没有“{box[:20]}”这一栏。")
    return box


@router.get("/phrases", response=PhrasesOut)
def list_phrases(request: HttpRequest) -> dict[str, list[str]]:
    """List one's own phrases for opinions, in their order."""
    return {"texts": own_phrases(part_desk_of_request(request).by)}


@router.put("/phrases", response=PhrasesOut)
@idempotent
def put_phrases(request: HttpRequest, data: PhrasesIn) -> tuple[int, PhrasesOut]:
    """Keep these phrases, in this order, in place of those that there were."""
    desk = part_desk_of_request(request)
    return 200, PhrasesOut(texts=set_phrases(by=desk.by, hall=desk.hall, texts=data.texts))


@router.post("/phrases", response=PhrasesOut)
@idempotent
def post_phrase(request: HttpRequest, data: PhraseIn) -> tuple[int, PhrasesOut]:
    """Keep one more phrase behind the others."""
    desk = part_desk_of_request(request)
    return 200, PhrasesOut(texts=add_phrase(by=desk.by, hall=desk.hall, text=data.text))


@router.post("/items/acts", response=list[OutcomeOut])
@idempotent
def act_on_many(request: HttpRequest, data: ManyItemsIn) -> tuple[int, list[OutcomeOut]]:
    """Claim, put back or finish several items; what is refused for one does not stop the others."""
    desk = part_desk_of_request(request)
    outcomes = act_on_items(
        by=desk.by, hall=desk.hall, item_ids=data.ids, act=data.act, outcome=data.outcome, opinion=data.opinion
    )
    return 200, [OutcomeOut.model_validate(one) for one in outcomes]


@router.post("/batches", response={202: BatchOut})
@idempotent
def begin_batch(request: HttpRequest, data: BatchIn) -> tuple[int, BatchOut]:
    """Have all items of a box that fit claimed, put back or finished in the background; 409 while another one is."""
    desk = part_desk_of_request(request)
    asked = WorkFilter(**data.model_dump(exclude={"box", "act", "outcome", "opinion"}))
    made = begin_work_batch(
        by=desk.by,
        hall=desk.hall,
        box=data.box,
        asked=asked,
        act=data.act,
        outcome=data.outcome,
        opinion=data.opinion,
    )
    return 202, _batch_out(made)


@router.get("/batches/{uuid:batch_id}", response=BatchOut)
def get_batch(request: HttpRequest, batch_id: UUID) -> BatchOut:
    """How far one's batch has come, and what came of each item."""
    return _batch_out(batch_of(part_desk_of_request(request).by, batch_id))


def _batch_out(batch: WorkBatch) -> BatchOut:
    outcomes = [OutcomeOut.model_validate(one) for one in batch_outcomes(batch.results)]
    facts = {name: getattr(batch, name) for name in ("id", "act", "total", "done", "refused", "finished_at")}
    return BatchOut(**facts, results=outcomes)


def _desk_at(request: HttpRequest, item_id: UUID) -> tuple[Desk, UUID]:
    """Whom the interface let in, and the run of an item that they may see. Raises NotFound for others."""
    desk = part_desk_of_request(request)
    return desk, run_of_item(desk.by, desk.hall, item_id).pk


@router.post("/items/{uuid:item_id}/claim", response=RunOut)
@idempotent
def claim(request: HttpRequest, item_id: UUID) -> tuple[int, RunOut]:
    """Take what several could do. 409 where somebody was quicker."""
    desk = part_desk_of_request(request)
    # who comes second may not see the run any more, and is told who has it
    item = items.claim_item(by=desk.by, hall=desk.hall, item_id=item_id)
    return 200, answer(desk, item.run_id)


@router.post("/items/{uuid:item_id}/put-back", response=RunOut)
@idempotent
def put_back(request: HttpRequest, item_id: UUID) -> tuple[int, RunOut]:
    """Give what was claimed back to all who could do it."""
    desk, run_id = _desk_at(request, item_id)
    items.put_back_item(by=desk.by, hall=desk.hall, item_id=item_id)
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/finish", response=RunOut)
@idempotent
def finish(request: HttpRequest, item_id: UUID, data: FinishIn) -> tuple[int, RunOut]:
    """Say how one's work ends. 409 where it is not to be done any more."""
    desk, run_id = _desk_at(request, item_id)
    items.finish_item(
        by=desk.by,
        hall=desk.hall,
        item_id=item_id,
        outcome=data.outcome,
        opinion=data.opinion,
        posted=data.values,
        chosen=data.chosen,
        next_people=data.next_people,
    )
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/return", response=RunOut)
@idempotent
def give_back(request: HttpRequest, item_id: UUID, data: ReturnIn) -> tuple[int, RunOut]:
    """Have the step before done again, or an earlier one."""
    desk, run_id = _desk_at(request, item_id)
    returns.return_item(by=desk.by, hall=desk.hall, item_id=item_id, opinion=data.opinion, to_step=data.to_step)
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/withdrawal", response=RunOut)
@idempotent
def withdraw(request: HttpRequest, item_id: UUID, data: OpinionIn) -> tuple[int, RunOut]:
    """Take back what one has done, while nobody has begun with what came of it."""
    desk, run_id = _desk_at(request, item_id)
    returns.withdraw_item(by=desk.by, hall=desk.hall, item_id=item_id, opinion=data.opinion)
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/transfer", response=RunOut)
@idempotent
def transfer(request: HttpRequest, item_id: UUID, data: HandOnIn) -> tuple[int, RunOut]:
    """Give one's work to somebody else for good."""
    desk, run_id = _desk_at(request, item_id)
    signers.transfer_item(by=desk.by, hall=desk.hall, item_id=item_id, to_id=data.to_id, opinion=data.opinion)
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/delegation", response=RunOut)
@idempotent
def delegate(request: HttpRequest, item_id: UUID, data: HandOnIn) -> tuple[int, RunOut]:
    """Have somebody else do it first; then it comes back."""
    desk, run_id = _desk_at(request, item_id)
    signers.delegate_item(by=desk.by, hall=desk.hall, item_id=item_id, to_id=data.to_id, opinion=data.opinion)
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/signers", response=RunOut)
@idempotent
def add_signers(request: HttpRequest, item_id: UUID, data: SignersIn) -> tuple[int, RunOut]:
    """Have others sign before, beside or after this person."""
    desk, run_id = _desk_at(request, item_id)
    signers.add_signer(
        by=desk.by, hall=desk.hall, item_id=item_id, people=data.people, place=data.place, opinion=data.opinion
    )
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/removal", response=RunOut)
@idempotent
def remove(request: HttpRequest, item_id: UUID, data: OpinionIn) -> tuple[int, RunOut]:
    """Take back a signer that one has added, before they have signed."""
    desk, run_id = _desk_at(request, item_id)
    signers.remove_signer(by=desk.by, hall=desk.hall, item_id=item_id, opinion=data.opinion)
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/urging", response=RunOut)
@idempotent
def urge(request: HttpRequest, item_id: UUID, data: OpinionIn) -> tuple[int, RunOut]:
    """Remind those whose turn it is, once an hour."""
    desk, run_id = _desk_at(request, item_id)
    signers.urge_item(by=desk.by, hall=desk.hall, item_id=item_id, opinion=data.opinion)
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/release", response=RunOut)
@idempotent
def release(request: HttpRequest, item_id: UUID) -> tuple[int, RunOut]:
    """Let a run go on by hand from where it waits for a clock, a message or another run."""
    desk, run_id = _desk_at(request, item_id)
    clock.release_item(by=desk.by, hall=desk.hall, item_id=item_id)
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/call", response=RunOut)
@idempotent
def call_outside_again(request: HttpRequest, item_id: UUID, data: OpinionIn) -> tuple[int, RunOut]:
    """Try again what something outside has not done yet, with a reason. 409 where the step has ended."""
    desk, run_id = _desk_at(request, item_id)
    call_again(by=desk.by, hall=desk.hall, item_id=item_id, opinion=data.opinion)
    return 200, answer(desk, run_id)


@router.post("/items/{uuid:item_id}/answer", response=RunOut)
@idempotent
def give_answer(request: HttpRequest, item_id: UUID, data: AnswerIn) -> tuple[int, RunOut]:
    """Say by hand what came of something outside, with a reason, and let the run go on. 409 where the step has
    ended."""
    desk, run_id = _desk_at(request, item_id)
    answer_by_hand(by=desk.by, hall=desk.hall, item_id=item_id, answer=data.answer, opinion=data.opinion)
    return 200, answer(desk, run_id)
