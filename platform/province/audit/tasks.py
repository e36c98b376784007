"""Periodic tasks of the audit chain."""

from celery import shared_task

from province.audit.operations.seals import seal_day


@shared_task(name="audit.seal_day")
def seal() -> None:
    seal_day()
