"""Periodic tasks of events."""

from celery import shared_task

from foundation.events.operations import forget_old_events


@shared_task(name="events.forget_old_events")
def forget() -> None:
    forget_old_events()
