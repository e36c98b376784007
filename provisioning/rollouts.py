"""Rollouts: who starts one joins it if it runs already, many processes work on it, none needs to end well.

A step is claimed by locking its row and settled in the transaction that does its work: whatever is killed leaves
steps waiting, never halves. Work goes on as soon as the same act is started again.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from foundation.errors import DomainError, Unavailable
from province.audit.operations import record_act
from province.halls.models import HallKind
from province.rights.actors import Actor
from province.rights.queries import system_actor
from provisioning.models import Rollout, RolloutStep
from provisioning.queries import RolloutProgress, rollout_progress
from provisioning.states import ROLLOUT_TRANSITIONS, RolloutState, StepState

type Report = Callable[[RolloutProgress], None]
# does what the claimed steps ask for, in the caller's transaction
type Work = Callable[[Rollout, Sequence[RolloutStep]], None]

ATTEMPTS = 10
# PostgreSQL's codes of "try again": lock_not_available, deadlock_detected, serialization_failure
_AGAIN = {"55P03", "40P01", "40001"}
# act -> its work and how many steps are settled in one transaction
_works: dict[str, tuple[Work, int]] = {}
log = structlog.get_logger(__name__)
_PAUSE = 0.2  # seconds
_ROWS_AT_ONCE = 2000


def carries_out(act: Rollout.Act, *, at_once: int) -> Callable[[Work], Work]:
    """Register what does an act's steps, so many in one transaction."""

    def register(work: Work) -> Work:
        _works[act] = (work, at_once)
        return work

    return register


@dataclass(frozen=True, slots=True)
class Subject:
    """What a step is about."""

    division_id: UUID
    kind: HallKind
    number: int
    slug: str
    hall_id: UUID | None = None


@transaction.atomic
def join_rollout(*, by: Actor, act: Rollout.Act, under: str = "", kinds: Collection[HallKind] = ()) -> Rollout:
    """The running rollout of this act, locked for the caller's transaction; a new one where there is none."""
    own = {"act": act, "under": under, "kinds": sorted(kinds), "state": RolloutState.RUNNING}
    rollout = None
    # one that ends between the two statements makes room for a new one
    while rollout is None:
        new = Rollout(**own, started_by_id=by.id, started_by_name=by.name)
        Rollout.objects.bulk_create([new], ignore_conflicts=True)
        rollout = Rollout.objects.select_for_update().filter(**own).first()
    if rollout.started_by_id == by.id and not rollout.steps.exists():
        record_act(by=by, act=f"halls.{act}", object_type="rollout", object_id=rollout.id)
    return rollout


def add_steps(rollout: Rollout, subjects: Iterable[Subject]) -> None:
    """One step a subject, in order; those that the rollout has stay as they are."""
    first = rollout.steps.count()
    RolloutStep.objects.bulk_create(
        (
            RolloutStep(
                rollout=rollout,
                position=position,
                division_id=subject.division_id,
                hall_id=subject.hall_id,
                kind=subject.kind,
                number=subject.number,
                slug=subject.slug,
            )
            for position, subject in enumerate(subjects, start=first)
        ),
        batch_size=_ROWS_AT_ONCE,
        ignore_conflicts=True,
    )


def run_rollout(rollout: Rollout, *, workers: int = 2, report: Report | None = None) -> Rollout:
    """Work until every step is settled, in this process and at most ``workers - 1`` further ones, then close the
    rollout."""
    helpers = [
        subprocess.Popen([sys.executable, "-m", "provisioning.worker", str(rollout.id)], stdin=subprocess.DEVNULL)
        for _ in range(min(workers, _batches(rollout)) - 1)
    ]
    try:
        work_on(rollout, report)
    except BaseException:
        for helper in helpers:
            helper.terminate()
        raise
    finally:
        for helper in helpers:
            helper.wait()
    return _close(rollout)


def _batches(rollout: Rollout) -> int:
    """How many transactions the waiting steps take. One needs no further process: to load the program takes it seconds,
    a batch is done in less."""
    _, at_once = _works[rollout.act]
    return ceil(rollout.steps.filter(state=StepState.WAITING).count() / at_once)


def work_on(rollout: Rollout, report: Report | None = None) -> None:
    """Settle steps until none waits. Steps in other hands are waited for: those hands may be killed."""
    work, at_once = _works[rollout.act]
    touched = 0
    while True:
        settled = _settle(rollout, work, most=at_once)
        touched += settled
        if touched >= settings.SCHEMAS_PER_CONNECTION and not connection.in_atomic_block:
            connection.close()
            touched = 0
        if report:
            report(rollout_progress(rollout.id))
        if settled:
            continue
        if not rollout.steps.filter(state=StepState.WAITING).exists():
            return
        time.sleep(_PAUSE)


def _settle(rollout: Rollout, work: Work, *, most: int, among: Collection[UUID] | None = None) -> int:
    """Claim some steps and do them; returns how many, 0 where every waiting one is in other hands.

    Where one of several fails, all are rolled back and each is done alone: the others go on.
    """
    steps: list[RolloutStep] = []
    try:
        with transaction.atomic():
            steps = _claim(rollout, most=most, among=among)
            if steps:
                work(rollout, steps)
    except (InterfaceError, Unavailable):
        # the fault lies with the machine and not with one hall: nothing more is tried
        raise
    except Exception as error:
        is_passing = getattr(error.__cause__, "pgcode", None) in _AGAIN
        if not steps or (isinstance(error, OperationalError) and not is_passing):
            raise
        if len(steps) > 1:
            for step in steps:
                _settle(rollout, work, most=1, among=[step.pk])
        elif is_passing:
            _put_off(steps[0])
        else:
            log.warning("step_failed", step=str(steps[0].pk), exc_info=True)
            _fail(steps[0], _reason_of(error))
    return len(steps)


def _claim(rollout: Rollout, *, most: int, among: Collection[UUID] | None) -> list[RolloutStep]:
    """Waiting steps that nobody else works on, locked until the caller's transaction ends."""
    waiting = rollout.steps.filter(state=StepState.WAITING).select_related("hall__schema_row")
    if among is not None:
        waiting = waiting.filter(pk__in=among)
    free = waiting.select_for_update(skip_locked=True, of=("self",))
    return list(free.order_by("attempts", "position")[:most])


@transaction.atomic
def _put_off(step: RolloutStep) -> None:
    """Later, after the others; a hall that stays busy is given up for this time."""
    if step.attempts + 1 >= ATTEMPTS:
        _fail(step, "这个服务厅一直有人使用，没有等到空闲，请稍后再试。")
    else:
        RolloutStep.objects.filter(pk=step.pk, state=StepState.WAITING).update(attempts=F("attempts") + 1)


@transaction.atomic
def _fail(step: RolloutStep, reason: str) -> None:
    """Listed with its reason. A step that somebody settled meanwhile stays settled."""
    RolloutStep.objects.filter(pk=step.pk, state=StepState.WAITING).update(
        state=StepState.FAILED, reason=reason[:500], finished_at=timezone.now()
    )


def _reason_of(error: Exception) -> str:
    """In words for the operator; the log has what is behind them."""
    if isinstance(error, DomainError):
        return error.message
    if isinstance(error, IntegrityError):
        return f"与已有的数据冲突（{_first_line(error)}）"
    if isinstance(error, DatabaseError):
        return f"数据库没有接受（{_first_line(error)}）"
    return f"出现意外错误（{type(error).__name__}），详情见日志。"


def starter_of(rollout: Rollout) -> Actor:
    """The person who started it, as audit entries name them. What they may do was decided when they started it."""
    return Actor(rollout.started_by_id, rollout.started_by_name, system_actor().grants)


@transaction.atomic
def _close(rollout: Rollout) -> Rollout:
    found = Rollout.objects.select_for_update().get(pk=rollout.pk)
    if found.state == RolloutState.RUNNING and not found.steps.filter(state=StepState.WAITING).exists():
        has_failed = found.steps.filter(state=StepState.FAILED).exists()
        outcome = RolloutState.PARTLY_DONE if has_failed else RolloutState.DONE
        ROLLOUT_TRANSITIONS.check(found.state, outcome)
        found.state = outcome
        found.finished_at = timezone.now()
        found.save(update_fields=["state", "finished_at"])
    return found


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
