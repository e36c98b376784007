"""Swaps that people ask each other for (换班申请)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from tenants.duty.layouts import duty_desk_of_request, keeping_desk_of_request, swapping_desk_of_request
from tenants.duty.models import SwapRequest
from tenants.duty.operations.swap_requests import (
    agree_to_swap,
    ask_for_swap,
    confirm_swap,
    decline_swap,
    refuse_swap,
    withdraw_swap,
)
from tenants.duty.queries.requests import request_seen_by, requests_seen_by
from tenants.duty.schemas import SwapAnswerIn, SwapRequestIn, SwapRequestOut

router = Router(tags=["duty"])


@router.get("/swap-requests", response=Page[SwapRequestOut])
def list_swap_requests(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List what one has asked or was asked, the oldest first; all of the hall for who keeps the roster."""
    found = page_of(requests_seen_by(duty_desk_of_request(request)), page)
    return found | {"items": [_said(one) for one in found["items"]]}


@router.post("/turns/{uuid:turn_id}/swap-request", response={201: SwapRequestOut})
@idempotent
def ask(request: HttpRequest, turn_id: UUID, data: SwapRequestIn) -> tuple[int, SwapRequestOut]:
    """Ask a colleague to take one's own turn, or to change turns."""
    desk = swapping_desk_of_request(request)
    return 201, _said(ask_for_swap(by=desk.by, hall=desk.hall, turn_id=turn_id, **data.model_dump()))


@router.get("/swap-requests/{uuid:request_id}", response=SwapRequestOut)
def show_swap_request(request: HttpRequest, request_id: UUID) -> SwapRequestOut:
    return _said(request_seen_by(duty_desk_of_request(request), request_id))


@router.post("/swap-requests/{uuid:request_id}/agree", response=SwapRequestOut)
@idempotent
def agree(request: HttpRequest, request_id: UUID) -> tuple[int, SwapRequestOut]:
    """Agree to what one was asked."""
    desk = swapping_desk_of_request(request)
    return 200, _said(agree_to_swap(by=desk.by, hall=desk.hall, request_id=request_id))


@router.post("/swap-requests/{uuid:request_id}/refuse", response=SwapRequestOut)
@idempotent
def refuse(request: HttpRequest, request_id: UUID, data: SwapAnswerIn) -> tuple[int, SwapRequestOut]:
    """Do not agree to what one was asked."""
    desk = swapping_desk_of_request(request)
    return 200, _said(refuse_swap(by=desk.by, hall=desk.hall, request_id=request_id, said=data.said))


@router.post("/swap-requests/{uuid:request_id}/withdraw", response=SwapRequestOut)
@idempotent
def withdraw(request: HttpRequest, request_id: UUID) -> tuple[int, SwapRequestOut]:
    """Withdraw what one has asked."""
    desk = swapping_desk_of_request(request)
    return 200, _said(withdraw_swap(by=desk.by, hall=desk.hall, request_id=request_id))


@router.post("/swap-requests/{uuid:request_id}/confirm", response=SwapRequestOut)
@idempotent
def confirm(request: HttpRequest, request_id: UUID) -> tuple[int, SwapRequestOut]:
    """Confirm what both agree on: the roster is changed."""
    desk = keeping_desk_of_request(request)
    return 200, _said(confirm_swap(by=desk.by, hall=desk.hall, request_id=request_id))


@router.post("/swap-requests/{uuid:request_id}/decline", response=SwapRequestOut)
@idempotent
def decline(request: HttpRequest, request_id: UUID, data: SwapAnswerIn) -> tuple[int, SwapRequestOut]:
    """Do not confirm it."""
    desk = keeping_desk_of_request(request)
    return 200, _said(decline_swap(by=desk.by, hall=desk.hall, request_id=request_id, said=data.said))


def _said(found: SwapRequest) -> SwapRequestOut:
    same = (
        *("id", "on", "part", "from_id", "from_name", "to_id", "to_name", "other_on"),
        *("reason", "state", "said", "created_at"),
    )
    facts: dict[str, Any] = {name: getattr(found, name) for name in same}
    other = found.other_shift
    return SwapRequestOut(**facts, shift=found.shift.name, other_shift=other.name if other else "")
