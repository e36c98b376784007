"""送达, 办结, 归档; and what is done at once at the window."""

from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from province.cases.queries.applicants import applicant_with_id
from province.cases.states import LONGEST_SERVICE_ADDRESS, CaseState, DeliveryWay
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.items.codelists import CaseType
from tenants.casework.models import ArchiveSheet, Case, CaseDecision, Delivery, Served
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.clocks import end_delivery
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.documents import give_receipt, give_result
from tenants.casework.operations.rows import clean_said, keep, lock_case, move, note_act, tell_applicant
from tenants.casework.operations.serving import serve_electronically
from tenants.casework.operations.sheets import make_sheet
from tenants.casework.operations.work import own_case
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.queries.held import decisions_of_case
from tenants.casework.queries.serving import LONGEST_PROOF, served_of_decision, why_not_electronic
from tenants.casework.slots import SERVICE_CHECKS
from tenants.casework.states import ServedPaper
from tenants.shell.queries.apps import shown_at

# of electronic service: where, and that it has arrived
_OWN_PAGES: Final = "申请人在本厅网站的办件页面"
_ARRIVED: Final = "已到达申请人在本厅网站的办件页面"


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
    the parcel. Electronically it arrives at this moment in the applicant's own pages, and needs no other proof.

    Raises Invalid for no way, without proof, or for a day before the decision or to come; Conflict where nothing was
    decided, where the applicant has not agreed to electronic service (民事诉讼法 art. 90, 行政处罚法 art. 61), or
    something stands against it (先缴费后发证).
    """
    case = lock_case(by, hall, case_id, revision=revision)
    if way not in DeliveryWay:
        raise Invalid.at("way", "请选择送达方式。")
    is_electronic = way == DeliveryWay.ELECTRONIC
    ask = "" if is_electronic else "请写明送达凭证：签收人、邮件号或者送达时间。"
    proof = clean_said(proof, ask=ask, field="proof") or _ARRIVED
    if len(proof) > LONGEST_PROOF:
        message = f"送达凭证最多 {LONGEST_PROOF} 个字。"
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
    if is_electronic:
        _check_electronic(case, is_today=day == today)
    delivery = Delivery.objects.create(decision=decision, way=DeliveryWay(way), served_on=day, proof=proof)
    move(case, CaseState.FINISHED)
    end_delivery(hall, case)
    if is_electronic:
        serve_electronically(hall, case, ServedPaper.DECISION)
    own_case(hall, case, by)
    keep(hall, case)
    give_result(by, hall, case, guide_of_case(case), decision, delivery)
    said = "决定已电子送达，本办件办结。" if is_electronic else f"决定已通过{DeliveryWay(way).label}送达，本办件办结。"
    note_act(by, hall, case, "serve", said=said, note=proof)
    tell_applicant(hall, case)
    return case


def _check_electronic(case: Case, *, is_today: bool) -> None:
    """Raises Conflict without consent, Invalid for another day than that of the arrival."""
    if against := why_not_electronic(case):
        raise Conflict(against)
    if not is_today:
        raise Invalid.at("served_on", "电子送达的日期就是文书到达申请人办件页面的今天，不用填写。")


@transaction.atomic
def make_receipt(
    *, by: Actor, hall: Hall, case_id: UUID, way: str, address: str = "", revision: int | None = None
) -> Case:
    """送达回证, once for each decision. On paper it is signed when the decision is handed over; electronically it says
    when the decision arrived and when it was first opened, which is its receipt (民事诉讼法 art. 87, 90). ``address``:
    where; by post, the applicant's own where it is left out.

    Raises Invalid for no way or no place, Conflict where nothing was decided, the receipt was made, or nothing was
    served electronically.
    """
    case = lock_case(by, hall, case_id, revision=revision)
    if way not in DeliveryWay:
        raise Invalid.at("way", "请选择送达方式。")
    manner = DeliveryWay(way).label
    decision = next(reversed(decisions_of_case(case)), None)
    if way == DeliveryWay.ELECTRONIC:
        served = served_of_decision(case)
        if decision is None or case.state != CaseState.FINISHED or served is None:
            raise Conflict("这个办件没有电子送达的决定。")
        address, manner = _OWN_PAGES, _moments_of(served)
    else:
        if decision is None or case.state != CaseState.DECIDED:
            raise Conflict("这个办件没有等待送达的决定。")
        applicant = applicant_with_id(hall.pk, case.applicant_id)
        posted = applicant.service_address.plain if applicant and way == DeliveryWay.POST else ""
        address = clean_said(address or posted, ask="请写明送达地点。", field="address")
        if len(address) > LONGEST_SERVICE_ADDRESS:
            message = f"送达地点最多 {LONGEST_SERVICE_ADDRESS} 个字。"
            raise Invalid.at("address", message)
        own_case(hall, case, by)
        keep(hall, case)
    give_receipt(by, hall, case, decision, manner=manner, address=address)
    # an address is personal: who posts something reads it in the document
    note_act(by, hall, case, "make_receipt", note="" if way == DeliveryWay.POST else address)
    return case


def _moments_of(served: Served) -> str:
    arrived = f"{timezone.localtime(served.arrived_at):%Y-%m-%d %H:%M:%S}"
    if served.opened_at is None:
        return f"电子送达（{arrived}到达，还没有打开）"
    opened = f"{timezone.localtime(served.opened_at):%Y-%m-%d %H:%M:%S}"
    return f"电子送达（{arrived}到达，{opened}由{served.opener_words}打开）"


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
