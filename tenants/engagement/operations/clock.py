"""What the clock does with questions. Each may come twice, and too late."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import NotFound
from province.citizens.operations.guest_contacts import erase_guest_contact
from province.halls.models import Hall
from province.opinion.states import QuestionState
from province.rights.queries import system_actor
from tenants.engagement.models import Question, QuestionMessage
from tenants.engagement.operations.answerers import tell_overdue
from tenants.engagement.operations.rows import add_message, held_question, keep, move, record

_ENDED = {QuestionState.CLOSED, QuestionState.REFUSED}


@transaction.atomic
def note_overdue(*, hall: Hall, question_id: UUID) -> None:
    """The last day of its answer is over: the province counts it as late from now on, whenever it is answered."""
    question = _found(hall, question_id)
    if question is None or question.was_late or not question.is_overdue:
        return
    question.was_late = True
    keep(hall, question)
    record(system_actor(), hall, question, "note_overdue", changes={"due_on": [None, str(question.due_on)]})
    tell_overdue(hall, question)


@transaction.atomic
def end_question(*, hall: Hall, question_id: UUID) -> None:
    """Nothing further was asked after the last answer: it ends."""
    question = _found(hall, question_id)
    if question is None or question.state != QuestionState.ANSWERED or question.ends_on >= timezone.localdate():
        return
    by, before = system_actor(), question.state
    move(question, QuestionState.CLOSED)
    add_message(question, QuestionMessage.Kind.CLOSING, "答复后没有再追问，自动办结。", by=by)
    question.drafts.all().delete()
    keep(hall, question)
    record(by, hall, question, "close_question", changes={"state": [before, question.state]})


@transaction.atomic
def end_contact(*, hall: Hall, question_id: UUID) -> None:
    """The question ended long ago: the guest's name and phone are erased; what was said stays."""
    question = _found(hall, question_id)
    if question is None or question.state not in _ENDED or question.guest_contact_id is None:
        return
    erase_guest_contact(hall_id=hall.pk, guest_contact_id=question.guest_contact_id)
    record(system_actor(), hall, question, "end_contact")


def _found(hall: Hall, question_id: UUID) -> Question | None:
    try:
        return held_question(hall, question_id)
    except NotFound:
        return None
