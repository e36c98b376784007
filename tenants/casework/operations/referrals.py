"""上报, 转送, 取回: a case goes to another hall, and what came of it is brought back."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.events.operations import emit_event
from province.cases.models import Referral, ReferralReceipt
from province.cases.operations import ReferralFacts, end_referral, lock_referral, recall_referral, send_referral
from province.cases.queries.parcels import parcel_files
from province.cases.queries.referrals import first_of, last_answer, open_referral_of, receipt_of_case
from province.cases.states import CaseOutcome, CaseState, ReceiptState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.people.queries.accounts import works_here
from province.rights.actors import Actor
from province.rights.queries import system_actor
from standards.items.codelists import CaseType
from tenants.casework.events import CASE_WAITS
from tenants.casework.models import Case, CaseDecision
from tenants.casework.operations.clocks import (
    begin_acceptance,
    begin_delivery,
    end_examination,
    pause_examination,
    resume_examination,
)
from tenants.casework.operations.examining import stop_case
from tenants.casework.operations.joint_elsewhere import bring_opinion
from tenants.casework.operations.package_parts import bring_part
from tenants.casework.operations.referral_notices import tell_of_answer
from tenants.casework.operations.rows import clean_said, keep, lock_case, move, note_act, tell_applicant
from tenants.casework.operations.sheets import open_sheet
from tenants.casework.operations.work import own_case
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.queries.held import decisions_of_case
from tenants.casework.queries.referrals import carried_words, fields_with_words
from tenants.casework.states import OPEN_LACKING
from tenants.engagement.operations.raising import bring_answers
from tenants.workflow.models import Run
from tenants.workflow.queries.filled import filled_form

_NO_HALL: Final = "请选择服务厅。"


@transaction.atomic
def hand_up_case(
    *, by: Actor, hall: Hall, case_id: UUID, to_hall_id: UUID, opinion: str, revision: int | None = None
) -> Case:
    """上报: send an accepted 上报件, with the form, all materials and this hall's opinion (初审意见), to the higher
    hall that decides (行政许可法 art. 35). This hall's clocks stand until the result is here. Twice is one referral.

    Raises Invalid without an opinion or a hall, Conflict where the case or the higher hall cannot now.
    """
    case = lock_case(by, hall, case_id, revision=revision)
    opinion = clean_said(opinion, ask="请写明初审意见。", field="opinion")
    if case.state == CaseState.HANDED_UP:
        return case
    if case.case_type != CaseType.REPORTED:
        raise Conflict("只有上报件可以上报。不属于本厅职权的，请转送。")
    if case.lacking in OPEN_LACKING:
        raise Conflict("申请人承诺补交的材料还没有补齐，请补齐以后再上报。")
    if case.run_id and Run.objects.filter(pk=case.run_id, ended_at=None).exists():
        raise Conflict("审查流程还没有走完，请等流程里的各个环节办完再上报。")
    above = _hall(to_hall_id)
    if not set(above.prefixes) <= set(hall.prefixes):
        raise Invalid.at("to_hall_id", "只能上报到上级服务厅。")
    move(case, CaseState.HANDED_UP)
    pause_examination(hall, case, why=f"上报{above.name}", since=timezone.localdate(), allowed=None)
    own_case(hall, case, by)
    keep(hall, case)
    # after a restore the case may stand where it was before it was handed up
    if open_referral_of(case.pk) is None:
        content = _content(hall, case, opinion)
        send_referral(sender=hall, to_hall=above, facts=_facts(case, ReferralKind.HANDED_UP), content=content)
    said = f"本厅已经初审，现上报{above.name}审批。"
    note_act(by, hall, case, "hand_up", said=said, note=opinion)
    tell_applicant(hall, case)
    return case


@transaction.atomic
def take_back_case(*, by: Actor, hall: Hall, case_id: UUID, revision: int | None = None) -> Case:
    """取回: take back what was handed up and not yet taken up there. Raises Conflict once it was, or where nothing was
    handed up."""
    case = lock_case(by, hall, case_id, revision=revision)
    known = open_referral_of(case.pk)
    referral = lock_referral(known.pk) if known else None
    if referral is None or referral.state != ReferralState.SENT or case.state != CaseState.HANDED_UP:
        raise Conflict("这个办件没有上报，或者已经有了结果。")
    if ReferralReceipt.objects.filter(referral=referral).exists():
        message = f"{referral.to_hall.name}已经签收，不能取回，请与对方联系退回。"
        raise Conflict(message)
    recall_referral(referral=referral)
    _go_on(hall, case)
    note_act(by, hall, case, "take_back")
    return case


@transaction.atomic
def send_on_case(
    *, by: Actor, hall: Hall, case_id: UUID, to_hall_id: UUID, reason: str, revision: int | None = None
) -> Case:
    """转送: another hall of the platform is competent. The case ends here and begins there; of one that came from
    another hall that one sees the way, and gets the result.

    Raises Invalid without a reason or a hall, Conflict where the case or the other hall cannot now.
    """
    case = lock_case(by, hall, case_id, revision=revision)
    reason = clean_said(reason, ask="请写明转送的原因，它会告知申请人。", field="reason")
    if case.state == CaseState.TRANSFERRED:
        return case
    other = _hall(to_hall_id)
    came = receipt_of_case(case.pk)
    origin = lock_referral(first_of(came.referral).pk) if came else None
    if origin and origin.state != ReferralState.SENT:
        raise Conflict("送来的服务厅已经取回这个办件，不能转送。")
    move(case, CaseState.TRANSFERRED)
    stop_case(by, hall, case, f"转送{other.name}"[:200])
    kind = ReferralKind(origin.kind) if origin else ReferralKind.TRANSFERRED
    content = _content(hall, case, carried_words(hall, case).opinion or reason)
    send_referral(sender=hall, to_hall=other, facts=_facts(case, kind), content=content, origin=origin)
    said = f"本办件转送{other.name}办理。原因：{reason}"
    note_act(by, hall, case, "send_on", said=said)
    tell_applicant(hall, case)
    return case


@transaction.atomic
def bring_result(*, hall: Hall, referral_id: UUID) -> None:
    """The other hall has answered: its decision becomes this hall's case's, which is served here; what it sent back
    goes on here; its opinion (联办) stands beside the case, its answer to a complaint in the complaint's thread; an
    item of a package (一件事) that it does goes on. Once more changes nothing."""
    known = Referral.objects.filter(pk=referral_id, hall=hall).first()
    # what was taken in for somebody (代办) is no case here
    if known is None or known.kind == ReferralKind.COLLECTED:
        return
    if known.kind == ReferralKind.OPINION:
        bring_opinion(hall, known)
        return
    if known.kind == ReferralKind.COMPLAINT:
        bring_answers(hall=hall, referral_id=known.pk)
        return
    if known.kind == ReferralKind.PACKAGED:
        bring_part(hall, known)
        return
    # the case first, as every act on it does
    case = Case.objects.select_for_update(of=("self",)).select_related("setup").filter(pk=known.case_id).first()
    referral = lock_referral(referral_id)
    answer = last_answer(known)
    if referral is None or referral.state == ReferralState.RECALLED or answer is None:
        return
    if answer.state not in {ReceiptState.DONE, ReceiptState.RETURNED}:
        return
    if case and answer.state == ReceiptState.DONE and referral.kind == ReferralKind.HANDED_UP:
        _decide_as(hall, case, answer)
    elif case and answer.state == ReceiptState.RETURNED and referral.state == ReferralState.SENT:
        _have_again(hall, case, answer)
    end_referral(referral=referral)


def _decide_as(hall: Hall, case: Case, answer: ReferralReceipt) -> None:
    """The other hall's documents are its own: none is issued here."""
    reasons, decider = answer.said.plain, answer.referral.to_hall.name
    made = decisions_of_case(case)
    before = made[-1] if made else None
    if before and (before.outcome, before.reasons) == (answer.outcome, reasons):
        return
    by = system_actor(decider)
    if hasattr(case, "archive_sheet") or case.state not in {
        CaseState.HANDED_UP,
        CaseState.DECIDED,
        CaseState.FINISHED,
    }:
        tell_of_answer(hall, case, answer.pk, f"{decider}有新的决定，请联系")
        return
    if case.state == CaseState.HANDED_UP:
        resume_examination(hall, case, timezone.localdate())
        end_examination(hall, case)
    move(case, CaseState.DECIDED)
    case.outcome, case.ended_at = CaseOutcome(answer.outcome), None
    case.decided_at = case.decided_at or case.state_at
    _have_as_before(hall, case)
    begin_delivery(hall, case)
    keep(hall, case)
    CaseDecision.objects.create(
        case=case,
        number=before.number + 1 if before else 1,
        outcome=case.outcome,
        reasons=reasons,
        by_name=decider,
        corrects="上级更正了决定" if before else "",
    )
    note_act(by, hall, case, "bring_result", said=reasons, changes={"outcome": [None, str(case.outcome)]})
    tell_applicant(hall, case)
    tell_of_answer(hall, case, answer.pk, f"{decider}已作出决定，请送达")


def _have_again(hall: Hall, case: Case, answer: ReferralReceipt) -> None:
    """What was sent back goes on where it was."""
    decider = answer.referral.to_hall.name
    if case.state == CaseState.HANDED_UP:
        _go_on(hall, case)
    elif case.state == CaseState.TRANSFERRED:
        open_sheet(case)
        move(case, CaseState.RECEIVED)
        case.ended_at = None
        _have_as_before(hall, case)
        keep(hall, case)
        begin_acceptance(hall, case, guide_of_case(case))
        emit_event(kind=CASE_WAITS, subject_id=case.pk, hall_id=hall.pk)
    else:
        return
    note_act(system_actor(decider), hall, case, "have_again", note=answer.said.plain)
    tell_of_answer(hall, case, answer.pk, f"{decider}已退回")


def _have_as_before(hall: Hall, case: Case) -> None:
    """Who had a case that ended and is open again has it; where they work here no more, all of the department do. In
    the caller's hands; nothing of it is written yet."""
    if case.owner_id and not works_here(case.owner_id, hall.pk):
        case.owner_id, case.owner_name = None, ""
    own_case(hall, case, system_actor())


def _go_on(hall: Hall, case: Case) -> None:
    move(case, CaseState.ACCEPTED)
    resume_examination(hall, case, timezone.localdate())
    keep(hall, case)


def _hall(hall_id: UUID) -> Hall:
    found = Hall.objects.filter(pk=hall_id).first()
    if found is None:
        raise Invalid.at("to_hall_id", _NO_HALL)
    return found


def _facts(case: Case, kind: ReferralKind) -> ReferralFacts:
    return ReferralFacts(
        kind=kind,
        case_id=case.pk,
        case_number=case.number,
        item_id=case.item_id,
        handling_code=case.handling_code,
        item_name=case.item_name,
    )


def _content(hall: Hall, case: Case, opinion: str) -> Mapping[str, Any]:
    """What the other hall needs to go on: plain JSON, in which files are named by their keys in this hall's folder."""
    filled = filled_form(hall, case.filled_id)
    return {
        "opinion": opinion,
        "citizen_id": str(case.citizen_id) if case.citizen_id else None,
        "account_id": str(filled.account_id) if filled.account_id else None,
        "fields": fields_with_words(hall, filled),
        "files": parcel_files(filled.uploads.order_by("pk")),
        "materials": [
            {"code": one.code, "name": one.name, "state": one.state, "field": one.field}
            for one in case.materials.order_by("position")
        ],
    }
