"""The Celery application: worker and scheduler."""

import logging
import os
import sys
from contextlib import ExitStack
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import (
    before_task_publish,
    celeryd_init,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_process_init,
)
from django.conf import settings

from config import environment
from config.logs import configure_logs, line_of, log_what_ends_the_process
from config.sentry import watch_errors
from config.tracing import watch_traces
from foundation.embedded_services.tether import end_with_parent
from foundation.origins import current_origin, going_on

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Django's checks ask for every page and API, which worker and scheduler never serve; `make check` runs them
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

# of a task's headers; Celery has an "origin" of its own
_ORIGIN = "yizhan_origin"
# tasks that make tables, for the one worker that may
BUILDING = "building"

watch_errors()
watch_traces()
app = Celery("yizhan")
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_connection_retry_on_startup=True,
    # however long the broker is away, the worker waits for it
    broker_connection_max_retries=None,
    # results are rows, never messages: the broker may lose a result, a row is there or not
    task_ignore_result=True,
    # a killed worker's task comes back (kombu looks for such tasks only this often)
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={
        "visibility_timeout": settings.TASK_RETURN_SECONDS,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        # seconds: one worker at a time looks for them, under a lock that it keeps when it is killed there. By itself
        # kombu leaves such a lock for 5 minutes, in which no task comes back
        "unacked_mutex_expire": 10,
    },
    timezone=settings.TIME_ZONE,
    task_routes={"provisioning.*": {"queue": BUILDING}},
    beat_schedule={
        "resume-proofs": {"task": "content.resume_proofs", "schedule": 30.0},
        "resume-imports": {"task": "catalogue.resume_imports", "schedule": 30.0},
        "fold-reads": {"task": "catalogue.fold_reads", "schedule": 600.0},
        "fold-searches": {"task": "catalogue.fold_searches", "schedule": 600.0},
        # once a day would do; a scheduler that is begun anew counts from its beginning
        "check-versions": {"task": "catalogue.check_versions", "schedule": 3600.0},
        "check-domains": {"task": "halls.check_domains", "schedule": 300.0},
        "check-certificates": {"task": "halls.check_certificates", "schedule": 600.0},
        # once an hour, and again and again until it was
        "seal-audit": {"task": "audit.seal_chains", "schedule": 600.0},
        "forget-old-sign-ins": {"task": "sign_in.forget_old_sign_ins", "schedule": 3600.0},
        "forget-old-citizen-sign-ins": {"task": "citizens.forget_old_sign_ins", "schedule": 3600.0},
        "forget-old-notices": {"task": "messaging.forget_old_notices", "schedule": 3600.0},
        "send-sign-outs": {"task": "sign_in.send_sign_outs", "schedule": 5.0},
        "send-notices": {"task": "citizens.send_notices", "schedule": 15.0},
        "send-deliveries": {"task": "content.send_deliveries", "schedule": 15.0},
    },
)
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_all_do(loglevel: int, **_: object) -> None:
    """Celery's own lines, too; LOG_LEVEL goes before what the command says."""
    dictConfig(settings.LOGGING)
    configure_logs()
    log_what_ends_the_process()
    if not environment.is_set("LOG_LEVEL"):
        logging.getLogger().setLevel(loglevel)


@celeryd_init.connect
def _end_in_lines(**_: object) -> None:
    """What a worker says past all logs when it is told to end is a line as well."""
    import celery.apps.worker as program  # noqa: PLC0415 - of a worker alone

    # it warns of some things before it asks for its log
    _log_as_all_do(logging.WARNING)
    vars(program)["safe_say"] = lambda message, *_: os.write(sys.stderr.fileno(), line_of(message))


@worker_process_init.connect
def _end_with_worker(**_: object) -> None:
    """A killed worker must not leave its children behind: they would go on with a task that is given out again."""
    end_with_parent()


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
