"""What the clock, programs and other runs do in a run. Each may come twice, and too late."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, DomainError, NotFound
from foundation.events.operations import set_due_time
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from standards.flows import running
from standards.flows.conditions import DONE
from standards.flows.nodes import AtLimit, CallNode, MessageNode, Sharing, StepNode
from standards.flows.running import RunToken
from tenants.workflow.events import ITEM_DUE
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.advancing import (
    Advancing,
    close_item,
    close_parts,
    make_items,
    note_work,
    somebody_for,
)
from tenants.workflow.operations.items import AHEAD, settle
from tenants.workflow.operations.run_forms import carry_values, take_form
from tenants.workflow.operations.run_notices import tell_late, tell_stuck
from tenants.workflow.operations.run_rows import (
    check_open,
    held_item,
    held_run,
    keep_run,
    latest_act_id,
    managed_run,
    note_act,
    state_of,
)
from tenants.workflow.operations.runs import end_run, make_run
from tenants.workflow.operations.standing import stop_time
from tenants.workflow.queries.flow_starts import startable_version_of_code
from tenants.workflow.queries.run_access import people_with_keys
from tenants.workflow.states import OPEN_ITEMS, RUN_TRANSITIONS, ItemPart, RunStatus, WorkState

_LONGEST_FAILURE: Final = 300


@transaction.atomic
def end_timer(*, hall: Hall, item_id: UUID) -> None:
    """The time of a timer is over: its run goes on."""
    found = _waiting(item_id)
    if found and found[1].due_at and found[1].due_at <= timezone.now():
        _let_go(hall, *found, "wake")


@transaction.atomic
def deliver_message(*, by: Actor, hall: Hall, run_id: UUID, message: str) -> Run:
    """Give a run the message that it waits for, by hand or for a program. Raises Conflict where it waits for none of
    that name: so of two that come, the second is refused."""
    run = managed_run(by, hall, run_id)
    check_open(run)
    act = Advancing(by, hall, run)
    for token in state_of(run).held:
        node = act.flow.definition.named_nodes[token.node]
        if isinstance(node, MessageNode) and node.message == message:
            item = WorkItem.objects.get(run=run, token=token.id, part=ItemPart.WAIT, state=WorkState.WAITING)
            item.run = run
            _pass(act, item, "message")
            return run
    raise Conflict(f"这个流程现在没有在等“{message[:40]}”这条消息。")


@transaction.atomic
def release_item(*, by: Actor, hall: Hall, item_id: UUID) -> Run:
    """Let a run go on by hand from where it waits for a clock, a message or another run, where that does not come. For
    who looks after runs here."""
    run, item = held_item(item_id)
    managed_run(by, hall, run.pk)
    check_open(run)
    if item.part != ItemPart.WAIT or item.state not in OPEN_ITEMS:
        raise Conflict("这里没有在等待，不用继续。")
    _pass(Advancing(by, hall, run), item, "wake")
    return run


@transaction.atomic
def remind_of_item(*, hall: Hall, item_id: UUID, cause_id: UUID) -> None:
    """Its time is nearly over: who has it is told."""
    found = _open(item_id)
    if found and not found[1].is_standing:
        run, item = found
        tell_late(hall, run, item, cause_id, _people(hall, item), is_over=False)


@transaction.atomic
def note_item_late(*, hall: Hall, item_id: UUID, cause_id: UUID) -> None:
    """Its time is over: who has it is told, and what the step says for this happens. Where what the run is about ends
    before the step's own time is over, it is late then, and what it says happens when that is over."""
    found = _open(item_id)
    if found is None or found[1].is_standing:
        return
    run, item = found
    now = timezone.now()
    if item.due_at and item.due_at > now:
        return
    act = Advancing(system_actor(), hall, run)
    if not item.was_late:
        item.was_late = True
        item.save(update_fields=["was_late"])
        note_act(act.by, hall, run, "late", item=item)
        tell_late(hall, run, item, cause_id, _people(hall, item), is_over=True)
    elif item.own_due_at is None or run.stands_since:
        return
    if item.own_due_at and item.own_due_at > now:
        set_due_time(kind=ITEM_DUE, subject_id=item.pk, hall_id=hall.pk, due_at=item.own_due_at)
        keep_run(run)
        return
    node = act.flow.step(item.step)
    if node is None or item.part != ItemPart.MAIN:
        return
    try:
        with transaction.atomic():
            _at_limit(act, item, node)
    except DomainError as refusal:
        hold_up(act, refusal.message)


def _at_limit(act: Advancing, item: WorkItem, node: StepNode) -> None:
    match node.at_limit:
        case AtLimit.HAND_UP:
            _hand_up(act, item, node)
        case AtLimit.PASS:
            item.outcome = node.outcomes[0].code if node.outcomes else DONE
            item.opinion = "到期自动通过。"
            if item.state == WorkState.TO_CLAIM:
                item.state = WorkState.CLAIMED
            close_parts(item, AHEAD)
            close_item(item, WorkState.DONE)
            note_act(act.by, act.hall, act.run, "finish", item=item, opinion=item.opinion)
            settle(act, item, node)
        case AtLimit.RETURN:
            visits = running.earlier(act.flow.walking, state_of(act.run), item.token)
            if visits:
                note_act(act.by, act.hall, act.run, "return", item=item, to=act.flow.label(visits[0].node))
                act.take(running.go_back(act.flow.walking, state_of(act.run), visits[0].id), is_back=True)
        case _:
            keep_run(act.run)


def _hand_up(act: Advancing, item: WorkItem, node: StepNode) -> None:
    """To the step's fallback, or the flow's owner."""
    found = somebody_for(act, act.facts(node.name), node.fallback)
    if item.owner_id in found.people:
        return
    note_act(act.by, act.hall, act.run, "hand_over", item=item, to="、".join(found.people.values()))
    part = RunToken(item.token, item.step)
    close_parts(item, AHEAD)
    close_item(item, WorkState.CANCELLED)
    lone = node.model_copy(update={"limit": None, "sharing": Sharing.ANY})
    (made,) = make_items(act, part, found, label=item.label, node=lone, place=item.place)
    # who signs besides or after does so for who has it now
    WorkItem.objects.filter(parent=item, state__in=OPEN_ITEMS).update(parent=made)
    keep_run(act.run)


@transaction.atomic
def start_called_run(*, hall: Hall, item_id: UUID) -> None:
    """Start the run that another one calls. Where that is not possible its owner is told, and goes on by hand."""
    found = _waiting(item_id)
    if found is None or found[1].child_runs.exists():
        return
    run, item = found
    act = Advancing(system_actor(), hall, run)
    node = act.flow.definition.named_nodes[item.step]
    assert isinstance(node, CallNode)  # noqa: S101 - only calls ask for it
    starter = Actor(run.initiator_id, run.initiator_name, ())
    try:
        with transaction.atomic():
            version = startable_version_of_code(node.flow)
            filled = take_form(starter, hall, version, None)
            initiator = (run.initiator_id, run.initiator_name)
            child = make_run(starter, hall, version, filled=filled, initiator=initiator, parent_item=item)
            carry_values(act.by, hall, run, child.run, node.given)
            note_act(act.by, hall, child.run, "start")
            if run.stands_since:
                # what both are of is paused
                stop_time(child.run, timezone.now())
            child.finish(running.begin(child.flow.walking).state.tokens[0].id, DONE)
    except DomainError as refusal:
        note_failure(act, item, refusal.message)
        return
    if not node.waits:
        _pass(act, item, "wake")


@transaction.atomic
def go_on_after_run(*, hall: Hall, run_id: UUID) -> None:
    """A run has ended: the one that waits for it goes on, and those that it has started and that still run end."""
    ended = Run.objects.select_related("parent_item").filter(pk=run_id, ended_at__isnull=False).first()
    if ended is None:
        return
    if ended.parent_item_id and (found := _waiting(ended.parent_item_id)):
        parent = Advancing(system_actor(), hall, found[0])
        node = parent.flow.definition.named_nodes[found[1].step]
        if isinstance(node, CallNode):
            carry_values(parent.by, hall, ended, parent.run, node.taken)
        _let_go(hall, *found, "wake", outcome=str(ended.status))
    for child_id in Run.objects.filter(parent_item__run=ended, ended_at=None).values_list("pk", flat=True):
        child = held_run(child_id)
        if child.ended_at is None:
            act = Advancing(system_actor(), hall, child)
            note_act(act.by, hall, child, "terminate", opinion="上级流程已经结束。")
            end_run(act, RunStatus.TERMINATED)


def note_failure(act: Advancing, item: WorkItem, words: str) -> None:
    """Something that a run waits for has failed for good: that stands with it, and its owner is told."""
    item.failure = words[:_LONGEST_FAILURE]
    item.save(update_fields=["failure"])
    found = somebody_for(act, act.facts())
    tell_stuck(act.hall, act.run, item.pk, list(found.people), f"“{item.label}”没有成功")


def _let_go(hall: Hall, run: Run, item: WorkItem, word: str, *, outcome: str = "") -> None:
    """The run goes on; where it cannot, it is held and its owner told."""
    act = Advancing(system_actor(), hall, run)
    try:
        with transaction.atomic():
            _pass(act, item, word, outcome=outcome)
    except DomainError as refusal:
        hold_up(Advancing(system_actor(), hall, held_run(run.pk)), refusal.message)


def _pass(act: Advancing, item: WorkItem, word: str, *, outcome: str = "") -> None:
    close_item(item, WorkState.DONE)
    note_act(act.by, act.hall, act.run, word, item=item)
    act.finish(item.token, outcome)


def hold_up(act: Advancing, words: str) -> None:
    """A run that cannot go on by itself stops, with the reason; who owns the flow is told."""
    RUN_TRANSITIONS.check(act.run.status, RunStatus.SUSPENDED)
    act.run.status = RunStatus.SUSPENDED
    note_act(act.by, act.hall, act.run, "suspend", opinion=words, changes={"state": ["running", "suspended"]})
    keep_run(act.run, "status")
    found = somebody_for(act, act.facts())
    tell_stuck(act.hall, act.run, latest_act_id(act.run) or act.run.pk, list(found.people), "已经停下")


def _waiting(item_id: UUID) -> tuple[Run, WorkItem] | None:
    found = _open(item_id)
    return found if found and found[1].part == ItemPart.WAIT else None


def _open(item_id: UUID) -> tuple[Run, WorkItem] | None:
    """An open item of a run that goes on, with the run held. What is suspended is asked again when it is resumed."""
    try:
        run, item = held_item(item_id)
    except NotFound:
        return None
    if run.status != RunStatus.RUNNING or item.state not in OPEN_ITEMS:
        return None
    return run, item


def _people(hall: Hall, item: WorkItem) -> list[UUID]:
    return [item.owner_id] if item.owner_id else people_with_keys(hall, item)


@transaction.atomic
def take_over_work(*, by: Actor, hall: Hall, leaver: tuple[UUID, str], successor: tuple[UUID, str]) -> int:
    """Everything that somebody has to do in runs goes to a successor. A repeat finds nothing. Returns how many."""
    moved = 0
    items = WorkItem.objects.filter(owner_id=leaver[0], state__in=OPEN_ITEMS)
    for _, item_id in sorted(items.values_list("run_id", "pk")):
        run, item = held_item(item_id)
        if item.owner_id != leaver[0] or item.state not in OPEN_ITEMS:
            continue
        item.owner_id, item.owner_name = successor
        item.save(update_fields=["owner_id", "owner_name"])
        note_work(hall, [item])
        note_act(by, hall, run, "hand_over", item=item, to=successor[1])
        keep_run(run)
        moved += 1
    return moved
