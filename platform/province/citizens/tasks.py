"""The worker's tasks."""

from celery import shared_task

from province.citizens.operations.notices import send_notices
from province.citizens.operations.sessions import forget_old_citizen_sign_ins


@shared_task(name="citizens.forget_old_sign_ins")
def forget() -> None:
    forget_old_citizen_sign_ins()


@shared_task(name="citizens.send_notices")
def send() -> None:
    send_notices()
