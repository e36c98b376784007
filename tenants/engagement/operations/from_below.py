"""A complaint that came from a hall below: taken up once, and each answer to it given to that hall."""

import json
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from province.cases.models import Referral, ReferralReceipt
from province.cases.operations import answer_referral, give_receipt, lock_referral
from province.cases.queries.referrals import case_made_of, content_of
from province.cases.states import ReceiptState, ReferralState
from province.citizens.operations.guest_contacts import copy_guest_contact
from province.halls.models import Hall
from province.opinion.states import QuestionKind
from province.rights.queries import system_actor
from tenants.engagement.models import Question, QuestionMessage
from tenants.engagement.operations.rows import add_message, announce_waiting, begin_limit, keep, record
from tenants.engagement.queries.numbers import free_number
from tenants.engagement.states import QuestionChannel


def take_up_complaint(hall: Hall, referral: Referral) -> None:
    """签收: the complaint is this hall's, too, with its own number, clock and readers; once. Who complained hears from
    the hall below alone. The referral is held and under way, and has no receipt."""
    content = content_of(referral)
    if content is None:
        return
    contact = copy_guest_contact(hall_id=hall.pk, name=content["name"], phone=content["phone"])
    question = Question(
        kind=QuestionKind.COMPLAINT,
        channel=QuestionChannel.BELOW,
        number=free_number(),
        referral_id=referral.pk,
        # who has handled that one may not read it either
        case_id=case_made_of(hall, [UUID(one) for one in content["cases"]]),
        kept_from=[UUID(one) for one in content["kept_from"]],
        guest_contact_id=contact.pk,
        item_id=_id(content["item_id"]),
        item_version_id=_id(content["item_version_id"]),
        wants_messages=False,
        received_on=timezone.localdate(),
        state_at=timezone.now(),
    )
    begin_limit(hall, question)
    keep(hall, question)
    for one in content["said"]:
        kind, at = QuestionMessage.Kind(one["kind"]), parse_datetime(one["at"])
        add_message(question, kind, one["text"], unit_name=one["unit_name"], created_at=at)
    announce_waiting(hall, question)
    give_receipt(referral=referral, case_id=question.pk, case_number="")
    changes: dict[str, Any] = {"due_on": [None, str(question.due_on)], "from_hall": [None, referral.hall.name]}
    record(system_actor(referral.hall.name), hall, question, "take_up_complaint", changes=changes)


def answer_below(question: Question, message: QuestionMessage) -> None:
    """Give an answer to the hall below from which the complaint came; nothing is done for one of this hall's own, nor
    for one that was recalled. The complaint is held."""
    referral = lock_referral(question.referral_id) if question.referral_id else None
    receipt = ReferralReceipt.objects.filter(referral=referral).first() if referral else None
    if referral is None or receipt is None or referral.state == ReferralState.RECALLED:
        return
    said = json.loads(receipt.said.plain) if receipt.said.plain else []
    at = message.created_at or timezone.now()
    said.append({"id": str(message.pk), "kind": message.kind, "text": message.text, "at": at.isoformat()})
    is_refusal = message.kind == QuestionMessage.Kind.REFUSAL
    answer_referral(
        receipt=receipt,
        state=ReceiptState.RETURNED if is_refusal else ReceiptState.DONE,
        said=json.dumps(said, ensure_ascii=False),
    )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
