"""上转: a complaint that nobody in the hall may read, since who could has had a hand in its case, goes to the nearest
hall above in which somebody may; what that one answers is brought back to who complained.

It is a ``Referral`` of kind COMPLAINT, whose ``case_id`` is the sender's complaint. The receiver makes a complaint of
its own, with its own clock. Of complaint and referral, the complaint is held first.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime

from foundation.errors import NotFound
from province.cases.models import Referral, ReferralReceipt
from province.cases.operations import (
    ReferralFacts,
    end_referral,
    lock_referral,
    recall_if_sent,
    send_referral,
)
from province.cases.queries.referrals import content_of, open_referral_of
from province.cases.states import ReceiptState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.opinion.states import QuestionState
from province.rights.queries import system_actor
from tenants.engagement.models import Question, QuestionMessage
from tenants.engagement.operations.from_below import answer_below
from tenants.engagement.operations.notices import tell_asker
from tenants.engagement.operations.rows import add_message, held_question, keep, move, note_first_answer, record
from tenants.engagement.queries.questions import thread_of
from tenants.engagement.queries.readers import answerers_of, hall_to_raise_to
from tenants.engagement.queries.subjects import barred_from

_CARRIED: Final = (QuestionMessage.Kind.QUESTION, QuestionMessage.Kind.FURTHER, QuestionMessage.Kind.REPLY)
_STATES: Final[Mapping[str, QuestionState]] = {
    ReceiptState.DONE: QuestionState.ANSWERED,
    ReceiptState.RETURNED: QuestionState.REFUSED,
}


@transaction.atomic
def see_that_it_is_read(*, hall: Hall, question_id: UUID) -> None:
    """Send a complaint that waits up where nobody here may read it; where nobody above may either, the province's
    pictures show it red, and it is looked after again the next day. Once more changes nothing."""
    try:
        question = held_question(hall, question_id)
    except NotFound:
        return
    if not question.is_complaint or question.state != QuestionState.WAITING:
        return
    above = None if answerers_of(hall, question) else hall_to_raise_to(hall, question)
    if above:
        _send_up(hall, question, above)
    # also the day on which it is looked after next, and whether somebody may read it now
    keep(hall, question)


@transaction.atomic
def bring_answers(*, hall: Hall, referral_id: UUID) -> None:
    """What the hall above has said stands in the thread of who complained, who is told; each answer once."""
    known = Referral.objects.filter(pk=referral_id, hall=hall).first()
    question = Question.objects.select_for_update().filter(pk=known.case_id).first() if known else None
    referral = lock_referral(referral_id)
    answer = ReferralReceipt.objects.filter(referral=referral).first() if referral else None
    if referral is None or answer is None or referral.state == ReferralState.RECALLED or answer.state not in _STATES:
        return
    if question:
        other = open_referral_of(question.pk)
        is_asked_again = other is not None and other.pk != referral.pk
        for one in json.loads(answer.said.plain):
            if not question.messages.filter(pk=one["id"]).exists():
                _take_answer(hall, question, referral, one, None if is_asked_again else _STATES[answer.state])
    end_referral(referral=referral)


def agree_with_others(hall: Hall) -> None:
    """The hall's rows came out of an archive: what was answered above since is brought in again, what was sent up
    and is known here no more is recalled, and what was answered here to halls below stands so again."""
    sent = Referral.objects.filter(hall=hall, kind=ReferralKind.COMPLAINT).order_by("pk")
    known = set(Question.objects.filter(pk__in=sent.values("case_id")).values_list("pk", flat=True))
    for pk, case_id, state in list(sent.values_list("pk", "case_id", "state")):
        if case_id in known:
            bring_answers(hall=hall, referral_id=pk)
        elif state == ReferralState.SENT:
            recall_if_sent(referral_id=pk)
    came = Question.objects.select_for_update().filter(referral_id__isnull=False, state=QuestionState.WAITING)
    for question in came.order_by("pk"):
        referral = lock_referral(question.referral_id) if question.referral_id else None
        receipt = ReferralReceipt.objects.filter(referral=referral, hall=hall).first() if referral else None
        if receipt and receipt.state in _STATES:
            for one in json.loads(receipt.said.plain):
                _say(question, one, hall)
            move(question, _STATES[receipt.state])
            keep(hall, question)
        elif referral is None or referral.state != ReferralState.SENT:
            end_unneeded(hall, question)


def drop_recalled_complaint(hall: Hall, receipt: ReferralReceipt) -> None:
    """The hall below needs no answer any more. One that was given stays."""
    question = Question.objects.select_for_update().filter(referral_id=receipt.referral_id).first()
    if question and question.state == QuestionState.WAITING and receipt.hall_id == hall.pk:
        end_unneeded(hall, question)


def end_unneeded(hall: Hall, question: Question) -> None:
    by, before = system_actor(), question.state
    move(question, QuestionState.REFUSED)
    add_message(question, QuestionMessage.Kind.CLOSING, "转来的服务厅不再需要答复。", by=by)
    keep(hall, question)
    record(by, hall, question, "close_question", changes={"state": [before, question.state]})


def _send_up(hall: Hall, question: Question, above: Hall) -> None:
    by, thread = system_actor(), thread_of(question)
    move(question, QuestionState.RAISED)
    # after a restore it may be with that hall already
    if open_referral_of(question.pk) is None:
        facts = ReferralFacts(
            kind=ReferralKind.COMPLAINT,
            case_id=question.pk,
            case_number=thread.case_number,
            item_id=question.item_id or UUID(int=0),
            handling_code="",
            item_name=thread.version.name if thread.version else "",
        )
        send_referral(sender=hall, to_hall=above, facts=facts, content=_content(question))
    add_message(question, QuestionMessage.Kind.TRANSFER, "", by=by, unit_name=above.name[:80])
    record(by, hall, question, "raise_complaint", changes={"to_hall": [None, above.name]})


def _content(question: Question) -> Mapping[str, Any]:
    """What the hall above needs: plain JSON. ``cases``: as halls below know the case that it is about."""
    thread = thread_of(question)
    came = Referral.objects.filter(pk=question.referral_id).first() if question.referral_id else None
    below = content_of(came) if came else None
    return {
        "name": thread.asker.name.plain if thread.asker else "",
        "phone": thread.asker.phone.plain if thread.asker else "",
        "item_id": str(question.item_id or ""),
        "item_version_id": str(question.item_version_id or ""),
        "cases": [*(below["cases"] if below else []), *([str(question.case_id)] if question.case_id else [])],
        "kept_from": sorted(str(one) for one in barred_from(question)),
        "said": [
            {"kind": one.kind, "text": one.text, "unit_name": one.unit_name, "at": one.created_at.isoformat()}
            for one in thread.messages
            if one.kind in _CARRIED
        ],
    }


def _take_answer(
    hall: Hall, question: Question, referral: Referral, one: Mapping[str, Any], state: QuestionState | None
) -> None:
    """``state``: None where something further was asked meanwhile; nor does what has ended here begin anew."""
    before = question.state
    is_ended = before in {QuestionState.CLOSED, QuestionState.REFUSED}
    if state and not is_ended:
        move(question, state)
    if state == QuestionState.ANSWERED:
        note_first_answer(hall, question)
    message = _say(question, one, referral.to_hall)
    keep(hall, question)
    tell_asker(hall, question, message)
    by = system_actor(referral.to_hall.name)
    record(by, hall, question, "bring_answer", changes={"state": [before, question.state]})
    answer_below(question, message)


def _say(question: Question, one: Mapping[str, Any], by_hall: Hall) -> QuestionMessage:
    return add_message(
        question,
        QuestionMessage.Kind(one["kind"]),
        one["text"],
        unit_name=f"{by_hall.name}投诉处理人"[:80],
        id=UUID(one["id"]),
        created_at=parse_datetime(one["at"]),
    )
