"""减免 and 退费: asked for by one person with its basis or reason, decided by another."""

from uuid import UUID

from django.db import transaction

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Invalid, NotAllowed
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.fees.models import LONGEST_REASON, FeeOrder, FeePayment
from tenants.fees.operations.rows import lock_order, move_order, record
from tenants.fees.queries.access import APPROVE, ORDER, TAKE, has_asked
from tenants.fees.queries.rates import fee_list_of_case
from tenants.fees.states import PAYMENT_TRANSITIONS, FeeAsk, FeeState, PaymentState, RefundCause

_WAITS = "已经有人提出申请，正在等决定。"


@transaction.atomic
def ask_waiver(*, by: Actor, hall: Hall, order_id: UUID, basis: str, reason: str) -> FeeOrder:
    """申请减免: the whole order. ``basis``: one of the rules of the guide's 允许减免说明, in its words; ``reason``: how
    the applicant meets it.

    Raises as ``lock_order``, Invalid for a rule that there is not, Conflict for what is not open or waits already.
    """
    order = lock_order(by, hall, order_id, ORDER)
    if order.state != FeeState.OPEN:
        message = f"这张缴费单{order.get_state_display()}，不能申请减免。"
        raise Conflict(message)
    if basis not in fee_list_of_case(order.case).rules:
        raise Invalid.at("basis", "请选择指南写明的减免情形；指南没有写明的，不能减免。")
    return _asked(by, hall, order, FeeAsk.WAIVER, reason, basis)


@transaction.atomic
def ask_refund(*, by: Actor, hall: Hall, order_id: UUID, reason: str) -> FeeOrder:
    """申请退费: the whole of what was paid. Raises as ``lock_order``, Conflict for what was not paid or waits."""
    order = lock_order(by, hall, order_id, TAKE)
    if order.state != FeeState.PAID:
        message = f"这张缴费单{order.get_state_display()}，不能退费。"
        raise Conflict(message)
    return _asked(by, hall, order, FeeAsk.REFUND, reason)


@transaction.atomic
def grant_ask(*, by: Actor, hall: Hall, order_id: UUID, asked: str, note: str = "") -> FeeOrder:
    """同意: nothing is owed any more, or what was paid is to go back. ``asked``: what was read, waiver or refund.

    Raises as ``lock_order``; NotAllowed for who has asked for it; Conflict where nothing of it waits.
    """
    order = _waiting(by, hall, order_id, asked)
    _decide(by, order, note, is_granted=True)
    if order.asked == FeeAsk.WAIVER:
        move_order(hall, order, FeeState.WAIVED)
    else:
        payment = FeePayment.objects.select_for_update().get(order=order, state=PaymentState.RECEIVED)
        PAYMENT_TRANSITIONS.check(payment.state, PaymentState.TO_REFUND)
        payment.state, payment.cause = PaymentState.TO_REFUND, RefundCause.APPROVED
        payment.save()
        move_order(hall, order, FeeState.REFUNDED)
    record(by, hall, order, "grant", asked=order.asked, basis=order.basis)
    return order


@transaction.atomic
def refuse_ask(*, by: Actor, hall: Hall, order_id: UUID, asked: str, note: str) -> FeeOrder:
    """不同意, with a reason: the order stays as it is. Raises as ``grant_ask``, Invalid without a reason."""
    order = _waiting(by, hall, order_id, asked)
    _decide(by, order, clean_reason(note, ask="请写明不同意的理由。", field="note"), is_granted=False)
    order.save()
    record(by, hall, order, "refuse", asked=order.asked)
    return order


def _asked(by: Actor, hall: Hall, order: FeeOrder, asked: FeeAsk, reason: str, basis: str = "") -> FeeOrder:
    if order.is_asked:
        raise Conflict(_WAITS)
    order.asked, order.basis = asked, basis
    order.ask_reason = clean_reason(reason, ask="请写明理由。", most=LONGEST_REASON)
    order.asked_by_id, order.asked_by_name = by.id, by.shown_name
    order.is_granted, order.decided_by_id, order.decided_by_name, order.decision_note = None, None, "", ""
    order.save()
    record(by, hall, order, "ask", asked=asked, basis=basis)
    return order


def _waiting(by: Actor, hall: Hall, order_id: UUID, asked: str) -> FeeOrder:
    order = lock_order(by, hall, order_id, APPROVE)
    if not order.is_asked or order.asked != asked:
        raise Conflict("没有等您决定的申请，可能已经有人决定了。")
    if has_asked(by, order):
        raise NotAllowed("是您自己申请的，要由别人决定。")
    return order


def _decide(by: Actor, order: FeeOrder, note: str, *, is_granted: bool) -> None:
    order.is_granted = is_granted
    order.decided_by_id, order.decided_by_name = by.id, by.shown_name
    order.decision_note = clean_reason(note, field="note", most=LONGEST_REASON)
