"""送达, 办结, 归档; and what is done at once at the window."""

from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from province.cases.states import CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.items.codelists import CaseType
from tenants.casework.models import ArchiveSheet, Case, CaseDecision, Delivery
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.clocks import end_delivery
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.documents import give_receipt, give_result
from tenants.casework.operations.rows import clean_said, keep, lock_case, move, note_act, tell_applicant
from tenants.casework.operations.sheets import make_sheet
from tenants.casework.operations.work import own_case
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.slots import SERVICE_CHECKS
from tenants.casework.states import DeliveryWay
from tenants.shell.queries.apps import shown_at

_LONGEST_PROOF: Final = 200


@transaction.atomic
def serve_decision(
    *,
    by: Actor,
    hall: Hall,
    case_id: UUID,
    way: str,
    proof: str,
    served_on: date | None = None,
    revision: int | None = None,
) -> Case:
    """送达: the decision has reached the applicant, and the case is done (办结). ``proof``: who signed, the number of
    the parcel.

    Raises Invalid for no way, without proof, or for a day before the decision or to come; Conflict where nothing was
    decided, or something stands against it (先缴费后发证).
    """
    case = lock_case(by, hall, case_id, revision=revision)
    if way not in DeliveryWay:
        raise Invalid.at("way", "请选择送达方式。")
    proof = clean_said(proof, ask="请写明送达凭证：签收人、邮件号或者送达时间。", field="proof")
    if len(proof) > _LONGEST_PROOF:
        message = f"送达凭证最多 {_LONGEST_PROOF} 个字。"
        raise Invalid.at("proof", message)
    if case.state == CaseState.FINISHED:
        return case
    decision = CaseDecision.objects.filter(case=case).order_by("-number").first()
    if decision is None or case.state != CaseState.DECIDED:
        raise Conflict("这个办件还没有作出决定，不能送达。")
    for check in shown_at(SERVICE_CHECKS, hall):
        if against := check(case):
            raise Conflict(against)
    today = timezone.localdate()
    day = served_on or today
    if not timezone.localdate(decision.created_at) <= day <= today:
        raise Invalid.at("served_on", "送达日期应在决定之日以后，不晚于今天。")
    delivery = Delivery.objects.create(decision=decision, way=DeliveryWay(way), served_on=day, proof=proof)
    move(case, CaseState.FINISHED)
    end_delivery(hall, case)
    own_case(hall, case, by)
    keep(hall, case)
    give_result(by, hall, case, guide_of_case(case), decision, delivery)
    said = f"决定已通过{DeliveryWay(way).label}送达，本办件办结。"
    note_act(by, hall, case, "serve", said=said, note=proof)
    tell_applicant(hall, case)
    return case


@transaction.atomic
def make_receipt(*, by: Actor, hall: Hall, case_id: UUID, way: str, address: str, revision: int | None = None) -> Case:
    """送达回证: the paper that is signed when the decision is handed over, once for each decision. Raises Invalid for
    no way or no place, Conflict where nothing was decided or the receipt was made."""
    case = lock_case(by, hall, case_id, revision=revision)
    if way not in DeliveryWay:
        raise Invalid.at("way", "请选择送达方式。")
    address = clean_said(address, ask="请写明送达地点。", field="address")
    if len(address) > _LONGEST_PROOF:
        message = f"送达地点最多 {_LONGEST_PROOF} 个字。"
        raise Invalid.at("address", message)
    decision = CaseDecision.objects.filter(case=case).order_by("-number").first()
    if decision is None or case.state != CaseState.DECIDED:
        raise Conflict("这个办件没有等待送达的决定。")
    own_case(hall, case, by)
    keep(hall, case)
    give_receipt(by, hall, case, decision, manner=DeliveryWay(way).label, address=address)
    note_act(by, hall, case, "make_receipt", note=address)
    return case


@transaction.atomic
def finish_at_once(
    *,
    by: Actor,
    hall: Hall,
    case_id: UUID,
    outcome: str,
    reasons: str,
    proof: str,
    takes_papers: bool = False,
    revision: int | None = None,
) -> Case:
    """即办件: accept, decide and hand over while the applicant waits. ``takes_papers`` as ``accept_case`` takes it.
    Raises Conflict for another type of case, and as the three acts do: all of it is done, or nothing."""
    case = lock_case(by, hall, case_id, revision=revision)
    if case.case_type != CaseType.INSTANT:
        raise Conflict("只有即办件可以当场办结。")
    if case.state == CaseState.RECEIVED:
        accept_case(by=by, hall=hall, case_id=case_id, takes_papers=takes_papers)
    decide_case(by=by, hall=hall, case_id=case_id, outcome=outcome, reasons=reasons)
    return serve_decision(by=by, hall=hall, case_id=case_id, way=DeliveryWay.WINDOW, proof=proof)


@transaction.atomic
def archive_case(*, by: Actor, hall: Hall, case_id: UUID) -> ArchiveSheet:
    """归档: list what the closed case holds, each with the digest of its content, and seal the list by a digest of its
    own; its acts and materials move there. Raises Conflict where it has not ended; once more returns the list that is
    there."""
    case = lock_case(by, hall, case_id)
    if known := ArchiveSheet.objects.filter(case=case).first():
        return known
    if case.is_open or case.ended_at is None:
        raise Conflict("这个办件还没有办结，不能归档。")
    ended_on = timezone.localdate(case.ended_at)
    return make_sheet(by, hall, case, _years_after(ended_on, case.setup.retention_years))


def _years_after(day: date, years: int) -> date:
    """The last day of the year in which they are over: archives are kept by whole years (机关档案管理规定 art. 39)."""
    return date(day.year + years, 12, 31)
