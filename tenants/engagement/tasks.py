"""What becomes of questions by the clock, and after a restore."""

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.opinion.events import LIMITS_TOUCHED, LimitsTouched
from tenants.engagement.events import ANSWER_DUE, CONTACT_ENDS, NEXT_DAY, QUESTION_ENDS, QUESTION_WAITS
from tenants.engagement.operations.answerers import tell_answerers
from tenants.engagement.operations.clock import end_contact, end_question, note_overdue
from tenants.engagement.operations.limits import recount_limits
from tenants.engagement.operations.raising import see_that_it_is_read
from tenants.engagement.operations.reports import report_again
from tenants.shell.subscribers import in_hall


@subscribes(ANSWER_DUE, "engagement.note_overdue")
@in_hall
def _note_overdue(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    note_overdue(hall=hall, question_id=event.subject_id)


@subscribes(QUESTION_ENDS, "engagement.end_question")
@in_hall
def _end_question(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    end_question(hall=hall, question_id=event.subject_id)


@subscribes(CONTACT_ENDS, "engagement.end_contact")
@in_hall
def _end_contact(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    end_contact(hall=hall, question_id=event.subject_id)


@subscribes(LIMITS_TOUCHED, "engagement.recount_limits")
@in_hall
def _recount_limits(event: ReceivedEvent[LimitsTouched], hall: Hall) -> None:
    recount_limits(hall=hall, calendar_id=event.subject_id, why=event.payload.why)


@subscribes(HALL_RESTORED, "engagement.report_again")
@in_hall
def _report_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    report_again(hall)


@subscribes(QUESTION_WAITS, "engagement.tell_answerers")
@in_hall
def _tell_answerers(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    see_that_it_is_read(hall=hall, question_id=event.subject_id)
    tell_answerers(hall=hall, question_id=event.subject_id, cause_id=event.id)


@subscribes(NEXT_DAY, "engagement.see_that_it_is_read")
@in_hall
def _see_that_it_is_read(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    see_that_it_is_read(hall=hall, question_id=event.subject_id)
