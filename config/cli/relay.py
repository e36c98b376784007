"""``yizhan relay``."""

import typer

app = typer.Typer()


@app.command("relay")
def relay() -> None:
    """事件中继：处理到期事项和待办事件，直到被停止。"""
    # events hand tasks over to this application's broker, not to Celery's default one
    import config.celery  # noqa: F401
    from config.machine.relay import Relay

    Relay().run()
