"""Further commands of ``yizhan halls``, about schemas: provision, upgrade, verify, backup, restore, rollouts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from config.cli.frame import REFUSED
from config.cli.halls import Code, KindName, app
from config.cli.output import ActingAs, AsJson, actor_named, answer

if TYPE_CHECKING:
    from provisioning.models import Rollout
    from provisioning.queries import RolloutProgress
    from provisioning.rollouts import Report

Workers = Annotated[int, typer.Option(min=1, max=32, help="同时工作的进程数")]
_LISTED = 50


@app.command("provision")
def provision(
    *,
    under: Annotated[str, typer.Option(metavar="区划代码", help="开通这个区划及其下级")],
    kind: Annotated[list[KindName] | None, typer.Option(help="只开通这些类型，可以重复")] = None,
    workers: Workers = 2,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出将要开通的服务厅，不做任何改动")] = False,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """开通某区划下所有还没有服务厅的区划；中断后再次运行会接着做。"""
    from province.halls.models import HallKind
    from provisioning.create import planned_halls, provision_halls

    kinds = [HallKind(one) for one in kind or ()]
    if dry_run:
        planned = planned_halls(under=under, kinds=kinds)
        answer(
            [
                {"code": one.division.code, "name": one.name, "kind": one.kind.value, "domain": one.domain}
                for one in planned
            ],
            json,
            columns={"code": "区划代码", "name": "名称", "domain": "域名"},
            sentence=f"将开通 {len(planned):,} 个服务厅。",
        )
        return
    with _progress("开通", json=json) as report:
        rollout = provision_halls(by=actor_named(acting_as), under=under, kinds=kinds, workers=workers, report=report)
    _say(rollout, json=json, nothing="没有需要开通的服务厅。")


@app.command("upgrade")
def upgrade(*, workers: Workers = 2, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """把所有服务厅的数据结构升级到当前程序的版本；网站照常访问，中断后再次运行会接着做。"""
    from provisioning.upgrade import upgrade_halls

    with _progress("升级", json=json) as report:
        rollout = upgrade_halls(by=actor_named(acting_as), workers=workers, report=report)
    _say(rollout, json=json, nothing="所有服务厅都是最新的。")


@app.command("verify")
def verify(*, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """把每个服务厅的数据结构与模板比对，列出不一致之处；有不一致时退出码为 1。"""
    from provisioning.verify import verify_halls

    found = verify_halls(by=actor_named(acting_as))
    if json:
        answer(found, json)
    else:
        lines = [{**asdict(drift), "differences": "\n".join(drift.differences)} for drift in found.drifts]
        behind = f"；另有 {found.behind:,} 个等待升级" if found.behind else ""
        answer(
            lines or {},
            json,
            columns={"schema_name": "结构", "code": "区划代码", "name": "名称", "differences": "不一致"},
            sentence=f"比对 {found.checked:,} 个服务厅，{len(found.drifts):,} 个不一致{behind}。",
        )
    if found.drifts:
        raise typer.Exit(REFUSED)


@app.command("backup")
def backup(
    code: Code,
    file: Annotated[Path, typer.Argument(metavar="文件", dir_okay=False)],
    *,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """把一个服务厅的登记资料、数据和文件备份到一个文件。"""
    from province.halls.queries import hall_with_code
    from provisioning.backup import backup_hall

    hall = hall_with_code(code)
    backup_hall(by=actor_named(acting_as), hall=hall, path=file)
    size = file.stat().st_size
    answer(
        {"code": code, "name": hall.name, "file": str(file), "bytes": size},
        json,
        columns={"name": "服务厅", "file": "文件", "bytes": "字节"},
    )


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="文件", exists=True, dir_okay=False)],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """从备份文件恢复一个服务厅；它现有的内容会被备份中的替换，其他服务厅不受影响。"""
    from provisioning.restore import restore_hall

    if not yes and not json:
        typer.confirm("这个服务厅现有的内容会被替换，继续吗？", abort=True, err=True)
    hall = restore_hall(by=actor_named(acting_as), path=file)
    answer(
        {"code": hall.division.code, "name": hall.name, "state": hall.get_state_display()},
        json,
        columns={"code": "区划代码", "name": "服务厅", "state": "状态"},
    )


@app.command("rollouts")
def list_rollouts(*, json: AsJson = False) -> None:
    """列出最近的批量操作和进度。"""
    from provisioning.queries import rollout_progress, rollouts

    found = [_fields(rollout_progress(one.id)) for one in rollouts()[:_LISTED]]
    answer(
        found,
        json,
        columns={
            "act_label": "操作",
            "under": "区划代码",
            "state_label": "状态",
            "total": "共",
            "done": "完成",
            "failed": "失败",
            "started_at": "开始时间",
        },
    )


@contextmanager
def _progress(label: str, *, json: bool) -> "Iterator[Report | None]":
    """A bar on the terminal while the work runs; programs get none."""
    console = Console(stderr=True)
    if json or not console.is_terminal:
        yield None
        return
    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
        console=console,
    ) as bar:
        task = bar.add_task(label, total=None, failed="")

        def show(progress: "RolloutProgress") -> None:
            failed = f"失败 {progress.failed}" if progress.failed else ""
            bar.update(task, total=progress.total, completed=progress.done + progress.failed, failed=failed)

        yield show


def _say(rollout: "Rollout | None", *, json: bool, nothing: str) -> None:
    """What became of it; failures are listed, and make the exit code 1."""
    from provisioning.queries import rollout_progress
    from provisioning.states import RolloutState

    if rollout is None:
        answer({"total": 0, "done": 0, "failed": 0} if json else {}, json, sentence=nothing)
        return
    progress = rollout_progress(rollout.id)
    if json:
        answer(_fields(progress), json)
    else:
        took = f"{progress.elapsed.total_seconds():.1f} 秒"
        failed = f"，{progress.failed:,} 个失败" if progress.failed else ""
        answer(
            [asdict(one) for one in progress.failures] or {},
            json,
            columns={"code": "区划代码", "name": "名称", "reason": "原因"},
            sentence=f"完成 {progress.done:,} 个{failed}，用时 {took}。" if progress.total else nothing,
        )
    if progress.state == RolloutState.PARTLY_DONE:
        raise typer.Exit(REFUSED)


def _fields(progress: "RolloutProgress") -> dict[str, Any]:
    fields = asdict(progress)
    for name in ("elapsed", "remaining"):
        value = fields.pop(name)
        fields[f"{name}_seconds"] = round(value.total_seconds(), 1) if value is not None else None
    return fields
