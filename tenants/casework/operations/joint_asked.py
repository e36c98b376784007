"""联办 between halls, as the hall has it that is asked: the question is taken up once, answered once, or sent back."""

from dataclasses import asdict
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict
from foundation.files.store import StoredFacts
from foundation.rows import draw_id
from province.audit.operations import record_act
from province.cases.models import CaseReport, Referral, ReferralReceipt
from province.cases.operations import answer_referral, give_receipt, lock_referral
from province.cases.queries.referrals import content_of
from province.cases.states import CaseState, ReceiptState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.people.models import Unit
from province.rights.actors import Actor
from province.rights.queries import system_actor
from tenants.casework.models import JointOpinion
from tenants.casework.operations.joint_notices import tell_asked_by_hall
from tenants.casework.operations.rows import clean_said
from tenants.casework.queries.access import require_handler
from tenants.casework.queries.joint import require_own_opinion
from tenants.casework.states import JOINT_TRANSITIONS, JointState
from tenants.documents.operations.templates import stored
from tenants.portal.operations.figures import check_inside

_ANSWERS: Final = {JointState.AGREED: ReceiptState.AGREED, JointState.REFUSED: ReceiptState.REFUSED}
_NOT_NEEDED: Final = "征询的服务厅已经不再需要这份意见。"


def take_up_request(hall: Hall, referral: Referral) -> None:
    """签收: the department that is asked has it in its list, once. The referral is held and under way, and has no
    receipt."""
    content = content_of(referral)
    if content is None:
        return
    unit_id = UUID(content["unit_id"]) if content["unit_id"] else None
    # a department that is no more: those who work for the whole hall
    here = unit_id is not None and Unit.objects.filter(pk=unit_id, hall_id=hall.pk, retired_at=None).exists()
    made = JointOpinion.objects.create(
        id=draw_id(),
        referral_id=referral.pk,
        position=1,
        body=content["body"],
        unit_id=unit_id if here else None,
    )
    give_receipt(referral=referral, case_id=made.pk, case_number="")
    _record(system_actor(referral.hall.name), hall, referral, made, "take_up_opinion")
    tell_asked_by_hall(hall, made, referral)


def answer_request(
    by: Actor, hall: Hall, opinion: JointOpinion, state: JointState, said: str, paper: StoredFacts | None
) -> None:
    """Say what the department holds of another hall's case; the opinion is held, and ``paper`` is in the store, from
    which the other hall copies it. Raises Conflict where the case is suspended there, or the question has ended."""
    referral, receipt = _open_request(opinion)
    report = CaseReport.objects.filter(number=referral.case_number, hall=referral.hall).first()
    if report and report.state == CaseState.SUSPENDED:
        raise Conflict("这个办件正在中止审查，恢复以后再出具意见。")
    _settle(by, opinion, state, said)
    opinion.given_at, opinion.paper = timezone.now(), stored(paper) if paper else None
    opinion.save()
    answer_referral(receipt=receipt, state=_ANSWERS[state], said=said, file=asdict(paper) if paper else None)
    _record(by, hall, referral, opinion, "give_opinion")


@transaction.atomic
def send_back_request(*, by: Actor, hall: Hall, opinion_id: UUID, reason: str) -> JointOpinion:
    """退回: leave the question to the hall that has asked, which asks somebody else. Once more changes nothing.

    Raises NotFound for another department's and another hall's, Invalid without a reason, Conflict where it was
    answered, has ended, or was asked by this hall itself.
    """
    check_inside(hall)
    require_handler(by, hall)
    held = JointOpinion.objects.select_for_update().filter(pk=opinion_id).first()
    opinion = require_own_opinion(by, hall, held)
    if opinion.referral_id is None:
        raise Conflict("这份意见是本厅的部门要的，不能退回，请与承办部门联系。")
    reason = clean_said(reason, ask="请写明退回的原因，征询的服务厅会看到。", field="reason")
    if opinion.state == JointState.SENT_BACK:
        return opinion
    referral, receipt = _open_request(opinion)
    _settle(by, opinion, JointState.SENT_BACK, reason)
    opinion.save()
    answer_referral(receipt=receipt, state=ReceiptState.RETURNED, said=reason)
    _record(by, hall, referral, opinion, "send_opinion_back")
    return opinion


def drop_request(hall: Hall, receipt: ReferralReceipt) -> None:
    """The hall that has asked needs no answer any more. One that was given stays."""
    opinion = JointOpinion.objects.select_for_update().filter(referral_id=receipt.referral_id, case=None).first()
    if opinion and opinion.state == JointState.WAITING and receipt.hall_id == hall.pk:
        JOINT_TRANSITIONS.check(opinion.state, JointState.ENDED)
        opinion.state = JointState.ENDED
        opinion.save(update_fields=["state"])


def settle_again(hall: Hall) -> None:
    """The hall's rows came out of an archive: what was answered since then, sent back or recalled stands so again."""
    for opinion in JointOpinion.objects.select_for_update().filter(case=None, state=JointState.WAITING).order_by("pk"):
        receipt = ReferralReceipt.objects.filter(referral=opinion.referral_id, hall=hall).first()
        answered = {there: here for here, there in _ANSWERS.items()} | {ReceiptState.RETURNED: JointState.SENT_BACK}
        state = answered.get(ReceiptState(receipt.state)) if receipt else None
        if receipt and state:
            opinion.state, opinion.reasons = state, receipt.said.plain
            opinion.given_at = receipt.answered_at if state in _ANSWERS else None
            opinion.save()
        elif not opinion.referral_id or not _is_sent(opinion.referral_id):
            opinion.state = JointState.ENDED
            opinion.save(update_fields=["state"])


def _is_sent(referral_id: UUID) -> bool:
    return Referral.objects.filter(pk=referral_id, state=ReferralState.SENT).exists()


def _open_request(opinion: JointOpinion) -> tuple[Referral, ReferralReceipt]:
    """Hold the referral: of answering and recalling one wins."""
    referral = lock_referral(opinion.referral_id) if opinion.referral_id else None
    receipt = ReferralReceipt.objects.filter(referral=referral).first() if referral else None
    if referral is None or receipt is None or referral.state != ReferralState.SENT:
        raise Conflict(_NOT_NEEDED)
    if referral.kind != ReferralKind.OPINION or opinion.state != JointState.WAITING:
        raise Conflict(_NOT_NEEDED)
    return referral, receipt


def _settle(by: Actor, opinion: JointOpinion, state: JointState, said: str) -> None:
    JOINT_TRANSITIONS.check(opinion.state, state)
    opinion.state, opinion.reasons = state, said
    opinion.by_id, opinion.by_name = by.id, by.shown_name


def _record(by: Actor, hall: Hall, referral: Referral, opinion: JointOpinion, act: str) -> None:
    record_act(
        by=by,
        act=f"casework.{act}",
        object_type="opinion",
        object_id=opinion.pk,
        hall_id=hall.pk,
        changes={
            "number": [None, referral.case_number],
            "body": [None, opinion.body],
            "opinion": [None, str(opinion.state)],
        },
    )
