"""What workers and the scheduler agree on: the broker, how a task is kept until it is done, when which is due, and how
they write their logs."""

import logging
from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from config import environment
from config.logs import configure_logs, log_what_ends_the_process
from config.queues import BUILDING


def configure(app: Celery) -> None:
    """Tell a Celery application all of it."""
    app.conf.update(
        broker_url=settings.BROKER_URL,
        # by kombu's own a killed worker loses the task that it was about to take
        broker_transport="config.broker:RedisTransport",
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
            # seconds: one worker at a time looks for them, under a lock that it keeps when it is killed there. By
            # itself kombu leaves such a lock for 5 minutes, in which no task comes back
            "unacked_mutex_expire": 10,
        },
        timezone=settings.TIME_ZONE,
        task_routes={
            # any worker looks: the builder would be woken for it
            "provisioning.resume_building": {"queue": app.conf.task_default_queue},
            "provisioning.*": {"queue": BUILDING},
        },
        beat_schedule={
            "resume-proofs": {"task": "content.resume_proofs", "schedule": 30.0},
            "resume-imports": {"task": "catalogue.resume_imports", "schedule": 30.0},
            "fold-reads": {"task": "catalogue.fold_reads", "schedule": 600.0},
            "fold-searches": {"task": "catalogue.fold_searches", "schedule": 600.0},
            # once a day would do; a scheduler that is begun anew counts from its beginning
            "check-versions": {"task": "catalogue.check_versions", "schedule": 3600.0},
            # 500 a run: 36,000 sites are visited 20 times a day
            "check-domains": {"task": "halls.check_domains", "schedule": 60.0},
            "check-certificates": {"task": "halls.check_certificates", "schedule": 600.0},
            "resume-building": {"task": "provisioning.resume_building", "schedule": 300.0},
            # parts of a recount are counted within seconds
            "resume-recounts": {"task": "workdays.resume_recounts", "schedule": 30.0},
            # what comes with the day is told within the hour
            "sweep-clocks": {"task": "workdays.sweep_clocks", "schedule": 1800.0},
            # once an hour, and again and again until it was
            "seal-audit": {"task": "audit.seal_chains", "schedule": 600.0},
            "pack-audit": {"task": "audit.pack_links", "schedule": 600.0},
            "forget-old-sign-ins": {"task": "sign_in.forget_old_sign_ins", "schedule": 3600.0},
            "forget-old-citizen-sign-ins": {"task": "citizens.forget_old_sign_ins", "schedule": 3600.0},
            "forget-old-notices": {"task": "messaging.forget_old_notices", "schedule": 3600.0},
            "forget-old-events": {"task": "events.forget_old_events", "schedule": 3600.0},
            "send-sign-outs": {"task": "sign_in.send_sign_outs", "schedule": 5.0},
            # how late readers of the feed of cases are at most
            "number-cases": {"task": "cases.number_changes", "schedule": 5.0},
            # after an upgrade, and after a restore of an older backup; otherwise it finds nothing
            "mark-applicants": {"task": "cases.mark_applicants", "schedule": 300.0},
            "send-notices": {"task": "citizens.send_notices", "schedule": 15.0},
            "send-plugin-calls": {"task": "workflow.send_plugin_calls", "schedule": 15.0},
            "resume-exports": {"task": "casework.resume_exports", "schedule": 30.0},
            "send-payment-calls": {"task": "fees.send_payment_calls", "schedule": 15.0},
            "send-deliveries": {"task": "content.send_deliveries", "schedule": 15.0},
        },
    )


@setup_logging.connect
def log_as_all_do(loglevel: int, **_: object) -> None:
    """Write Celery's own lines as all others are; LOG_LEVEL goes before what the command says."""
    dictConfig(settings.LOGGING)
    configure_logs()
    log_what_ends_the_process()
    if not environment.is_set("LOG_LEVEL"):
        logging.getLogger().setLevel(loglevel)
