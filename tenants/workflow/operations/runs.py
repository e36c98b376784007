"""Runs as a whole: started, withdrawn by who started them, ended before their end, held up."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.events.operations import emit_event, set_due_time
from foundation.gathering import gathering
from province.halls.models import Hall
from province.people.models import Position
from province.rights.actors import Actor
from province.rights.queries import may
from standards.flows import running
from standards.flows.nodes import CallNode, StepAct
from tenants.workflow.events import CALL_WANTED, ITEM_DUE, RUN_ENDED, TIMER_ENDS
from tenants.workflow.models import FilledForm, FlowVersion, Run, WorkItem
from tenants.workflow.operations.advancing import Advancing
from tenants.workflow.operations.items import choose
from tenants.workflow.operations.plugin_calls import wake_calls
from tenants.workflow.operations.run_forms import fill_in, moment_of, take_form
from tenants.workflow.operations.run_rows import (
    check_open,
    clean_opinion,
    held_run,
    keep_run,
    managed_run,
    note_act,
    own_item,
    require_taking_part,
    state_of,
)
from tenants.workflow.operations.standing import let_time_run, stop_time
from tenants.workflow.queries.candidates import MANAGE
from tenants.workflow.queries.flow_starts import startable_version
from tenants.workflow.queries.running import flow_of_run
from tenants.workflow.queries.step_ends import whole_of
from tenants.workflow.slots import RUN_SUBJECTS
from tenants.workflow.states import OPEN_ITEMS, RUN_TRANSITIONS, ItemPart, RunStatus, WorkState

_LEAST_NUMBER: Final = 10_000_000
_LONGEST_TITLE: Final = 120


@transaction.atomic
@gathering()
def start_run(
    *,
    by: Actor,
    hall: Hall,
    flow_id: UUID,
    title: str = "",
    posted: Mapping[str, object] | None = None,
    filled_id: UUID | None = None,
    chosen: Mapping[str, Sequence[UUID]] | None = None,
    form_key: UUID | None = None,
) -> Run:
    """发起: start the newest version of a flow with the form filled in. ``form_key``: of the page; sent twice, it
    starts one run. ``filled_id``: the draft that the person has begun.

    Raises NotFound for a flow that cannot be started, Invalid with the form's faults, Conflict where nobody could go
    on.
    """
    me = require_taking_part(by, hall)
    if form_key and (known := Run.objects.filter(form_key=form_key, initiator_id=me).first()):
        return known
    version = startable_version(flow_id)
    filled = take_form(by, hall, version, filled_id)
    initiator = (me, by.acting_for or by.name)
    act = make_run(by, hall, version, filled=filled, title=title, form_key=form_key, initiator=initiator)
    fill_in(by, hall, act.run, act.flow, act.flow.walking.start, posted)
    choose(act, act.flow.walking.start, chosen or {})
    note_act(by, hall, act.run, "start", moment=moment_of(by, hall, act.run, "发起"))
    act.finish(running.begin(act.flow.walking).state.tokens[0].id, "done")
    return act.run


def make_run(  # noqa: PLR0913 - a row
    by: Actor,
    hall: Hall,
    version: FlowVersion,
    *,
    initiator: tuple[UUID, str],
    filled: FilledForm | None,
    title: str = "",
    form_key: UUID | None = None,
    parent_item: WorkItem | None = None,
    is_owned: bool = False,
) -> Advancing:
    """A run that rests at its start, its row held. ``initiator``: the account as whose it runs, and the name.
    ``filled``: what the caller has handed to the run (``keep_for_run``). ``is_owned``: it is about something of another
    app."""
    said = " ".join(title.split())[:_LONGEST_TITLE]
    initiator_id, name = initiator
    run = Run(
        version=version,
        number=_number(),
        title=said or f"{name}的{version.flow.title}"[:_LONGEST_TITLE],
        initiator_id=initiator_id,
        initiator_name=name,
        unit_id=_unit_of(by, hall, initiator_id),
        filled=filled,
        form_key=form_key,
        parent_item=parent_item,
        is_owned=is_owned,
        status=RunStatus.RUNNING,
    )
    act = Advancing(by, hall, run, has_items=False)
    run.state = running.begin(act.flow.walking).state.as_json()
    run.save(force_insert=True)
    return act


@transaction.atomic
def cancel_run(*, by: Actor, hall: Hall, run_id: UUID, opinion: str) -> Run:
    """撤销: who started it takes the whole run back, before anybody has done anything in it. Raises Conflict after
    that."""
    me = require_taking_part(by, hall)
    run = held_run(run_id)
    if run.initiator_id != me:
        # who may see it knows who started it
        raise Conflict("只有发起人可以撤销。")
    if run.status == RunStatus.WITHDRAWN:
        return run
    check_open(run)
    said = clean_opinion(opinion, ask="请写明撤销的原因。")
    if WorkItem.objects.filter(run=run, state=WorkState.DONE).exclude(owner_id=me).exists():
        raise Conflict("已经有人办理，不能撤销；可以请办理的人退回。")
    note_act(by, hall, run, "cancel", opinion=said)
    end_run(Advancing(by, hall, run), RunStatus.WITHDRAWN)
    return run


@transaction.atomic
@gathering()
def terminate_run(*, by: Actor, hall: Hall, run_id: UUID, opinion: str, item_id: UUID | None = None) -> Run:
    """终止: end a run before its end, for who looks after runs here, or by an item whose step lets its person do so.
    Raises Conflict where it has ended or the step does not allow it."""
    said = clean_opinion(opinion, ask="请写明终止的原因。")
    if may(by, MANAGE, hall_id=hall.pk):
        run = managed_run(by, hall, run_id)
    elif item_id:
        run, item = own_item(by, hall, item_id)
        check_act(Advancing(by, hall, run), item, StepAct.TERMINATE)
        if run.pk != run_id:
            raise Conflict("这项工作不属于这个流程。")
    else:
        run = managed_run(by, hall, run_id)
    RUN_TRANSITIONS.check(run.status, RunStatus.TERMINATED)
    note_act(by, hall, run, "terminate", opinion=said)
    end_run(Advancing(by, hall, run), RunStatus.TERMINATED)
    return run


@transaction.atomic
def suspend_run(*, by: Actor, hall: Hall, run_id: UUID, opinion: str) -> Run:
    """挂起: nothing is done in it and no clock runs until it is resumed."""
    said = clean_opinion(opinion, ask="请写明挂起的原因。")
    run = managed_run(by, hall, run_id)
    RUN_TRANSITIONS.check(run.status, RunStatus.SUSPENDED)
    run.status = RunStatus.SUSPENDED
    stop_time(run, timezone.now())
    note_act(by, hall, run, "suspend", opinion=said, changes={"state": ["running", "suspended"]})
    keep_run(run, "status")
    return run


@transaction.atomic
def resume_run(*, by: Actor, hall: Hall, run_id: UUID, opinion: str = "") -> Run:
    """恢复: it goes on where it was, and each step has the time that it had left; a timer that has ended meanwhile ends
    now. While what the run is about is paused, its people may work again, and no time runs."""
    run = managed_run(by, hall, run_id)
    RUN_TRANSITIONS.check(run.status, RunStatus.RUNNING)
    is_time_running = not any(one.stands(hall, whole_of(run)) for one in RUN_SUBJECTS.entries())
    go_on_again(by, hall, run, clean_opinion(opinion), is_time_running=is_time_running)
    return run


def go_on_again(by: Actor, hall: Hall, run: Run, opinion: str, *, is_time_running: bool) -> None:
    """Let a run that was held up go on, its row held."""
    run.status = RunStatus.RUNNING
    if is_time_running:
        let_time_run(hall, run, timezone.now())
    for item in WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS, due_at__isnull=False):
        kind = TIMER_ENDS if item.part == ItemPart.WAIT else ITEM_DUE
        if item.wakes_at:
            set_due_time(kind=kind, subject_id=item.pk, hall_id=hall.pk, due_at=item.wakes_at)
    wake_calls(hall, run)
    _ask_called_runs(hall, run)
    note_act(by, hall, run, "resume", opinion=opinion, changes={"state": ["suspended", "running"]})
    keep_run(run, "status")


def _ask_called_runs(hall: Hall, run: Run) -> None:
    """What was to be called while the run was held up is called now, and what has ended meanwhile lets it go on."""
    waiting = WorkItem.objects.filter(run=run, part=ItemPart.WAIT, state__in=OPEN_ITEMS, due_at=None)
    for item in waiting.prefetch_related("child_runs"):
        node = flow_of_run(run).definition.named_nodes[item.step]
        if not isinstance(node, CallNode):
            continue
        called = item.child_runs.all()
        if not called and not item.failure:
            emit_event(kind=CALL_WANTED, subject_id=item.pk, hall_id=hall.pk)
        for ended in called:
            if ended.ended_at:
                emit_event(kind=RUN_ENDED, subject_id=ended.pk, hall_id=hall.pk)


def check_act(act: Advancing, item: WorkItem, wanted: StepAct) -> None:
    """Raises Conflict where the item's step does not let its person do this."""
    node = act.flow.step(item.step)
    if node is None or wanted not in node.acts:
        message = f"“{item.label}”这个环节没有开放这项操作。"
        raise Conflict(message)


def end_run(act: Advancing, status: RunStatus) -> None:
    """End a run before its end, its row held."""
    act.run.state = running.end(state_of(act.run)).state.as_json()
    act.end(status)
    keep_run(act.run, "state", "status", "ended_at")


def _number() -> int:
    """A number that no run of the hall has; never one that says how many there are."""
    for _ in range(20):
        number = _LEAST_NUMBER + secrets.randbelow(9 * _LEAST_NUMBER)
        if not Run.objects.filter(number=number).exists():
            return number
    raise Invalid("暂时取不到编号，请再试一次。")


def _unit_of(by: Actor, hall: Hall, account_id: UUID) -> UUID | None:
    """The department in which somebody starts: of the position that they act in, else of their first one here."""
    held = Position.objects.filter(account=account_id, hall_id=hall.pk, unit__isnull=False)
    if by.position_id:
        held = held.filter(pk=by.position_id)
    return held.order_by("pk").values_list("unit_id", flat=True).first()
