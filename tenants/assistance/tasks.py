"""What becomes of things taken in by what the other hall does, and after a restore."""

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.cases.events import REFERRAL_ANSWERED, REFERRAL_ASKED
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.people.events import HANDED_OVER_IN_HALL, HandedOver
from province.people.queries.work import orderer_of, parties_of
from tenants.assistance.events import ASSISTANCE_OVER
from tenants.assistance.operations.files import remove_files_of
from tenants.assistance.operations.handing_over import agree_after_restore, bring_answer
from tenants.assistance.operations.notices import tell_of_asking
from tenants.assistance.operations.work import take_over_assistances
from tenants.shell.subscribers import in_hall


@subscribes(REFERRAL_ANSWERED, "assistance.bring_answer")
@in_hall
def _bring_answer(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    bring_answer(hall=hall, referral_id=event.subject_id)


@subscribes(REFERRAL_ASKED, "assistance.tell_of_asking")
@in_hall
def _tell_of_asking(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    tell_of_asking(hall=hall, referral_id=event.subject_id, cause_id=event.id)


@subscribes(HANDED_OVER_IN_HALL, "assistance.take_over_assistances")
@in_hall
def _take_over(event: ReceivedEvent[HandedOver], hall: Hall) -> None:
    leaver, successor = parties_of(event)
    take_over_assistances(
        by=orderer_of(event), hall=hall, leaver_id=leaver.pk, successor=(successor.pk, successor.name)
    )


@subscribes(ASSISTANCE_OVER, "assistance.remove_files")
@in_hall
def _remove_files(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    remove_files_of(hall=hall, assistance_id=event.subject_id)


@subscribes(HALL_RESTORED, "assistance.agree_after_restore")
@in_hall
def _agree(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    agree_after_restore(hall=hall)
