"""The worker's tasks."""

from celery import shared_task

from province.citizens.operations.sessions import forget_old_citizen_sign_ins


@shared_task(name="citizens.forget_old_sign_ins")
def forget() -> None:
    forget_old_citizen_sign_ins()
