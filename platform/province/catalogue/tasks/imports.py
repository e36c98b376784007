from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.catalogue.events import IMPORT_FORGOTTEN, IMPORT_WANTED
from province.catalogue.operations.imports import carry_on_import, forget_import
from province.catalogue.queries.imports import abandoned_imports


@subscribes(IMPORT_WANTED, "catalogue.carry_on_import")
def _hand_over(event: ReceivedEvent[NoPayload]) -> None:
    """A broker that is down only delays it (``resume_imports``)."""
    transaction.on_commit(partial(carry_on.delay, str(event.subject_id)), robust=True)


@subscribes(IMPORT_FORGOTTEN, "catalogue.forget_import")
def _forget(event: ReceivedEvent[NoPayload]) -> None:
    forget_import(import_id=event.subject_id)


@shared_task(name="catalogue.carry_on_import")
def carry_on(import_id: str) -> None:
    carry_on_import(import_id=UUID(import_id))


@shared_task(name="catalogue.resume_imports")
def resume_imports() -> None:
    """Imports that a killed worker left, or that a broker lost."""
    for import_id in abandoned_imports():
        carry_on.delay(str(import_id))
