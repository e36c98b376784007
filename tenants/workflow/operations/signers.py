"""Others come into one person's work: it goes to them for good, comes back, or they sign besides (转办、委派、加签、
减签); and 抄送 and 催办."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotFound
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may
from standards.flows.nodes import StepAct
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.advancing import Advancing, close_item, close_parts, copy_to, note_work, start_clocks
from tenants.workflow.operations.items import colleagues, give_back, move_item, settle
from tenants.workflow.operations.run_notices import tell_turn, tell_urged
from tenants.workflow.operations.run_rows import (
    check_open,
    clean_opinion,
    held_item,
    keep_run,
    latest_act_id,
    note_act,
    own_item,
    require_taking_part,
)
from tenants.workflow.operations.runs import check_act
from tenants.workflow.queries.candidates import MANAGE
from tenants.workflow.queries.run_access import people_with_keys, run_of, self_of
from tenants.workflow.states import ItemPart, WorkState

# of one item, in one step
MOST_ADDED: Final = 20
URGED_EVERY: Final = timedelta(hours=1)
_ACT_OF_PLACE: Final = {
    ItemPart.BEFORE: StepAct.ADD_BEFORE,
    ItemPart.AFTER: StepAct.ADD_AFTER,
    ItemPart.BESIDE: StepAct.ADD_BESIDE,
}


@transaction.atomic
def transfer_item(*, by: Actor, hall: Hall, item_id: UUID, to_id: UUID, opinion: str = "") -> WorkItem:
    """转办: it is somebody else's from now on. Raises Invalid for who takes no part in flows here or has it already."""
    run, item = own_item(by, hall, item_id)
    act = Advancing(by, hall, run)
    check_act(act, item, StepAct.TRANSFER)
    name = _other(act, item, to_id)
    note_act(by, hall, run, "transfer", item=item, to=name, opinion=clean_opinion(opinion))
    item.owner_id, item.owner_name = to_id, name
    move_item(item, WorkState.CLAIMED)
    note_work(hall, [item])
    _tell(act, item)
    keep_run(run)
    return item


@transaction.atomic
def delegate_item(*, by: Actor, hall: Hall, item_id: UUID, to_id: UUID, opinion: str = "") -> WorkItem:
    """委派: somebody else does it first, then it comes back. Returns what they have to do."""
    run, item = own_item(by, hall, item_id)
    act = Advancing(by, hall, run)
    check_act(act, item, StepAct.DELEGATE)
    name = _other(act, item, to_id)
    note_act(by, hall, run, "delegate", item=item, to=name, opinion=clean_opinion(opinion))
    move_item(item, WorkState.WAITING)
    (lent,) = _added(act, item, {to_id: name}, ItemPart.DELEGATE)
    keep_run(run)
    return lent


@transaction.atomic
def add_signer(
    *, by: Actor, hall: Hall, item_id: UUID, people: Sequence[UUID], place: ItemPart, opinion: str = ""
) -> list[WorkItem]:
    """加签: others sign before this person, after them, or beside them. Raises Invalid for nobody, for too many, for
    who signs already; Conflict where the step does not allow it."""
    run, item = own_item(by, hall, item_id)
    act = Advancing(by, hall, run)
    if place not in _ACT_OF_PLACE:
        raise Invalid.at("place", "请选择加在前面、后面还是一起办理。")
    check_act(act, item, _ACT_OF_PLACE[place])
    if item.part not in {ItemPart.MAIN, ItemPart.BESIDE}:
        raise Conflict("加签和委派来的工作不能再加签。")
    if not people:
        raise Invalid.at("people", "请选择加签的人。")
    found = colleagues(act, people, "people").people
    here = WorkItem.objects.filter(run=run, token=item.token, state__in=[WorkState.CLAIMED, WorkState.WAITING])
    known = set(here.values_list("owner_id", flat=True)) & set(found)
    if known:
        names = "、".join(found[one] for one in known if one)
        raise Invalid.at("people", f"{names}已经在这个环节办理，不用再加。")
    if WorkItem.objects.filter(parent=item).count() + len(found) > MOST_ADDED:
        raise Invalid.at("people", f"一项工作最多加签 {MOST_ADDED} 人。")
    note_act(
        by, hall, run, "add_signer", item=item, to=f"{place.label}：{'、'.join(found.values())}",
        opinion=clean_opinion(opinion),
    )  # fmt: skip
    if place is ItemPart.BEFORE:
        move_item(item, WorkState.WAITING)
    made = _added(act, item, found, place)
    keep_run(run)
    return made


@transaction.atomic
def remove_signer(*, by: Actor, hall: Hall, item_id: UUID, opinion: str = "") -> Run:
    """减签: who added a signer, or gave the work out, takes that back before it is done. Raises NotFound for another
    person's, Conflict where it is done."""
    me = require_taking_part(by, hall)
    run, signer = held_item(item_id)
    if signer.parent is None or signer.parent.owner_id != me:
        raise NotFound("没有这项加签，可能网址输入有误。")
    if signer.state == WorkState.CANCELLED:
        return run
    check_open(run)
    act = Advancing(by, hall, run)
    if signer.part != ItemPart.DELEGATE:
        check_act(act, signer, StepAct.REMOVE)
    if signer.state == WorkState.DONE:
        raise Conflict(f"{signer.owner_name}已经办理，不能减签。")
    close_parts(signer)
    close_item(signer, WorkState.CANCELLED)
    note_act(by, hall, run, "remove_signer", item=signer, to=signer.owner_name, opinion=clean_opinion(opinion))
    if signer.part in {ItemPart.DELEGATE, ItemPart.BEFORE}:
        give_back(act, signer.parent)
        keep_run(run)
    else:
        # the others may have decided already
        settle(act, signer, act.flow.step(signer.step))
    return run


@transaction.atomic
def copy_run(
    *, by: Actor, hall: Hall, run_id: UUID, people: Sequence[UUID], item_id: UUID | None = None, opinion: str = ""
) -> int:
    """抄送: show a run to people of the hall, by an item whose step allows it, or as who looks after runs here. Returns
    to how many it is new."""
    require_taking_part(by, hall)
    if not people:
        raise Invalid.at("people", "请选择抄送给谁。")
    if may(by, MANAGE, hall_id=hall.pk):
        run = run_of(by, hall, run_id)
        act = Advancing(by, hall, run)
    else:
        if item_id is None:
            raise Conflict("请在自己的待办里抄送。")
        run, item = own_item(by, hall, item_id)
        act = Advancing(by, hall, run)
        check_act(act, item, StepAct.COPY)
        if run.pk != run_id:
            raise Conflict("这项工作不属于这个流程。")
    found = colleagues(act, people, "people").people
    new = copy_to(act, list(found))
    if new:
        note_act(by, hall, run, "copy", to="、".join(found.values()), opinion=clean_opinion(opinion))
    return new


@transaction.atomic
def urge_item(*, by: Actor, hall: Hall, item_id: UUID, opinion: str = "") -> WorkItem:
    """催办: remind those whose turn it is; for who started the run, who looks after runs, and whose own step allows it.
    Raises Conflict where nobody has it open, or it was urged within the hour."""
    require_taking_part(by, hall)
    run, item = held_item(item_id)
    run_of(by, hall, run.pk)
    check_open(run)
    act = Advancing(by, hall, run)
    if run.initiator_id != self_of(by) and not may(by, MANAGE, hall_id=hall.pk) and not _may_urge(act):
        raise Conflict("您办理的环节没有开放催办。")
    if item.state not in {WorkState.CLAIMED, WorkState.TO_CLAIM}:
        raise Conflict("这项工作现在没有人在办，不用催办。")
    now = timezone.now()
    if item.urged_at and now - item.urged_at < URGED_EVERY:
        raise Conflict("一小时内已经催办过，请稍后再催。")
    item.urged_at = now
    item.save(update_fields=["urged_at"])
    people = [item.owner_id] if item.owner_id else people_with_keys(hall, item)
    note_act(by, hall, run, "urge", item=item, to=item.owner_name, opinion=clean_opinion(opinion))
    tell_urged(hall, run, item, latest_act_id(run) or item.pk, people)
    return item


def _may_urge(act: Advancing) -> bool:
    """Whether the actor did a step of this run that lets its person urge those after it."""
    done = WorkItem.objects.filter(run=act.run, owner_id=self_of(act.by), state=WorkState.DONE)
    nodes = [act.flow.step(step) for step in done.values_list("step", flat=True)]
    return any(node and StepAct.URGE in node.acts for node in nodes)


def _other(act: Advancing, item: WorkItem, to_id: UUID) -> str:
    """The name of who is to have it; never who has it now."""
    if to_id == item.owner_id:
        raise Invalid.at("to_id", "这项工作已经在您这里，请选择别人。")
    return colleagues(act, [to_id], "to_id").people[to_id]


def _added(act: Advancing, item: WorkItem, people: Mapping[UUID, str], part: ItemPart) -> list[WorkItem]:
    common = {
        "run": act.run,
        "token": item.token,
        "step": item.step,
        "label": item.label,
        "due_at": item.due_at,
        "stood_due_at": item.stood_due_at,
        "own_due_at": item.own_due_at,
        "is_due_assumed": item.is_due_assumed,
        # what is late already is not told again
        "was_late": item.was_late,
        "round": item.round,
        "place": item.place,
        "parent": item,
        "part": part,
    }
    state = WorkState.WAITING if part is ItemPart.AFTER else WorkState.CLAIMED
    made = WorkItem.objects.bulk_create(
        WorkItem(**common, owner_id=one, owner_name=name, state=state) for one, name in people.items()
    )
    note_work(act.hall, made)
    start_clocks(act.hall, made, act.flow.step(item.step))
    if state is WorkState.CLAIMED:
        for one in made:
            _tell(act, one)
    return made


def _tell(act: Advancing, item: WorkItem) -> None:
    tell_turn(act.hall, act.run, item, latest_act_id(act.run) or item.pk)
