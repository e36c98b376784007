"""``yizhan demo``."""

import typer

from config.cli.machine import print_accounts
from config.cli.output import AsJson, answer

app = typer.Typer()


@app.command("demo")
def demo(*, json: AsJson = False) -> None:
    """载入演示数据：当阳市及其镇村的服务厅、文章、推稿和账号。可重复执行，中断后接着做。"""
    from config.demo import DEMO_STEPS, has_demo, load_demo, people
    from config.demo.progress import month_progress
    from config.machine.progress import Progress

    if not has_demo():
        load_demo(Progress(total=DEMO_STEPS, to_stderr=json))
    if json:
        answer(people(), json)
    else:
        print_accounts(people())
        typer.echo(month_progress().words or "演示数据已经齐全。")
