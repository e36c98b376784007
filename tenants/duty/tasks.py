"""What becomes of the roster by the clock, when somebody leaves, and after a restore."""

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.people.events import HANDED_OVER_IN_HALL, HandedOver
from province.people.queries.work import orderer_of, parties_of
from tenants.duty.events import DUTY_LOOK_AHEAD
from tenants.duty.operations.leaving import take_over_turns
from tenants.duty.operations.looking_ahead import look_ahead
from tenants.duty.operations.restored import look_ahead_again
from tenants.shell.subscribers import in_hall


@subscribes(DUTY_LOOK_AHEAD, "duty.look_ahead")
@in_hall
def _look_ahead(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    look_ahead(hall=hall)


@subscribes(HANDED_OVER_IN_HALL, "duty.take_over_turns")
@in_hall
def _take_over(event: ReceivedEvent[HandedOver], hall: Hall) -> None:
    leaver, successor = parties_of(event)
    take_over_turns(
        by=orderer_of(event), hall=hall, leaver=(leaver.pk, leaver.name), successor=(successor.pk, successor.name)
    )


@subscribes(HALL_RESTORED, "duty.look_ahead_again")
@in_hall
def _look_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    look_ahead_again(hall=hall)
