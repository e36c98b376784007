"""Cases between halls: handed up, sent on, sent back, taken back, and how they stand there."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from tenants.casework.api.cases import answer
from tenants.casework.layouts import cases_desk_of_request
from tenants.casework.operations import referrals, referrals_in
from tenants.casework.queries.access import case_of
from tenants.casework.queries.referrals import (
    halls_to_hand_up,
    halls_to_send_on,
    referrals_at_desk,
    referrals_of_case,
)
from tenants.casework.schemas.cases import CaseActIn, CaseOut
from tenants.casework.schemas.referrals import HandUpIn, ReferralLineOut, SendBackIn, SendOnIn, WaysOut

router = Router(tags=["cases"])


@router.get("", response=Page[ReferralLineOut])
def list_referrals(request: HttpRequest, page: PageParameters, is_out: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - a query parameter
    """List what went out, or came in, of the cases of one's department, or of the hall; the newest first."""
    return page_of(referrals_at_desk(cases_desk_of_request(request), is_out=is_out), page)


@router.get("/{uuid:case_id}", response=WaysOut)
def show_ways(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """To which halls the case went and what came of it there; from where it came; where it can go."""
    desk = cases_desk_of_request(request)
    case = case_of(desk, case_id)
    ways = referrals_of_case(desk.hall, case)
    return {
        "went": ways.went,
        "came": ways.came,
        "above": halls_to_hand_up(desk.hall, case),
        "near": halls_to_send_on(desk.hall, case),
    }


@router.post("/{uuid:case_id}/hand-up", response=CaseOut)
@idempotent
def hand_up(request: HttpRequest, case_id: UUID, data: HandUpIn) -> tuple[int, CaseOut]:
    """上报 to the higher hall that decides."""
    desk = cases_desk_of_request(request)
    referrals.hand_up_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/take-back", response=CaseOut)
@idempotent
def take_back(request: HttpRequest, case_id: UUID, data: CaseActIn) -> tuple[int, CaseOut]:
    """取回, before it is taken up there."""
    desk = cases_desk_of_request(request)
    referrals.take_back_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/send-on", response=CaseOut)
@idempotent
def send_on(request: HttpRequest, case_id: UUID, data: SendOnIn) -> tuple[int, CaseOut]:
    """转送 to the hall that is competent."""
    desk = cases_desk_of_request(request)
    referrals.send_on_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/send-back", response=CaseOut)
@idempotent
def send_back(request: HttpRequest, case_id: UUID, data: SendBackIn) -> tuple[int, CaseOut]:
    """退回 to the hall that sent it."""
    desk = cases_desk_of_request(request)
    referrals_in.send_back_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)
