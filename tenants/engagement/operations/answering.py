"""答复: what the hall's people do with a question."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Conflict, Invalid
from foundation.texts import visible
from province.halls.models import Hall
from province.opinion.states import QuestionState
from province.people.models import Unit
from province.rights.actors import Actor
from tenants.engagement.models import LONGEST_REPLY, Question, QuestionMessage, ReplyDraft
from tenants.engagement.operations.from_below import answer_below
from tenants.engagement.operations.notices import tell_asker
from tenants.engagement.operations.rows import (
    add_message,
    announce_waiting,
    check_read,
    clean_text,
    keep,
    lock_question,
    move,
    note_first_answer,
    record,
)
from tenants.engagement.queries.settings import COMPLAINTS_DESK, WINDOW, unit_names


@transaction.atomic
def reply_to_question(*, by: Actor, hall: Hall, question_id: UUID, text: str, after: UUID) -> QuestionMessage:
    """Answer, or add something to an answer. Sent twice, it is one.

    ``after``: the last message that the writer had read. Raises Conflict where something was said since (of two who
    answer at once the first wins, and the second is shown what was said), or where the question has ended; Invalid
    without a text.
    """
    said = clean_text(text, ask="请写下答复内容。", most=LONGEST_REPLY)
    question = lock_question(by, hall, question_id)
    latest = question.messages.order_by("-pk").first()
    if latest and latest.kind == QuestionMessage.Kind.REPLY and (latest.author_id, latest.text) == (by.id, said):
        return latest
    _check_is_here(question)
    check_read(question, after)
    before = question.state
    if question.is_overdue:
        question.was_late = True
    move(question, QuestionState.ANSWERED)
    note_first_answer(hall, question)
    message = add_message(question, QuestionMessage.Kind.REPLY, said, by=by, unit_name=_unit_name(question))
    _forget_draft(question, by)
    keep(hall, question)
    tell_asker(hall, question, message)
    answer_below(question, message)
    changes = {"state": [before, question.state], "words": [None, len(said)]}
    record(by, hall, question, "reply", changes=changes)
    return message


@transaction.atomic
def save_reply_draft(*, by: Actor, hall: Hall, question_id: UUID, text: str) -> None:
    """Keep what somebody has written so far, for them alone; nothing at all forgets it."""
    question = lock_question(by, hall, question_id)
    kept = visible(text)[:LONGEST_REPLY]
    if by.id is None or not kept.strip():
        _forget_draft(question, by)
        return
    ReplyDraft.objects.update_or_create(
        question=question, account_id=by.id, defaults={"text": kept, "saved_at": timezone.now()}
    )


@transaction.atomic
def transfer_question(
    *, by: Actor, hall: Hall, question_id: UUID, unit_id: UUID | None, note: str, after: UUID
) -> Question:
    """转办: give a question that waits to another department of the hall, None: to its window. The limit goes on.

    ``note``: for that department, the asker does not see it. Raises Invalid for a department that is not the hall's, is
    dissolved or has it already; Conflict as ``reply_to_question``, and for a complaint: it may be about the department.
    """
    question = lock_question(by, hall, question_id)
    if question.is_complaint:
        raise Conflict("投诉由本厅的投诉处理人处理，不能转给部门。")
    check_read(question, after)
    if unit_id and not Unit.objects.filter(pk=unit_id, hall_id=hall.pk, retired_at=None).exists():
        raise Invalid.at("unit_id", "没有这个部门，请重新选择。")
    if unit_id == question.unit_id:
        raise Invalid.at("unit_id", "这条咨询已经由这个部门答复，请选择其他部门。")
    since = question.state_at
    move(question, QuestionState.WAITING)
    question.state_at = since
    before = _unit_name(question)
    question.unit_id = unit_id
    name = _unit_name(question)
    text = clean_reason(note, field="note", most=LONGEST_SHORT_REASON)
    add_message(question, QuestionMessage.Kind.TRANSFER, text, by=by, unit_name=name)
    keep(hall, question)
    announce_waiting(hall, question)
    record(by, hall, question, "transfer_question", changes={"unit": [before or WINDOW, name or WINDOW]})
    return question


@transaction.atomic
def refuse_question(*, by: Actor, hall: Hall, question_id: UUID, reason: str, after: UUID) -> Question:
    """Tell the asker that it is not this hall's, and where to go. Raises Invalid without that; Conflict as
    ``reply_to_question``."""
    ask = "请写明不属于本厅的原因，并告诉群众该去哪里办、怎么联系。"
    said = clean_text(reason, ask=ask, most=LONGEST_REPLY, field="reason")
    question = lock_question(by, hall, question_id)
    _check_is_here(question)
    check_read(question, after)
    before = question.state
    if question.is_overdue:
        question.was_late = True
    move(question, QuestionState.REFUSED)
    message = add_message(question, QuestionMessage.Kind.REFUSAL, said, by=by, unit_name=_unit_name(question))
    question.drafts.all().delete()
    keep(hall, question)
    tell_asker(hall, question, message)
    answer_below(question, message)
    record(by, hall, question, "refuse_question", changes={"state": [before, question.state]})
    return question


@transaction.atomic
def close_question(*, by: Actor, hall: Hall, question_id: UUID, reason: str) -> Question:
    """办结: end a question that was answered, before it ends by itself. ``reason``: the asker sees it. Raises Invalid
    without one, Conflict for a question that was not answered or has ended."""
    said = clean_reason(reason, ask="请写明办结的原因，例如：已电话回访，群众表示清楚了。", most=LONGEST_SHORT_REASON)
    question = lock_question(by, hall, question_id)
    before = question.state
    move(question, QuestionState.CLOSED)
    message = add_message(question, QuestionMessage.Kind.CLOSING, said, by=by, unit_name=_unit_name(question))
    question.drafts.all().delete()
    keep(hall, question)
    tell_asker(hall, question, message)
    record(by, hall, question, "close_question", changes={"state": [before, question.state]})
    return question


def _check_is_here(question: Question) -> None:
    """Raises Conflict for a complaint that a hall above answers."""
    if question.state == QuestionState.RAISED:
        raise Conflict("这条投诉已转上级服务厅处理，由上级答复。")


def _forget_draft(question: Question, by: Actor) -> None:
    if by.id:
        question.drafts.filter(account_id=by.id).delete()


def _unit_name(question: Question) -> str:
    """The name of who answers it: a department; "" is the window."""
    if question.is_complaint:
        return COMPLAINTS_DESK
    return unit_names([question.unit_id]).get(question.unit_id, "") if question.unit_id else ""
