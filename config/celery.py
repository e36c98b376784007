"""The Celery application of the workers, and of all programs that leave them a task."""

import logging
import os
import sys
from contextlib import ExitStack
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, celeryd_init, task_postrun, task_prerun

from config.logs import line_of
from config.schedule import configure, log_as_all_do
from config.sentry import watch_errors
from config.tracing import watch_traces
from foundation.origins import current_origin, going_on

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Django's checks ask for every page and API, which workers never serve; `make check` runs them
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

# of a task's headers; Celery has an "origin" of its own
_ORIGIN = "yizhan_origin"

watch_errors()
watch_traces()
app = Celery("yizhan")
configure(app)
app.autodiscover_tasks()


@celeryd_init.connect
def _end_in_lines(**_: object) -> None:
    """What a worker says past all logs when it is told to end is a line as well."""
    import celery.apps.worker as program  # noqa: PLC0415 - of a worker alone

    # it warns of some things before it asks for its log
    log_as_all_do(logging.WARNING)
    vars(program)["safe_say"] = lambda message, *_: os.write(sys.stderr.fileno(), line_of(message))


@before_task_publish.connect
def _carry_origin(headers: dict[str, Any], **_: object) -> None:
    headers.setdefault(_ORIGIN, current_origin())


@task_prerun.connect
def _go_on(task: Any, task_id: str, **_: object) -> None:
    """Under the number of the request that asked for it; what the clock began has its own."""
    origin = {"request_id": task_id.replace("-", "")[:12], **(getattr(task.request, _ORIGIN, None) or {})}
    task.request.origin_left = ExitStack()
    task.request.origin_left.enter_context(going_on(f"task {task.name}", origin))


@task_postrun.connect
def _leave_origin(task: Any, **_: object) -> None:
    task.request.origin_left.close()
