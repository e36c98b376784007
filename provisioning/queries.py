"""How far rollouts are, and what of backups waits for somebody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from foundation.errors import NotFound
from province.console.queries.services import SEE
from province.console.slots import Waiting
from province.rights.actors import Actor
from province.rights.queries import may
from provisioning.backup_lights import backup_state, drill_state, files_state
from provisioning.models import Rollout, RolloutStep
from provisioning.states import RolloutState, StepState

LISTED_FAILURES = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """A hall that a rollout could not do."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RolloutProgress:
    """How far one rollout is; ``failures`` lists the first 200."""

    rollout_id: UUID
    act: str
    act_label: str
    under: str
    state: str
    state_label: str
    total: int
    done: int
    failed: int
    waiting: int
    started_at: datetime
    finished_at: datetime | None
    # since the start, or how long it took; and what is left at the same pace (None: not known)
    elapsed: timedelta
    remaining: timedelta | None
    # nothing has been settled for a while although steps wait: the process that carried it out was stopped
    is_stalled: bool
    failures: tuple[Failure, ...]

    @property
    def percent(self) -> int:
        return 100 if not self.total else 100 * (self.done + self.failed) // self.total

    @property
    def is_finished(self) -> bool:
        return self.state != RolloutState.RUNNING


_STALLED = timedelta(seconds=60)
# longer than the largest batch takes on a busy machine
_ABANDONED = timedelta(minutes=5)


def abandoned_rollouts() -> list[UUID]:
    """Halls that are asked for and that nobody makes: no step of any rollout has been settled for a while, so that the
    builder is not busy with another one. Upgrades are carried on by who calls for them."""
    before = timezone.now() - _ABANDONED
    running = Rollout.objects.filter(
        act=Rollout.Act.PROVISION, state=RolloutState.RUNNING, created_at__lt=before
    ).values_list("pk", flat=True)
    if not (found := list(running)) or RolloutStep.objects.filter(finished_at__gte=before).exists():
        return []
    return found


def rollouts() -> QuerySet[Rollout]:
    """All of them, the newest first."""
    return Rollout.objects.order_by("-created_at")


def rollout_progress(rollout_id: UUID) -> RolloutProgress:
    """Three queries, whatever its size. Raises NotFound."""
    rollout = Rollout.objects.filter(pk=rollout_id).first()
    if rollout is None:
        raise NotFound("没有这次批量操作。")
    steps = RolloutStep.objects.filter(rollout=rollout)
    counts = {}
    settled_at = rollout.created_at
    for state, count, last in steps.values_list("state").annotate(count=Count("*"), last=Max("finished_at")).order_by():
        counts[state] = count
        settled_at = max(settled_at, last or settled_at)
    failures: tuple[Failure, ...] = ()
    if counts.get(StepState.FAILED):
        failed = steps.filter(state=StepState.FAILED).select_related("division").order_by("position")
        failures = tuple(
            Failure(step.division.code, step.division.name, step.reason) for step in failed[:LISTED_FAILURES]
        )
    waiting = counts.get(StepState.WAITING, 0)
    total = sum(counts.values())
    now = timezone.now()
    elapsed = (rollout.finished_at or now) - rollout.created_at
    is_running = rollout.state == RolloutState.RUNNING
    return RolloutProgress(
        rollout_id=rollout.id,
        act=rollout.act,
        act_label=rollout.get_act_display(),
        under=rollout.under,
        state=rollout.state,
        state_label=rollout.get_state_display(),
        total=total,
        done=counts.get(StepState.DONE, 0),
        failed=counts.get(StepState.FAILED, 0),
        waiting=waiting,
        started_at=rollout.created_at,
        finished_at=rollout.finished_at,
        elapsed=elapsed,
        remaining=elapsed / (total - waiting) * waiting if is_running and total > waiting else None,
        is_stalled=is_running and waiting > 0 and now - settled_at > _STALLED,
        failures=failures,
    )


def backups_waiting(by: Actor) -> Iterator[Waiting]:
    """For who sees the lights, on the overview: what is red there."""
    if may(by, SEE):
        address = reverse("console-services")
        if backup_state().is_reachable is False:
            yield Waiting("备份落后", 1, address)
        if drill_state().is_reachable is False:
            yield Waiting("恢复演练失败或过期", 1, address)
        if files_state().is_reachable is False:
            yield Waiting("有文件没有及时备份", 1, address)


def kept_wal() -> float:
    """Bytes of WAL that the server keeps for the slot that is furthest behind; 0 without any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
            " ELSE pg_current_wal_lsn() END, restart_lsn)), 0) FROM pg_replication_slots"
        )
        return float(cursor.fetchone()[0])
