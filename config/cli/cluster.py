"""``yizhan run | await | release`` in the containers of helm/yizhan; ``static`` where their image is made."""

import os
import sys
import time
from typing import Annotated, Final, Literal

import typer

from config.cli.output import AsJson
from config.environment import demand
from foundation.errors import Unavailable

app = typer.Typer()

# without these a program would look for the embedded parts, which no container has
NEEDED: Final = (
    *("SECRET_KEY", "PERSONAL_KEYS", "PERSONAL_INDEX_KEY", "DATABASE_URL", "BROKER_URL"),
    *("S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY", "BASE_DOMAIN"),
)
NEEDED_BY_OWNER: Final = (*NEEDED, "DATABASE_OWNER_URL")
_PAUSE_SECONDS = 2.0


def demand_variables() -> None:
    """Have the settings name every variable that a container lacks, with those that make no sense."""
    demand(NEEDED)


def demand_variables_of_owner() -> None:
    """Likewise for what makes tables."""
    demand(NEEDED_BY_OWNER)


@app.command("run")
def run(name: Annotated[Literal["web", "worker", "builder", "beat", "relay", "proxy"], typer.Argument()]) -> None:
    """在前台运行一个程序，用本进程的环境变量，直到被停止。"""
    from django.conf import settings

    from config.machine.parts import WEB, counting_folder, our_command

    command = our_command(name)
    if name == WEB:
        # of a container that was killed
        settings.WEB_SOCKET.unlink(missing_ok=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counting_folder())
    os.execv(command[0], command)  # noqa: S606 - our own fixed programs


@app.command("await")
def await_database(
    *,
    seconds: Annotated[int, typer.Option(min=0, help="最多等多少秒")] = 300,
    proxy: Annotated[bool, typer.Option("--proxy", help="同时写好入口代理的配置")] = False,
) -> None:
    """检查变量是否齐全，等到数据库连得上、已升级到本版本、密钥相符。"""
    from config.health import rows_faults
    from config.logs import log_of_program
    from config.machine.parts import proxy_command

    if proxy:
        proxy_command()
    log = log_of_program()
    end, said = time.monotonic() + seconds, ""
    while faults := "；".join(rows_faults().values()):
        if time.monotonic() > end:
            raise Unavailable(f"等了 {seconds} 秒：{faults}。")
        if faults != said:
            log.warning("waiting", faults=faults)
            said = faults
        time.sleep(_PAUSE_SECONDS)
    log.info("ready")


@app.command("release")
def release(
    *, workers: Annotated[int, typer.Option(min=1, max=32, help="同时工作的进程数")] = 2, json: AsJson = False
) -> None:
    """升级公共库表，再分批升级各服务厅；旧版本照常提供服务，中断后再次运行会接着做。"""
    from config.logs import log_of_program
    from config.machine.progress import LoggedProgress, Progress
    from config.machine.release import RELEASE_STEPS, bring_release

    is_watched = sys.stdout.isatty()
    progress = Progress(total=RELEASE_STEPS, to_stderr=json) if is_watched else LoggedProgress(log_of_program())
    bring_release(progress, workers=workers)
    if json:
        typer.echo("{}")


@app.command("static")
def static() -> None:
    """把样式、脚本等静态文件收集到数据目录。"""
    from config.machine.progress import Progress
    from config.machine.up import collect_static

    with Progress(total=1).step("收集静态文件") as step:
        collect_static(step)
