"""What becomes of things taken in by what the other hall does, and after a restore."""

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.cases.events import REFERRAL_ANSWERED
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from tenants.assistance.events import ASSISTANCE_OVER
from tenants.assistance.operations.files import remove_files_of
from tenants.assistance.operations.handing_over import agree_after_restore, bring_answer
from tenants.shell.subscribers import in_hall


@subscribes(REFERRAL_ANSWERED, "assistance.bring_answer")
@in_hall
def _bring_answer(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    bring_answer(hall=hall, referral_id=event.subject_id)


@subscribes(ASSISTANCE_OVER, "assistance.remove_files")
@in_hall
def _remove_files(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    remove_files_of(hall=hall, assistance_id=event.subject_id)


@subscribes(HALL_RESTORED, "assistance.agree_after_restore")
@in_hall
def _agree(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    agree_after_restore(hall=hall)
