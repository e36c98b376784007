"""Commands of ``yizhan backup``: everything at once. One hall alone: ``yizhan halls backup``."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from config.cli.output import ActingAs, AsJson, actor_named, answer

app = typer.Typer(no_args_is_help=True)


@app.command("key")
def key(file: Annotated[Path, typer.Argument(metavar="私钥文件", dir_okay=False)], *, json: AsJson = False) -> None:
    """生成一对封存密钥用的钥匙：私钥（有口令，请存到别处）和证书（BACKUP_RECIPIENT 指向它）。"""
    from foundation.backups.folder import write_whole
    from foundation.backups.sealing import draw_recipient
    from foundation.errors import Conflict

    if file.exists():
        message = f"{file} 已经存在，不会覆盖。"
        raise Conflict(message)
    passphrase = os.environ.get("BACKUP_PASSPHRASE") or typer.prompt("口令", hide_input=True, confirmation_prompt=True)
    private, certificate = draw_recipient(passphrase)
    public = file.with_suffix(".crt")
    write_whole(file, private)
    write_whole(public, certificate)
    sentence = f"私钥 {file}：请移到这台机器以外保存，口令另外保存。证书 {public}：把 BACKUP_RECIPIENT 设为它的路径。"
    answer({"private": str(file), "certificate": str(public)}, json, columns={}, sentence=sentence)


@app.command("now")
def now(
    *,
    whole: Annotated[bool, typer.Option("--whole", help="数据库整个备份，不只备份变化")] = False,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """马上备份全部：数据库、预写日志、文件和封存的密钥；网站照常访问，中断后再次运行会接着做。"""
    from config.machine.sealed import keys_of_machine
    from provisioning.whole import take_backup

    done = take_backup(by=actor_named(acting_as), keys=keys_of_machine(), whole=whole)
    sentence = f"已备份，可以恢复到 {done.moment:%Y-%m-%d %H:%M:%S} UTC，用时 {done.seconds:.1f} 秒。"
    answer(asdict(done), json, columns={}, sentence=sentence)


@app.command("follow")
def follow(
    *, every: Annotated[float, typer.Option(min=0.2, max=240, help="每隔多少秒确认一次可以恢复的时刻")] = 60
) -> None:
    """持续备份：预写日志随写随备，文件每分钟一次，每夜一次完整或增量备份。由 make up 启动。"""
    from config.machine.sealed import keys_of_machine
    from provisioning.follow import follow as follow_on

    follow_on(keys=keys_of_machine, every=every)


@app.command("list")
def list_bases(*, json: AsJson = False) -> None:
    """列出备份，和可以恢复到的最早、最晚时刻。"""
    from provisioning.whole import backup_folder, moments_of

    folder = backup_folder()
    bases, moments = folder.bases(), moments_of(folder).times()
    if json:
        answer({"bases": [asdict(one) for one in bases], "moments": [one.isoformat() for one in moments[-1:]]}, json)
        return
    lines = [{"id": one.id, "kind": "增量" if one.parent else "完整", "ended_at": one.ended_at} for one in bases]
    reach = f"可以恢复到 {bases[0].ended_at} 至 {moments[-1].isoformat()}。" if bases and moments else "还没有备份。"
    answer(lines, json, columns={"id": "备份", "kind": "种类", "ended_at": "结束"}, sentence=reach)


@app.command("drill")
def drill(*, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """演练恢复：把最新的备份恢复到一边核对，再清掉；结果显示在省级工作台的“外部服务”。请每周运行一次。"""
    from config.machine.ports import free_port
    from config.machine.sealed import keys_of_machine
    from provisioning.drill import drill as carry_out

    done = carry_out(by=actor_named(acting_as), keys=keys_of_machine(), port=free_port())
    sentence = (
        f"恢复成功：数据库回到 {done.moment:%Y-%m-%d %H:%M:%S} UTC，用时 {done.seconds:.1f} 秒；"
        f"核对了 {done.files:,} 个文件、{done.chains:,} 条审计链。"
    )
    answer(asdict(done), json, columns={}, sentence=sentence)
