"""What becomes of clocks by the calendar and by the day."""

from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction

from foundation.events.kinds import ReceivedEvent, subscribes
from province.workdays.events import CALENDAR_PUBLISHED, CalendarChanged
from province.workdays.operations.recounts import begin_recount, carry_on_recount
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.queries.recounts import abandoned_recounts


@subscribes(CALENDAR_PUBLISHED, "workdays.begin_recount")
def _begin_recount(event: ReceivedEvent[CalendarChanged]) -> None:
    """A broker that is down only delays it (``resume_recounts``)."""
    begin_recount(recount_id=event.id, cause_id=event.subject_id, changed=event.payload)
    transaction.on_commit(partial(carry_on.delay, str(event.id)), robust=True)


@shared_task(name="workdays.carry_on_recount")
def carry_on(recount_id: str) -> None:
    carry_on_recount(recount_id=UUID(recount_id))


@shared_task(name="workdays.resume_recounts")
def resume_recounts() -> None:
    """Recounts that a killed worker left, or that a broker lost."""
    for recount_id in abandoned_recounts():
        carry_on.delay(str(recount_id))


@shared_task(name="workdays.sweep_clocks")
def sweep() -> None:
    while sweep_clocks():
        pass
