"""What runs later: the payment interface is asked again, flows hear of orders that moved, an order that none waits for
any more ends, and a hall that was restored reports what is owed."""

from celery import shared_task

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from tenants.fees.events import ORDER_MOVED
from tenants.fees.operations.online import send_payment_calls
from tenants.fees.operations.restored import report_fees_again
from tenants.fees.operations.rows import FEE_STEP
from tenants.fees.operations.steps import drop_order_of_step
from tenants.shell.subscribers import in_hall
from tenants.workflow.events import CALL_LEFT, LeftCall
from tenants.workflow.operations.plugin_calls import ask_waiting


@shared_task(name="fees.send_payment_calls")
def send() -> None:
    send_payment_calls()


@subscribes(ORDER_MOVED, "fees.ask_steps")
@in_hall
def _ask_steps(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    ask_waiting(hall, event.subject_id, FEE_STEP)


@subscribes(CALL_LEFT, "fees.drop_order_of_step")
@in_hall
def _drop_order(event: ReceivedEvent[LeftCall], hall: Hall) -> None:
    if event.payload.plugin == FEE_STEP:
        drop_order_of_step(hall=hall, item_id=event.subject_id)


@subscribes(HALL_RESTORED, "fees.report_again")
@in_hall
def _report_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    report_fees_again(hall=hall)
