"""``yizhan up | down | status``."""

import os
from collections.abc import Mapping

import typer
from rich.console import Console
from rich.table import Table

from config.cli.output import AsJson, answer
from config.environment import is_for_this_machine
from foundation.embedded_services.supervision import Supervisor

app = typer.Typer()


@app.command("up")
def up(*, demo: bool = typer.Option(default=True, help="首次启动时载入演示数据"), json: AsJson = False) -> None:
    """启动本机全部程序；首次启动时载入演示数据。"""
    from django.conf import settings

    from config.demo import DEMO_STEPS, PROVINCE_FACTS, has_demo, load_demo, people, places, wants_demo
    from config.demo.progress import month_progress
    from config.machine.progress import Progress
    from config.machine.status import addresses
    from config.machine.up import UP_STEPS, bring_up

    progress = Progress(total=UP_STEPS, to_stderr=json)
    demo = demo and is_for_this_machine(domain=settings.BASE_DOMAIN, listening=settings.WEB_HOST)
    if demo:
        # for the web processes, which read their settings anew
        for name, value in {"YIZHAN_DEMO": "1", **PROVINCE_FACTS}.items():
            os.environ.setdefault(name, value)
    machine = bring_up(progress, is_demo=demo)
    if demo and wants_demo():
        progress.lengthen(DEMO_STEPS)
        load_demo(progress)
    month = month_progress()
    if demo and has_demo() and not month.is_over:
        machine.live_demo()
    accounts, sites = (people(), places()) if has_demo() else ([], {})
    if json:
        answer({"seconds": round(progress.seconds, 1), "addresses": addresses() | sites, "accounts": accounts}, json)
        return
    _print_addresses(addresses() | sites, progress.seconds)
    print_accounts(accounts)
    if accounts and month.words:
        typer.echo(month.words)
    typer.echo("停止：make down  检查：yizhan doctor  状态：yizhan status")


@app.command("down")
def down(*, json: AsJson = False) -> None:
    """停止 up 启动的程序，不碰其他任何程序。"""
    from django.conf import settings

    supervisor = Supervisor(settings.VAR)
    stopped = [one.name for one in supervisor.states() if one.is_up]
    supervisor.shut_down()
    if json:
        answer({"stopped": stopped}, json)
    else:
        typer.echo("已停止。" if stopped else "没有在运行。")


@app.command("status")
def status(*, json: AsJson = False) -> None:
    """查看各程序的状态、运行时间和内存。"""
    from config.machine.status import part_states

    states = part_states()
    columns = {
        "label": "程序",
        "state": "状态",
        "since": "开始于",
        "pid": "PID",
        "memory_mb": "内存（MB）",
    }
    answer(states, json, columns=columns, sentence=None if states else "没有在运行。运行 make up 启动。")
    if not states:
        raise typer.Exit(1)


def _print_addresses(places: Mapping[str, str], seconds: float) -> None:
    table = Table(title=f"一站已启动，用时 {seconds:.1f} 秒", title_justify="left", show_header=False)
    for label, address in places.items():
        table.add_row(label, address)
    Console(highlight=False).print(table)


def print_accounts(accounts: list[dict[str, str]]) -> None:
    if not accounts:
        return
    table = Table(title="演示账号", title_justify="left", header_style="bold")
    for heading in ("身份", "账号", "密码", "登录地址"):
        table.add_column(heading, overflow="fold")
    for one in accounts:
        table.add_row(one["position"], one["username"], one["password"], one["address"])
    Console(highlight=False).print(table)
