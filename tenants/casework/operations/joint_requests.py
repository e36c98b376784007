"""联办 between halls, as the hall has it that asks: the question is sent with the case's form and files, and recalled
with the end of the case (province.cases.Referral of kind OPINION, whose ``case_id`` is the opinion's)."""

from uuid import UUID

from foundation.errors import Conflict
from province.cases.models import Referral, ReferralReceipt
from province.cases.operations import (
    ReferralFacts,
    lock_referral,
    recall_if_sent,
    recall_referral,
    renew_parcel,
    send_referral,
)
from province.cases.queries.opinions import OpinionGiver
from province.cases.states import ReceiptState, ReferralKind, ReferralState
from province.halls.models import Hall
from tenants.casework.models import Case, JointOpinion
from tenants.casework.queries.joint_requests import content_for_opinion
from tenants.casework.states import JointState


def send_request(hall: Hall, case: Case, opinion: JointOpinion, giver: OpinionGiver) -> Referral:
    """Ask the department of another hall; the case is held, and the opinion has its row."""
    facts = ReferralFacts(
        kind=ReferralKind.OPINION,
        case_id=opinion.pk,
        case_number=case.number,
        item_id=case.item_id,
        handling_code=case.handling_code,
        item_name=case.item_name,
    )
    whom = {"body": opinion.body, "unit_id": str(giver.unit_id) if giver.unit_id else None}
    content = {**content_for_opinion(hall, case), **whom}
    return send_referral(sender=hall, to_hall=giver.hall, facts=facts, content=content)


def let_go(opinion: JointOpinion) -> None:
    """Take the question back from the hall that has it, if one has; the case and the opinion are held. Raises Conflict
    where that hall has answered."""
    referral = lock_referral(opinion.referral_id) if opinion.referral_id else None
    if referral is None or referral.state != ReferralState.SENT:
        return
    receipt = ReferralReceipt.objects.filter(referral=referral).first()
    if receipt and receipt.state in {ReceiptState.AGREED, ReceiptState.REFUSED}:
        message = f"{referral.to_hall.name}已经出具意见，马上会到这里，请稍后再看。"
        raise Conflict(message)
    recall_referral(referral=referral)


def recall_requests(case: Case) -> None:
    """The case has ended: other halls need not answer any more."""
    for referral_id in _open_requests(case):
        recall_if_sent(referral_id=referral_id)


def renew_requests(hall: Hall, case: Case) -> None:
    """The case's form or files have changed: let the halls that are asked read what there is now."""
    for referral_id in _open_requests(case):
        referral = lock_referral(referral_id)
        if referral:
            renew_parcel(referral=referral, content=content_for_opinion(hall, case))


def _open_requests(case: Case) -> list[UUID]:
    waiting = JointOpinion.objects.filter(case=case, state=JointState.WAITING, referral_id__isnull=False)
    return [one for one in waiting.order_by("pk").values_list("referral_id", flat=True) if one]
