"""Orders at the desk: opened, paid, waived, given back; and what came by day."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from tenants.casework.queries.access import case_of
from tenants.fees.layouts import fees_desk_of_request
from tenants.fees.models import FeeOrder
from tenants.fees.operations import asking, opening, paying
from tenants.fees.operations.online import ask_payment
from tenants.fees.queries.access import order_of
from tenants.fees.queries.rates import fee_list_of_case
from tenants.fees.queries.shown import day_sums, orders_at_desk, payments_of
from tenants.fees.schemas import (
    CounterPaymentIn,
    DaySumOut,
    FeeDecisionIn,
    FeeListOut,
    FeeOrderIn,
    FeeOrderOut,
    FeeOrderWholeOut,
    FeePaymentOut,
    FeeRateOut,
    FeeReasonIn,
    NothingDueIn,
    RefundIn,
    WaiverIn,
)
from tenants.fees.states import PayWay
from tenants.shell.slots import Desk

router = Router(tags=["fees"])


@router.get("/orders", response=Page[FeeOrderOut])
def list_fee_orders(request: HttpRequest, page: PageParameters, state: str = "", words: str = "") -> dict[str, Any]:
    """List the orders of one's departments. ``state``: open, asked, to_refund, or one of theirs."""
    return page_of(orders_at_desk(fees_desk_of_request(request), state=state, words=words[:80]), page)


@router.get("/days", response=list[DaySumOut])
def list_day_sums(request: HttpRequest, first: date, last: date) -> list[DaySumOut]:
    """What came by day and way, the latest day first."""
    found = day_sums(fees_desk_of_request(request), first=first, last=last)
    return [
        DaySumOut(
            day=one.day,
            by_way=dict(zip(PayWay.values, one.by_way, strict=True)),
            number=one.number,
            refunded_fen=one.refunded,
        )
        for one in found
    ]


@router.get("/cases/{uuid:case_id}", response=FeeListOut)
def show_fee_list(request: HttpRequest, case_id: UUID) -> FeeListOut:
    """Show what the case's guide lets be charged."""
    fees = fee_list_of_case(case_of(fees_desk_of_request(request), case_id))
    names = ("label", "unit", "least_fen", "most_fen")
    rates = [
        FeeRateOut(
            place=one.place, fee=one.fee, standard=one.standard, **{name: getattr(one.rate, name) for name in names}
        )
        for one in fees.rates
    ]
    return FeeListOut(
        has_fee=fees.has_fee, rates=rates, unread=[name for name, _ in fees.unread], rules=list(fees.rules)
    )


@router.post("/orders", response={201: FeeOrderWholeOut})
@idempotent
def open_order(request: HttpRequest, data: FeeOrderIn) -> tuple[int, FeeOrderWholeOut]:
    """Open an order. 409 where the item charges nothing, or one is open; 422 for what the list does not say."""
    desk = fees_desk_of_request(request)
    lines = [opening.LineWish(**one.model_dump()) for one in data.lines]
    made = opening.open_fee_order(by=desk.by, hall=desk.hall, case_id=data.case_id, lines=lines)
    return 201, answer(desk, made.pk)


@router.post("/orders/free", response={201: FeeOrderWholeOut})
@idempotent
def note_free(request: HttpRequest, data: NothingDueIn) -> tuple[int, FeeOrderWholeOut]:
    """Say that the standard charges nothing in this case."""
    desk = fees_desk_of_request(request)
    made = opening.note_nothing_due(by=desk.by, hall=desk.hall, **data.model_dump())
    return 201, answer(desk, made.pk)


@router.get("/orders/{uuid:order_id}", response=FeeOrderWholeOut)
def show_order(request: HttpRequest, order_id: UUID) -> FeeOrderWholeOut:
    return answer(fees_desk_of_request(request), order_id)


@router.post("/orders/{uuid:order_id}/take", response=FeeOrderWholeOut)
@idempotent
def take(request: HttpRequest, order_id: UUID, data: CounterPaymentIn) -> tuple[int, FeeOrderWholeOut]:
    """Take the money at the counter."""
    desk = fees_desk_of_request(request)
    paying.take_payment(by=desk.by, hall=desk.hall, order_id=order_id, **data.model_dump())
    return 200, answer(desk, order_id)


@router.post("/orders/{uuid:order_id}/cancel", response=FeeOrderWholeOut)
@idempotent
def cancel(request: HttpRequest, order_id: UUID, data: FeeReasonIn) -> tuple[int, FeeOrderWholeOut]:
    """Cancel an order that is open."""
    desk = fees_desk_of_request(request)
    opening.cancel_fee_order(by=desk.by, hall=desk.hall, order_id=order_id, reason=data.reason)
    return 200, answer(desk, order_id)


@router.post("/orders/{uuid:order_id}/ask-waiver", response=FeeOrderWholeOut)
@idempotent
def ask_for_waiver(request: HttpRequest, order_id: UUID, data: WaiverIn) -> tuple[int, FeeOrderWholeOut]:
    """Ask for a waiver by one of the guide's rules; somebody else decides."""
    desk = fees_desk_of_request(request)
    asking.ask_waiver(by=desk.by, hall=desk.hall, order_id=order_id, **data.model_dump())
    return 200, answer(desk, order_id)


@router.post("/orders/{uuid:order_id}/ask-refund", response=FeeOrderWholeOut)
@idempotent
def ask_for_refund(request: HttpRequest, order_id: UUID, data: FeeReasonIn) -> tuple[int, FeeOrderWholeOut]:
    """Ask that all that was paid goes back; somebody else decides."""
    desk = fees_desk_of_request(request)
    asking.ask_refund(by=desk.by, hall=desk.hall, order_id=order_id, reason=data.reason)
    return 200, answer(desk, order_id)


@router.post("/orders/{uuid:order_id}/grant", response=FeeOrderWholeOut)
@idempotent
def grant(request: HttpRequest, order_id: UUID, data: FeeDecisionIn) -> tuple[int, FeeOrderWholeOut]:
    """Grant what was asked for: of a waiver of a part, the order by which the rest is owed is the answer. 403 for who
    has asked."""
    desk = fees_desk_of_request(request)
    made = asking.grant_ask(by=desk.by, hall=desk.hall, order_id=order_id, **data.model_dump())
    return 200, answer(desk, made.pk)


@router.post("/orders/{uuid:order_id}/refuse", response=FeeOrderWholeOut)
@idempotent
def refuse(request: HttpRequest, order_id: UUID, data: FeeDecisionIn) -> tuple[int, FeeOrderWholeOut]:
    """Refuse what was asked for, with a reason. 403 for who has asked."""
    desk = fees_desk_of_request(request)
    asking.refuse_ask(by=desk.by, hall=desk.hall, order_id=order_id, **data.model_dump())
    return 200, answer(desk, order_id)


@router.post("/orders/{uuid:order_id}/ask-interface", response=FeeOrderWholeOut)
@idempotent
def ask_interface(request: HttpRequest, order_id: UUID) -> tuple[int, FeeOrderWholeOut]:
    """Ask the payment interface what has come. 503 where it does not answer."""
    desk = fees_desk_of_request(request)
    ask_payment(hall=desk.hall, order_id=order_of(desk, order_id).pk)
    return 200, answer(desk, order_id)


@router.post("/payments/{uuid:payment_id}/refunded", response=FeePaymentOut)
@idempotent
def note_refunded(request: HttpRequest, payment_id: UUID, data: RefundIn) -> tuple[int, FeePaymentOut]:
    """Note that a payment that was to go back has gone."""
    desk = fees_desk_of_request(request)
    made = paying.note_refund(by=desk.by, hall=desk.hall, payment_id=payment_id, reference=data.reference)
    return 200, FeePaymentOut.from_orm(made)


def answer(desk: Desk, order_id: UUID) -> FeeOrderWholeOut:
    """Show an order as it is now."""
    found: FeeOrder = order_of(desk, order_id)
    payments = [FeePaymentOut.from_orm(one) for one in payments_of(found)]
    return FeeOrderWholeOut(**FeeOrderOut.from_orm(found).model_dump(), payments=payments)
