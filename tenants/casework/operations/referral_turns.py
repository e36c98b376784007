"""What other halls are told by the acts on a case, in the transaction of each act."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from foundation.errors import DomainError
from province.cases.models import ReferralReceipt
from province.cases.operations import add_documents, answer_referral, recall_if_sent, report_offer
from province.cases.queries.referrals import open_referral_of, receipt_of_case
from province.cases.states import BY_REFERRAL, CASE_KIND, CaseChannel, ReceiptState
from province.halls.models import Hall
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup
from tenants.casework.queries.guides import CaseGuide, guide_to_apply_by
from tenants.casework.queries.packages import told_elsewhere
from tenants.casework.states import SetupState
from tenants.documents.queries.documents import documents_of
from tenants.workflow.models import Form
from tenants.workflow.queries.places import with_places

_DECIDING: Final = frozenset({"decide", "correct_decision", "bring_result"})
# what ends a case without a decision: the hall that handed it up has to go on with it, while one that was transferred
# has ended by this like every other
_ENDING: Final = frozenset({"decline", "withdraw", "terminate", "transfer"})
_RECALLING: Final = frozenset({"withdraw", "terminate"})
_ANSWERS: Final[Mapping[str, ReceiptState]] = {
    **dict.fromkeys(_DECIDING, ReceiptState.DONE),
    "send_back": ReceiptState.RETURNED,
    "send_on": ReceiptState.REDIRECTED,
}


def answer_by_act(case: Case, act: str, said: str) -> None:
    """Answer the referral by which a case came, where the act is an answer; recall the one by which it was handed up,
    where the application has come to its end here. The caller holds the case; of all others nothing is asked."""
    if case.channel in BY_REFERRAL and (act in _ANSWERS or act in _ENDING or act == "serve"):
        receipt = receipt_of_case(case.pk)
        if receipt:
            _answer(case, receipt, act, said)
    if case.case_type == CaseType.REPORTED and act in _RECALLING:
        known = open_referral_of(case.pk)
        if known:
            recall_if_sent(referral_id=known.pk)


def offer_applications(hall: Hall, setup: CaseSetup) -> None:
    """Report whether other halls can send cases of this item here."""
    form = Form.objects.select_related("newest").get(pk=setup.form_id)
    newest = form.newest if setup.state == SetupState.OPEN else None
    guide = _guide_of(setup)
    report_offer(
        hall_id=hall.pk,
        setup_id=setup.pk,
        item_id=setup.item_id,
        handling_code=setup.handling_code,
        item_name=guide.name if guide else form.title,
        form=with_places(newest) if newest else None,
        guide=told_elsewhere(guide) if guide and newest and setup.is_online and not guide.lacks else None,
    )


def offer_form_anew(hall: Hall, form_id: UUID) -> None:
    """A form was published: who takes applications in for this hall fills in that version from now on."""
    setup = CaseSetup.objects.filter(form_id=form_id).first()
    if setup and setup.state == SetupState.OPEN:
        offer_applications(hall, setup)


def _guide_of(setup: CaseSetup) -> CaseGuide | None:
    """None where it is not shown any more."""
    try:
        return guide_to_apply_by(setup.item_id, setup.handling_code)
    except DomainError:
        return None


def _answer(case: Case, receipt: ReferralReceipt, act: str, said: str) -> None:
    documents = documents_of(CASE_KIND, [case.pk]).get(case.pk, []) if act in _DECIDING or act == "serve" else []
    ids = [one.pk for one in documents]
    if act == "serve":
        add_documents(receipt=receipt, document_ids=ids)
        return
    is_handed_up = case.channel == CaseChannel.HANDED
    state = _ANSWERS.get(act) or (ReceiptState.RETURNED if is_handed_up else ReceiptState.DONE)
    answer_referral(
        receipt=receipt,
        state=state,
        said=said,
        outcome=case.outcome if state == ReceiptState.DONE else "",
        document_ids=ids,
    )
