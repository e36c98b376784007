"""Commands of ``yizhan keys``."""

from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from config import environment
from config.cli.frame import REFUSED
from config.cli.output import AsJson, answer
from foundation.embedded_services.secrets import PartSecrets, change_secrets

app = typer.Typer(no_args_is_help=True)

_VARIABLE = "PERSONAL_KEYS"
_COLUMNS = {
    "version": "版本",
    "is_current": "用于加密",
    "is_here": "已配置",
    "is_dropped": "已停用",
    "values": "使用它的资料",
}


@app.command("list")
def list_keys(*, json: AsJson = False) -> None:
    """列出密钥版本，以及各有多少项资料在用。不显示密钥本身。"""
    from foundation.crypto.rotation import key_versions

    answer(key_versions(), json, columns=_COLUMNS)


@app.command("add")
def add(*, json: AsJson = False) -> None:
    """增加一个新版本；各程序重启后，新写入的资料用它加密。"""
    from django.conf import settings

    from foundation.crypto.keyring import draw_key, read_keys

    drawn = draw_key()
    if environment.is_set(_VARIABLE):
        version = max(read_keys(settings.PERSONAL_KEYS)) + 1
        sentence = f"请在 {_VARIABLE} 末尾加上 ,{version}：{drawn} 并备份，然后重启各程序。"
        answer({"version": version, "piece": f"{version}:{drawn}"}, json, columns={}, sentence=sentence)
        return
    versions: list[int] = []

    def _with_new(kept: PartSecrets) -> PartSecrets:
        versions.append(max(read_keys(kept.personal_keys)) + 1)
        return replace(kept, personal_keys=f"{kept.personal_keys},{versions[-1]}:{drawn}")

    change_secrets(settings.VAR, _with_new)
    sentence = f"第 {versions[-1]} 版密钥已写入 {settings.VAR / 'secrets.json'}，请备份这个文件，再运行 make up。"
    answer({"version": versions[-1]}, json, columns={}, sentence=sentence)


@app.command("rotate")
def rotate(*, json: AsJson = False) -> None:
    """把全部资料改用最新密钥加密。可随时中断，再次运行会接着做。"""
    from foundation.crypto.rotation import Rotation
    from province.people.operations.personal_keys import rotate_keys
    from province.rights.queries import system_actor

    console = Console(stderr=True, highlight=False)
    with console.status("正在改用最新密钥……") as status:

        def _tell(rotation: Rotation) -> None:
            status.update(f"已完成 {rotation.done:,} / {rotation.total:,} 项")

        done = rotate_keys(by=system_actor("命令行"), report=_tell)
    sentence = f"全部资料已用第 {done.version} 版密钥加密，本次改了 {done.done:,} 项。"
    if done.faults:
        sentence = f"本次改了 {done.done:,} 项；{len(done.faults):,} 项读不出来，保持原样。"
    answer(done, json, columns={}, sentence=sentence)
    if done.faults:
        for fault in done.faults:
            typer.echo(f"  {fault}", err=True)
        raise typer.Exit(REFUSED)


@app.command("drop")
def drop(version: Annotated[int, typer.Argument(metavar="版本", min=1)], *, json: AsJson = False) -> None:
    """停用一个旧版本；还有资料在用时拒绝。"""
    from django.conf import settings

    from province.people.operations.personal_keys import drop_key
    from province.rights.queries import system_actor

    drop_key(by=system_actor("命令行"), version=version)
    sentence = f"第 {version} 版密钥已停用。"
    if environment.is_set(_VARIABLE):
        sentence += f"现在可以把它从 {_VARIABLE} 中去掉，并重启各程序。"
    else:
        change_secrets(settings.VAR, lambda kept: _without(kept, version))
        sentence += "已从 secrets.json 中去掉，请运行 make up。"
    answer({"version": version}, json, columns={}, sentence=sentence)


def _without(kept: PartSecrets, version: int) -> PartSecrets:
    pieces = [piece for piece in kept.personal_keys.split(",") if int(piece.partition(":")[0]) != version]
    return replace(kept, personal_keys=",".join(pieces))
