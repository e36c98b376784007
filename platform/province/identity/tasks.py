"""Periodic tasks of signing in."""

from celery import shared_task

from province.identity.operations.sessions import forget_old_sign_ins


@shared_task(name="identity.forget_old_sign_ins")
def forget() -> None:
    forget_old_sign_ins()
