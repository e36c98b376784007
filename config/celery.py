"""The Celery application: worker and scheduler."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("yizhan")
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_connection_retry_on_startup=True,
    # results are rows, never messages: the broker may lose a result, a row is there or not
    task_ignore_result=True,
    # a killed worker's task comes back (kombu looks for such tasks only this often)
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    },
    timezone=settings.TIME_ZONE,
    beat_schedule={},
)
app.autodiscover_tasks()
