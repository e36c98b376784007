"""``yizhan restore``: everything back, on a machine that has nothing yet. One hall alone: ``yizhan halls restore``."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from config.cli.output import AsJson, answer
from config.environment import var_folder

app = typer.Typer()


@app.command("restore")
def restore(
    source: Annotated[Path, typer.Argument(metavar="备份目录", exists=True, file_okay=False)],
    *,
    identity: Annotated[Path, typer.Option(help="封存密钥用的私钥文件", exists=True, dir_okay=False)],
    at: Annotated[
        str | None, typer.Option(metavar="时刻", help="恢复到这一刻，如 2026-11-29T16:20:00+08:00；不填则最新")
    ] = None,
    json: AsJson = False,
) -> None:
    """在一台空机器上恢复全部：密钥、数据库和文件。完成后运行 make up。"""
    from config.cli.frame import set_up_django
    from config.machine.sealed import RESTORED, put_keys
    from foundation.backups.sealing import open_sealed
    from foundation.errors import Conflict, Invalid

    moment = None
    if at is not None:
        try:
            moment = datetime.fromisoformat(at)
        except ValueError as error:
            message = f"“{at}”不是时刻，请写成 2026-11-29T16:20:00+08:00。"
            raise Invalid(message) from error
        if moment.tzinfo is None:
            raise Invalid("请写明时区，例如 2026-11-29T16:20:00+08:00。")
    var = var_folder()
    if (var / "postgres").exists():
        message = f"{var} 里已经有数据库，不会覆盖。请先停止并移走它，或用 YIZHAN_VAR 另选目录。"
        raise Conflict(message)
    sealed = sorted((source / "keys").glob("*.cms"))
    if not sealed:
        message = f"{source} 里没有封存的密钥，不是完整的备份。"
        raise Invalid(message)
    passphrase = os.environ.get("BACKUP_PASSPHRASE") or typer.prompt("私钥的口令", hide_input=True)
    chosen = put_keys(open_sealed(sealed[-1].read_bytes(), identity.read_bytes(), passphrase), var)
    os.environ["YIZHAN_AS_OWNER"] = "1"
    set_up_django()
    from config.machine.restoring import restore_machine

    done = restore_machine(source, moment)
    sentence = f"已恢复到 {done.moment.isoformat()}，文件 {done.files:,} 个。"
    if chosen:
        sentence += f"请先把 {var / RESTORED} 里的 {'、'.join(chosen)} 设为环境变量。"
    sentence += "然后运行 make up 和 yizhan doctor。"
    answer({"moment": done.moment, "files": done.files, "variables": chosen}, json, columns={}, sentence=sentence)
