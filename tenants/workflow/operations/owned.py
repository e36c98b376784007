"""Runs that belong to something of another app: that app starts, holds and ends them, and has looked at who may."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, NotFound
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.flows import running
from tenants.portal.operations.figures import check_inside
from tenants.workflow.models import FilledForm, FlowVersion, Run
from tenants.workflow.operations.advancing import Advancing
from tenants.workflow.operations.kept import keep_for_run
from tenants.workflow.operations.run_forms import moment_of
from tenants.workflow.operations.run_rows import held_with_called, keep_run, note_act
from tenants.workflow.operations.runs import end_run, go_on_again, make_run
from tenants.workflow.operations.standing import let_time_run, stop_time
from tenants.workflow.queries.candidates import managers_of
from tenants.workflow.queries.flow_starts import startable_version, version_reading
from tenants.workflow.slots import LastDay
from tenants.workflow.states import RUN_TRANSITIONS, RunStatus

_LONGEST_OPINION: Final = 1_000


@transaction.atomic
def start_owned_run(
    *,
    by: Actor,
    hall: Hall,
    flow_id: UUID,
    title: str,
    filled_id: UUID,
    initiator: tuple[UUID, str] | None,
    last_day: LastDay | None,
    even_retired: bool = False,
) -> Run:
    """Start a flow for something, with the form that was sent for it. ``initiator``: as whose it runs, with their name;
    None: of who looks after the hall's runs. ``last_day``: on which that something is in time; no step is due after it.
    ``even_retired``: a flow that nobody begins any more goes, too, since that something came in before.

    Raises NotFound for a flow that cannot be started, Conflict where none of its versions goes with the form's version,
    or nobody could go on.
    """
    check_inside(hall)
    version = _version_for(flow_id, filled_id, even_retired=even_retired)
    kept = keep_for_run(hall=hall, filled_id=filled_id) if version.form_version_id else None
    if initiator is None:
        people = managers_of(hall.pk).people
        initiator = next(iter(people.items()), None)
    if initiator is None:
        raise Conflict("本厅还没有流程管理员，审查流程不能开始。请联系服务厅管理员设置岗位。")
    act = make_run(by, hall, version, filled=kept, title=title, initiator=initiator, is_owned=True)
    act.is_of(last_day)
    note_act(by, hall, act.run, "start", moment=moment_of(by, hall, act.run, "发起"))
    act.finish(running.begin(act.flow.walking).state.tokens[0].id, "done")
    return act.run


@transaction.atomic
def hold_owned_run(*, by: Actor, hall: Hall, run_id: UUID, opinion: str) -> None:
    """Let nothing be done in it, nor in the runs that it has called, until it is released. What has ended stays so."""
    for run in held_with_called(run_id):
        if run.status == RunStatus.RUNNING:
            run.status = RunStatus.SUSPENDED
            stop_time(run, timezone.now())
            note_act(by, hall, run, "suspend", opinion=opinion[:_LONGEST_OPINION])
            keep_run(run, "status")


@transaction.atomic
def release_owned_run(*, by: Actor, hall: Hall, run_id: UUID) -> None:
    """Let it and the runs that it has called go on where they were, and their time. What was not held stays as it
    is."""
    for run in held_with_called(run_id):
        if run.status == RunStatus.SUSPENDED:
            go_on_again(by, hall, run, "", is_time_running=True)
        elif run.status == RunStatus.RUNNING and run.stands_since:
            # who looks after runs has let its people work before
            let_time_run(hall, run, timezone.now())
            note_act(by, hall, run, "resume_time")


@transaction.atomic
def stop_owned_time(*, by: Actor, hall: Hall, run_id: UUID, since: datetime) -> None:
    """Let no step's time run from then on, in the runs that it has called neither, while its people may go on working:
    what it is of is paused. Once more changes nothing."""
    for run in held_with_called(run_id):
        if run.ended_at is None and run.stands_since is None:
            stop_time(run, since)
            note_act(by, hall, run, "stop_time")


@transaction.atomic
def resume_owned_time(*, by: Actor, hall: Hall, run_id: UUID, until: datetime) -> None:
    """Let the time of its steps, and of those of the runs that it has called, go on from then on. What was not stopped
    stays as it is, and so does what somebody has held up: its time goes on when it is resumed."""
    for run in held_with_called(run_id):
        if run.status == RunStatus.RUNNING and run.stands_since:
            let_time_run(hall, run, until)
            note_act(by, hall, run, "resume_time")


@transaction.atomic
def stop_owned_run(*, by: Actor, hall: Hall, run_id: UUID, opinion: str) -> None:
    """End it, and the runs that it has called, before their end. What has ended stays so."""
    for run in held_with_called(run_id):
        if run.ended_at is None:
            RUN_TRANSITIONS.check(run.status, RunStatus.TERMINATED)
            note_act(by, hall, run, "terminate", opinion=opinion[:_LONGEST_OPINION])
            end_run(Advancing(by, hall, run), RunStatus.TERMINATED)


def _version_for(flow_id: UUID, filled_id: UUID, *, even_retired: bool) -> FlowVersion:
    form_version_id = FilledForm.objects.values_list("version_id", flat=True).filter(pk=filled_id).first()
    if form_version_id is None:
        raise NotFound("没有这份表单。")
    found = version_reading(flow_id, form_version_id, even_retired=even_retired)
    if found is None:
        # one that is not published says so
        startable_version(flow_id)
        raise Conflict("审查流程没有用到这份申请表的版本。请重新发布流程，再受理。")
    return found
