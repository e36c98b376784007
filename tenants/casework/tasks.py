"""What becomes of cases by flows that end, when somebody leaves, and after a restore; and lists that are written as
files."""

from functools import partial
from threading import BoundedSemaphore
from typing import Final
from uuid import UUID

from celery import shared_task
from django.db import transaction

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.cases.events import (
    LIST_EXPORT_EXPIRES,
    LIST_EXPORT_WANTED,
    REFERRAL_ANSWERED,
    REFERRAL_DUE,
    REFERRAL_RECALLED,
    REFERRAL_SENT,
    SUPPLEMENT_SENT,
    ReferralTime,
)
from province.cases.queries.list_exports import abandoned_list_exports, list_export, next_list_export
from province.cases.states import CASE_KIND
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.people.events import HANDED_OVER_IN_HALL, HandedOver
from province.people.queries.work import orderer_of, parties_of
from province.workdays.events import (
    CLOCK_NEAR,
    CLOCK_RAN_OUT,
    CLOCK_RUNS_AGAIN,
    CLOCKS_MOVED,
    ClockFacts,
    ClocksMoved,
)
from tenants.casework.events import CASE_TOLD, CASE_WAITS, PACKAGE_MOVED
from tenants.casework.operations.deciding import settle_after_run
from tenants.casework.operations.examining import go_on_with_flow
from tenants.casework.operations.handlers import tell_handlers, tell_of_moved_clocks
from tenants.casework.operations.joint_notices import tell_of_opinion_time, tell_of_request_time
from tenants.casework.operations.list_exports import carry_on_export, let_export_go
from tenants.casework.operations.packages import go_on_with_package
from tenants.casework.operations.referrals import bring_result
from tenants.casework.operations.referrals_in import drop_recalled, take_up_again, take_up_referral
from tenants.casework.operations.restored import report_cases_again
from tenants.casework.operations.results import note_licence_made
from tenants.casework.operations.supplements import take_supplement
from tenants.casework.operations.time import note_near_end, note_ran_out
from tenants.casework.operations.told import tell_by_phone
from tenants.casework.operations.work import take_over_cases
from tenants.casework.states import JOINT_KIND
from tenants.documents.events import DOCUMENT_MADE
from tenants.shell.subscribers import at_work_in, in_hall
from tenants.workflow.events import RUN_ENDED
from tenants.workflow.operations.step_ends import touch_steps

# a worker has two threads: one list at a time leaves the other one to what people wait for
ONE_AT_A_TIME: Final = BoundedSemaphore(1)


@subscribes(RUN_ENDED, "casework.settle_after_run")
@in_hall
def _settle(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    settle_after_run(hall=hall, run_id=event.subject_id)


@subscribes(HANDED_OVER_IN_HALL, "casework.take_over_cases")
@in_hall
def _take_over(event: ReceivedEvent[HandedOver], hall: Hall) -> None:
    leaver, successor = parties_of(event)
    take_over_cases(by=orderer_of(event), hall=hall, leaver_id=leaver.pk, successor=(successor.pk, successor.name))


@subscribes(CASE_WAITS, "casework.tell_handlers")
@in_hall
def _tell_handlers(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    tell_handlers(hall=hall, case_id=event.subject_id, cause_id=event.id)


@subscribes(CASE_TOLD, "casework.tell_by_phone")
@in_hall
def _tell_by_phone(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    tell_by_phone(hall=hall, case_id=event.subject_id, cause_id=event.id)


@subscribes(DOCUMENT_MADE, "casework.note_licence_made")
@in_hall
def _note_licence_made(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    note_licence_made(hall=hall, document_id=event.subject_id)


@subscribes(PACKAGE_MOVED, "casework.go_on_with_package")
@in_hall
def _go_on_with_package(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    go_on_with_package(hall=hall, application_id=event.subject_id, cause_id=event.id)


@subscribes(CLOCK_NEAR, "casework.note_near_end")
@in_hall
def _note_near(event: ReceivedEvent[ClockFacts], hall: Hall) -> None:
    if event.payload.owner_kind == CASE_KIND:
        note_near_end(hall=hall, case_id=event.payload.owner_id, kind=event.payload.kind, cause_id=event.id)
    elif event.payload.owner_kind == JOINT_KIND:
        tell_of_opinion_time(hall=hall, opinion_id=event.payload.owner_id, cause_id=event.id, is_over=False)


@subscribes(CLOCK_RAN_OUT, "casework.note_ran_out")
@in_hall
def _note_ran_out(event: ReceivedEvent[ClockFacts], hall: Hall) -> None:
    if event.payload.owner_kind == CASE_KIND:
        note_ran_out(hall=hall, case_id=event.payload.owner_id, kind=event.payload.kind, cause_id=event.id)
    elif event.payload.owner_kind == JOINT_KIND:
        tell_of_opinion_time(hall=hall, opinion_id=event.payload.owner_id, cause_id=event.id, is_over=True)


@subscribes(CLOCK_RUNS_AGAIN, "casework.go_on_with_flow")
@in_hall
def _go_on_with_flow(event: ReceivedEvent[ClockFacts], hall: Hall) -> None:
    if event.payload.owner_kind == CASE_KIND:
        go_on_with_flow(hall=hall, case_id=event.payload.owner_id)


@subscribes(CLOCKS_MOVED, "casework.tell_of_moved_clocks")
@in_hall
def _tell_of_moved_clocks(event: ReceivedEvent[ClocksMoved], hall: Hall) -> None:
    tell_of_moved_clocks(hall=hall, recount_id=event.subject_id, why=event.payload.why, cause_id=event.id)


@subscribes(CLOCKS_MOVED, "casework.touch_steps")
@in_hall
def _touch_steps(event: ReceivedEvent[ClocksMoved], hall: Hall) -> None:
    """No step of a case's flow is due after the case."""
    touch_steps(cause_id=event.subject_id, hall_ids=[hall.pk])


@subscribes(REFERRAL_SENT, "casework.take_up_referral")
@in_hall
def _take_up(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    take_up_referral(hall=hall, referral_id=event.subject_id)


@subscribes(SUPPLEMENT_SENT, "casework.take_supplement")
@in_hall
def _take_supplement(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    take_supplement(hall=hall, supplement_id=event.subject_id)


@subscribes(REFERRAL_ANSWERED, "casework.bring_result")
@in_hall
def _bring_result(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    bring_result(hall=hall, referral_id=event.subject_id)


@subscribes(REFERRAL_RECALLED, "casework.drop_recalled")
@in_hall
def _drop_recalled(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    drop_recalled(hall=hall, referral_id=event.subject_id)


@subscribes(REFERRAL_DUE, "casework.tell_of_request_time")
@in_hall
def _tell_of_request_time(event: ReceivedEvent[ReferralTime], hall: Hall) -> None:
    tell_of_request_time(hall=hall, referral_id=event.subject_id, cause_id=event.id, is_over=event.payload.is_over)


@subscribes(HALL_RESTORED, "casework.take_up_again")
@in_hall
def _take_up_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    take_up_again(hall=hall)


@subscribes(HALL_RESTORED, "casework.report_cases_again")
@in_hall
def _report_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    report_cases_again(hall=hall)


@subscribes(LIST_EXPORT_WANTED, "casework.carry_on_export")
def _write_list(event: ReceivedEvent[NoPayload]) -> None:
    """A broker that is down only delays it (``resume_exports``)."""
    transaction.on_commit(partial(carry_on.delay, str(event.subject_id)), robust=True)


@subscribes(LIST_EXPORT_EXPIRES, "casework.let_export_go")
def _let_go(event: ReceivedEvent[NoPayload]) -> None:
    let_export_go(export_id=event.subject_id)


@shared_task(name="casework.carry_on_export")
def carry_on(export_id: str) -> None:
    """Where this worker is at another list, it waits its turn."""
    export = list_export(UUID(export_id))
    if export is None or not ONE_AT_A_TIME.acquire(blocking=False):
        return
    try:
        with at_work_in(export.hall_id) as hall:
            if hall is None:
                return
            carry_on_export(hall=hall, export_id=export.pk)
    finally:
        ONE_AT_A_TIME.release()
    if following := next_list_export():
        carry_on.delay(str(following))


@shared_task(name="casework.resume_exports")
def resume_exports() -> None:
    """Lists that a killed worker left, that a broker lost, or whose turn it is."""
    for export_id in abandoned_list_exports():
        carry_on.delay(str(export_id))
