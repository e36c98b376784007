"""Bring the database and the store to this code while an older release serves: what a new release does first."""

from uuid import UUID

from django.conf import settings

from config.health import pending_migrations, unknown_migrations
from config.machine.progress import Progress, Step
from config.machine.up import build_templates, migrate_public
from foundation.advisory_lock import hold_alone
from foundation.errors import Conflict, Unavailable
from foundation.files.locked import make_locked_bucket
from foundation.files.store import make_bucket
from province.rights.queries import system_actor
from provisioning.states import StepState
from provisioning.upgrade import upgrade_halls

RELEASE_STEPS = 4
# of all releases of one database
_LOCK = UUID("0192f0c2-7b5e-7a10-9c53-52454c454153")


def bring_release(progress: Progress, *, workers: int) -> None:
    """Buckets, public tables, templates, then the schema of every hall, some at a time.

    A repeat carries on what was killed. Raises Conflict where another one is at it, where a newer release made the
    database, or where halls could not be upgraded: then no program of this release must start.
    """
    with hold_alone(_LOCK) as is_alone:
        if not is_alone:
            raise Conflict("另一个升级正在进行，请等它结束。")
        if newer := unknown_migrations():
            message = f"数据库是更新的版本升级的（{newer[0]}），本版本不能改动它。退回旧版本请用 helm rollback。"
            raise Conflict(message)
        with progress.step("准备存储桶") as step:
            _make_buckets(step)
        with progress.step("升级公共库表") as step:
            migrate_public(step)
        with progress.step("准备各类服务厅的模板") as step:
            build_templates(step)
        with progress.step("升级各服务厅") as step:
            _upgrade(step, workers)
    if waiting := pending_migrations():
        raise Conflict(f"还有 {len(waiting)} 项数据库升级没有执行。")


def _make_buckets(step: Step) -> None:
    """Raises Unavailable where the store does not answer. One whose key may not make buckets has them already."""
    make_bucket()
    try:
        make_locked_bucket(settings.AUDIT_BUCKET)
    except Unavailable:
        step.note = "审计的存储桶没有锁，请运行 yizhan doctor"


def _upgrade(step: Step, workers: int) -> None:
    rollout = upgrade_halls(
        by=system_actor("升级"), workers=workers, report=lambda done: step.say(f"{done.done}/{done.total}")
    )
    if rollout is None:
        step.note = "已是最新"
    elif failed := rollout.steps.filter(state=StepState.FAILED).count():
        message = f"{failed} 个服务厅没有升级成功，保持原样；原因见 yizhan halls upgrade。旧版本照常运行。"
        raise Conflict(message)
