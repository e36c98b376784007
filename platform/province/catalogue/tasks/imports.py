from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction

from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.catalogue.operations.imports import FORGOTTEN, WANTED, carry_on_import, forget_import
from province.catalogue.queries.imports import abandoned_imports


@handles(WANTED)
def _hand_over(event: OutboxEvent) -> None:
    """A broker that is down only delays it (``resume_imports``)."""
    transaction.on_commit(partial(carry_on.delay, str(event.subject_id)), robust=True)


@handles(FORGOTTEN)
def _forget(event: OutboxEvent) -> None:
    assert event.subject_id is not None  # noqa: S101 - this kind always has one
    forget_import(import_id=event.subject_id)


@shared_task(name="catalogue.carry_on_import")
def carry_on(import_id: str) -> None:
    carry_on_import(import_id=UUID(import_id))


@shared_task(name="catalogue.resume_imports")
def resume_imports() -> None:
    """Imports that a killed worker left, or that a broker lost."""
    for import_id in abandoned_imports():
        carry_on.delay(str(import_id))
