"""What becomes of runs by the clock, by calendars, by other runs, when somebody leaves, and after a restore."""

from functools import partial

from celery import shared_task
from django.db import transaction

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.people.events import HANDED_OVER_IN_HALL, HandedOver
from province.people.queries.work import orderer_of, parties_of
from province.workdays.events import CALENDAR_PUBLISHED, CalendarChanged
from tenants.shell.subscribers import in_hall
from tenants.workflow.events import (
    BATCH_GOES_ON,
    CALL_WANTED,
    FILES_DROPPED,
    ITEM_DUE,
    ITEM_REMINDS,
    PARTIAL_ENDS,
    PLUGIN_CALL_WANTED,
    RUN_ENDED,
    STEPS_TOUCHED,
    TIMER_ENDS,
    DroppedFiles,
    StepsTouched,
)
from tenants.workflow.operations.background import carry_on_batch
from tenants.workflow.operations.calling import send_plugin_calls
from tenants.workflow.operations.chunks import drop_partial
from tenants.workflow.operations.clock import (
    end_timer,
    go_on_after_run,
    note_item_late,
    remind_of_item,
    start_called_run,
    take_over_work,
)
from tenants.workflow.operations.restored import report_work_again
from tenants.workflow.operations.step_ends import recount_touched_steps, touch_steps_below
from tenants.workflow.operations.uploads import remove_dropped_files


@subscribes(BATCH_GOES_ON, "workflow.carry_on_batch")
@in_hall
def _carry_on_batch(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    carry_on_batch(hall=hall, batch_id=event.subject_id)


@subscribes(CALENDAR_PUBLISHED, "workflow.touch_steps")
def _touch_steps(event: ReceivedEvent[CalendarChanged]) -> None:
    touch_steps_below(cause_id=event.subject_id, changed=event.payload)


@subscribes(STEPS_TOUCHED, "workflow.recount_steps")
@in_hall
def _recount_steps(event: ReceivedEvent[StepsTouched], hall: Hall) -> None:
    recount_touched_steps(hall=hall, cause_id=event.subject_id, after=event.payload.after)


@subscribes(TIMER_ENDS, "workflow.end_timer")
@in_hall
def _end_timer(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    end_timer(hall=hall, item_id=event.subject_id)


@subscribes(ITEM_REMINDS, "workflow.remind_of_item")
@in_hall
def _remind(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    remind_of_item(hall=hall, item_id=event.subject_id, cause_id=event.id)


@subscribes(ITEM_DUE, "workflow.note_item_late")
@in_hall
def _note_late(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    note_item_late(hall=hall, item_id=event.subject_id, cause_id=event.id)


@subscribes(CALL_WANTED, "workflow.start_called_run")
@in_hall
def _start_called(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    start_called_run(hall=hall, item_id=event.subject_id)


@subscribes(PLUGIN_CALL_WANTED, "workflow.send_plugin_calls")
def _call_outside(_: ReceivedEvent[NoPayload]) -> None:
    """A broker that is down only delays it (the scheduler asks, too)."""
    transaction.on_commit(partial(send_waiting_plugin_calls.delay), robust=True)


@shared_task(name="workflow.send_plugin_calls")
def send_waiting_plugin_calls() -> None:
    send_plugin_calls()


@subscribes(RUN_ENDED, "workflow.go_on_after_run")
@in_hall
def _go_on(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    go_on_after_run(hall=hall, run_id=event.subject_id)


@subscribes(FILES_DROPPED, "workflow.remove_dropped_files")
@in_hall
def _remove_files(event: ReceivedEvent[DroppedFiles], hall: Hall) -> None:
    remove_dropped_files(hall=hall, keys=event.payload.keys)


@subscribes(PARTIAL_ENDS, "workflow.drop_partial")
@in_hall
def _drop_partial(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    drop_partial(hall=hall, partial_id=event.subject_id)


@subscribes(HANDED_OVER_IN_HALL, "workflow.take_over_work")
@in_hall
def _take_over(event: ReceivedEvent[HandedOver], hall: Hall) -> None:
    """The rows move with the event: a repeat finds none."""
    leaver, successor = parties_of(event)
    take_over_work(
        by=orderer_of(event), hall=hall, leaver=(leaver.pk, leaver.name), successor=(successor.pk, successor.name)
    )


@subscribes(HALL_RESTORED, "workflow.report_work_again")
@in_hall
def _report_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    report_work_again(hall=hall)
