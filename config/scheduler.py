"""The scheduler: ``python -m config.scheduler FILE``, where it notes what it gave out last. It knows when which task is
due, and none of the tasks: no app, no model and no page is loaded, which saves 65 MB."""

import os
import sys

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.logs import configure_logs
from config.schedule import configure
from config.sentry import watch_errors

configure_logs()
watch_errors()
# by itself it would set Django up
app = Celery("yizhan", fixups=[])
configure(app)


def run(file: str) -> None:
    """Give out what is due, until told to end. ``file``: where it notes what it gave out last."""
    app.Beat(loglevel="WARNING", schedule=file, pidfile="", quiet=True).run()


if __name__ == "__main__":
    run(sys.argv[1])
