"""What runs later: the payment interface is asked again, and a hall that was restored reports what is owed."""

from celery import shared_task

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from tenants.fees.operations.online import send_payment_calls
from tenants.fees.operations.restored import report_fees_again
from tenants.shell.subscribers import in_hall


@shared_task(name="fees.send_payment_calls")
def send() -> None:
    send_payment_calls()


@subscribes(HALL_RESTORED, "fees.report_again")
@in_hall
def _report_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    report_fees_again(hall=hall)
