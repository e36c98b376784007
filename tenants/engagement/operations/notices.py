"""The asker is told by short message that there is something to read; and may stop that at any time."""

from typing import Final
from uuid import UUID

from django.db import transaction

from province.citizens.models import PhoneNotice
from province.citizens.operations.notices import drop_notices, notify_asker, send_notice_again
from province.halls.models import Hall
from province.halls.queries.sites import site_address
from province.rights.actors import Actor
from tenants.engagement.models import Question, QuestionMessage
from tenants.engagement.operations.rows import held_question, lock_question, record
from tenants.engagement.queries.questions import thread_of

_KINDS: Final = {
    QuestionMessage.Kind.REPLY: PhoneNotice.Kind.ANSWERED,
    QuestionMessage.Kind.REFUSAL: PhoneNotice.Kind.REFUSED,
    QuestionMessage.Kind.CLOSING: PhoneNotice.Kind.CLOSED,
}


def tell_asker(hall: Hall, question: Question, message: QuestionMessage) -> None:
    """In the transaction of what was said: write what the asker's phone will get, where they want it."""
    if question.wants_messages:
        is_complaint = question.is_complaint
        kind = PhoneNotice.Kind.COMPLAINT if is_complaint else _KINDS[QuestionMessage.Kind(message.kind)]
        _notify(hall, question, kind, message.pk)


def _notify(hall: Hall, question: Question, kind: PhoneNotice.Kind, cause_id: UUID) -> None:
    asker, domain = thread_of(question).asker, hall.get_primary_domain()
    if asker is None or domain is None:
        return
    notify_asker(
        kind=kind,
        hall_id=hall.pk,
        subject_id=question.pk,
        cause_id=cause_id,
        asker=asker,
        parameters={
            "hall": hall.name,
            "number": str(question.number),
            "address": f"{site_address(domain.domain)}/progress/",
        },
    )


def tell_taken(hall: Hall, question: Question) -> None:
    """In the transaction in which a complaint is written down at the desk: its number goes to the complainer's phone,
    whatever they want to be told later; who writes it down may be one of whom they complain."""
    _notify(hall, question, PhoneNotice.Kind.COMPLAINT_TAKEN, question.pk)


@transaction.atomic
def stop_messages(*, hall: Hall, question_id: UUID) -> None:
    """The asker wants no more messages about it: what waits goes nowhere. The caller knows that it is the asker."""
    question = held_question(hall, question_id)
    question.wants_messages = False
    question.save(update_fields=["wants_messages"])
    drop_notices(subject_id=question.pk)


@transaction.atomic
def send_message_again(*, by: Actor, hall: Hall, question_id: UUID, notice_id: UUID) -> PhoneNotice:
    """Let a message that did not arrive be sent again. Raises Conflict where the asker wants none, or it was sent."""
    question = lock_question(by, hall, question_id)
    notice = send_notice_again(
        hall_id=hall.pk, subject_id=question.pk, notice_id=notice_id, is_wanted=question.wants_messages
    )
    record(by, hall, question, "send_message_again")
    return notice
