"""Runs go back: to an earlier step, or to who did the last one and wants it back; and where an administrator puts
them."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, Invalid, NotFound
from foundation.gathering import gathering
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.flows import running
from standards.flows.nodes import StepAct
from standards.flows.running import RunToken
from standards.flows.walking import RunStuck
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.advancing import Advancing, close_item, note_work, start_clocks
from tenants.workflow.operations.items import move_item, take_turn_back
from tenants.workflow.operations.run_forms import moment_of
from tenants.workflow.operations.run_rows import (
    check_open,
    clean_opinion,
    held_item,
    keep_run,
    managed_run,
    note_act,
    own_item,
    require_taking_part,
    state_of,
)
from tenants.workflow.operations.runs import check_act
from tenants.workflow.states import RUN_TRANSITIONS, ItemPart, RunStatus, WorkState


@transaction.atomic
@gathering()
def return_item(*, by: Actor, hall: Hall, item_id: UUID, opinion: str, to_step: str = "") -> Run:
    """退回: have the step before done again, or an earlier one (``to_step``). What was filled in stays; all that came
    of that step is taken away, in every branch. Raises Invalid without a reason or for a step that the run did not
    come through, Conflict where the step does not allow it."""
    run, item = own_item(by, hall, item_id)
    act = Advancing(by, hall, run)
    if item.part != ItemPart.MAIN:
        raise Conflict("加签和委派的工作不能退回，请写明意见后办理。")
    allowed = StepAct.RETURN_ANY if to_step else StepAct.RETURN_PREVIOUS
    if to_step or StepAct.RETURN_ANY not in (node.acts if (node := act.flow.step(item.step)) else ()):
        check_act(act, item, allowed)
    said = clean_opinion(opinion, ask="请写明退回的原因。")
    visit = _visit(act, item, to_step)
    item.opinion = said
    close_item(item, WorkState.RETURNED)
    note_act(
        by,
        hall,
        run,
        "return",
        item=item,
        to=act.flow.label(visit.node),
        opinion=said,
        moment=moment_of(by, hall, run, f"{item.label}：退回"[:100]),
    )
    act.take(running.go_back(act.flow.walking, state_of(run), visit.id), is_back=True)
    return run


def _visit(act: Advancing, item: WorkItem, to_step: str) -> RunToken:
    visits = running.earlier(act.flow.walking, state_of(act.run), item.token)
    if not visits:
        raise Conflict("前面没有可以退回的环节。")
    found = next((one for one in visits if not to_step or one.node == to_step), None)
    if found is None:
        said = "、".join(act.flow.label(one.node) for one in visits)
        raise Invalid.at("to_step", f"只能退回到：{said}。")
    return found


@transaction.atomic
def withdraw_item(*, by: Actor, hall: Hall, item_id: UUID, opinion: str = "") -> Run:
    """撤回: take back what one has done, while nobody has begun with what came of it. Raises Conflict after that, or
    where the step does not allow it; NotFound for what was never theirs."""
    me = require_taking_part(by, hall)
    run, item = held_item(item_id)
    if item.owner_id != me or item.part != ItemPart.MAIN:
        raise NotFound("没有这项工作，可能网址输入有误，或者不由您办理。")
    if item.state == WorkState.CLAIMED:
        return run
    check_open(run)
    if item.state != WorkState.DONE:
        raise Conflict("这项工作不是您办完的，不能撤回。")
    act, state = Advancing(by, hall, run), state_of(run)
    if item.step != act.flow.walking.start:
        check_act(act, item, StepAct.WITHDRAW)
    said = clean_opinion(opinion)
    if any(token.id == item.token for token in state.held):
        # the others at the step have not decided it yet
        take_turn_back(act, item, act.flow.step(item.step))
        item.outcome, item.opinion, item.done_at = "", "", None
        item.save(update_fields=["outcome", "opinion", "done_at"])
        move_item(item, WorkState.CLAIMED)
        note_work(hall, [item])
        start_clocks(hall, [item], act.flow.step(item.step))
        note_act(by, hall, run, "withdraw", item=item, opinion=said)
        keep_run(run)
        return run
    try:
        advance = running.go_back(act.flow.walking, state, item.token)
    except LookupError as gone:
        raise Conflict("后面的环节已经办理，不能撤回。") from gone
    if running.undone_by(act.flow.walking, state, item.token) or _begun(run, advance.left):
        raise Conflict("后面的环节已经开始办理，不能撤回。")
    note_act(by, hall, run, "withdraw", item=item, opinion=said)
    act.take(advance, is_back=True)
    return run


def _begun(run: Run, tokens: Collection[RunToken]) -> bool:
    """Whether anybody has done anything at these tokens."""
    items = WorkItem.objects.filter(run=run, token__in=[token.id for token in tokens])
    return items.filter(state=WorkState.DONE).exists() or run.acts.filter(item__in=items).exists()


@transaction.atomic
def jump_run(*, by: Actor, hall: Hall, run_id: UUID, step: str, opinion: str, instead_of: Collection[UUID] = ()) -> Run:
    """跳转: put the run at a step, instead of all that is open in it, or of these items alone. For who looks after runs
    here. Raises Invalid for a step that there is not, Conflict where branches would then wait for ever."""
    said = clean_opinion(opinion, ask="请写明跳转的原因。")
    run = managed_run(by, hall, run_id)
    act, state = Advancing(by, hall, run), state_of(run)
    if run.status != RunStatus.RUNNING:
        RUN_TRANSITIONS.check(run.status, RunStatus.RUNNING)
        raise Conflict("请先恢复，再跳转。")
    if act.flow.step(step) is None:
        raise Invalid.at("step", "没有这个环节，请从列表里选。")
    tokens = set(WorkItem.objects.filter(run=run, pk__in=instead_of).values_list("token", flat=True))
    if instead_of and not tokens & {one.id for one in state.held}:
        raise Conflict("要替换的工作已经不在办理中，请刷新后再选。")
    try:
        advance = running.jump(act.flow.walking, state, step, instead_of=tokens)
    except RunStuck as stuck:
        raise Conflict(stuck.message) from stuck
    note_act(by, hall, run, "jump", to=act.flow.label(step), opinion=said)
    act.take(advance)
    return run
