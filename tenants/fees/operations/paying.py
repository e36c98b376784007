"""Money that comes: at the counter, or told by the payment interface. It settles its order, or is to go back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Invalid
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from tenants.fees.models import LONGEST_REFERENCE, FeeOrder, FeePayment
from tenants.fees.operations.rows import held_order, lock_order, move_order, record
from tenants.fees.queries.access import TAKE
from tenants.fees.states import (
    AT_COUNTER,
    PAYMENT_TRANSITIONS,
    FeeState,
    PaymentState,
    PayWay,
    RefundCause,
)

_USED: Final = "这个凭证号已经用过，请核对。"


@transaction.atomic
def take_payment(*, by: Actor, hall: Hall, order_id: UUID, way: str, reference: str = "") -> FeePayment:
    """收款: the whole of an open order was paid at the counter. ``reference``: the number on the terminal's slip or the
    非税缴款书, which counts once.

    Raises as ``lock_order``, Invalid for no way and for a missing number, Conflict for what is not open and for a
    number that was used.
    """
    order = lock_order(by, hall, order_id, TAKE)
    if way not in AT_COUNTER:
        raise Invalid.at("way", "请选择收款方式。")
    ask = "" if way == PayWay.CASH else "请填写凭证号。"
    reference = clean_reason(reference, ask=ask, field="reference", most=LONGEST_REFERENCE, is_line=True)
    if way == PayWay.CASH and reference:
        raise Invalid.at("reference", "收现金不填凭证号。")
    if order.state != FeeState.OPEN:
        message = f"这张缴费单{order.get_state_display()}，不能再收款。"
        raise Conflict(message)
    if order.is_asked:
        raise Conflict("这张缴费单正在等减免的决定，先不要收款。")
    payment = FeePayment(
        order=order,
        way=way,
        reference=reference,
        amount_fen=order.total_fen,
        paid_at=timezone.now(),
        taken_by_id=by.id,
        taken_by_name=by.shown_name,
    )
    try:
        # another cashier may be taking the same number for another order at this moment
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError as double:
        raise Invalid.at("reference", _USED) from double
    move_order(hall, order, FeeState.PAID)
    record(by, hall, order, "take", way=way, reference=reference)
    return payment


@transaction.atomic
def take_online_payment(
    *, hall: Hall, order_id: UUID, reference: str, amount_fen: int, paid_at: datetime
) -> FeePayment:
    """The payment interface says that money has come. The same ``reference`` once more is the same payment. What does
    not settle the order (paid twice, cancelled, another amount) is kept and waits to go back.

    Raises NotFound, Conflict for a reference under which another order or another amount was told.
    """
    order = held_order(hall, order_id)
    known = FeePayment.objects.filter(way=PayWay.ONLINE, reference=reference).first()
    if known:
        if (known.order_id, known.amount_fen) != (order.pk, amount_fen):
            raise Conflict("这个流水号已经报过，金额或者缴费单不同。")
        return known
    cause = _cause(order, amount_fen)
    payment = FeePayment.objects.create(
        order=order,
        way=PayWay.ONLINE,
        reference=reference,
        amount_fen=amount_fen,
        paid_at=paid_at,
        state=PaymentState.TO_REFUND if cause else PaymentState.RECEIVED,
        cause=cause,
    )
    by = system_actor("网上支付")
    if cause:
        record(by, hall, order, "take_surplus", reference=reference, cause=cause)
        return payment
    if order.is_asked:
        # what is paid needs no waiver any more
        order.asked, order.basis, order.ask_reason, order.asked_by_id, order.asked_by_name = "", "", "", None, ""
    move_order(hall, order, FeeState.PAID)
    record(by, hall, order, "take_online", way=PayWay.ONLINE, reference=reference)
    return payment


@transaction.atomic
def note_refund(*, by: Actor, hall: Hall, payment_id: UUID, reference: str) -> FeePayment:
    """登记退款: the money has gone back. ``reference``: the number of the paper or the transfer.

    Raises as ``lock_order``, Invalid without a number, Conflict for what is not to go back; once more with the same
    number changes nothing.
    """
    payment = FeePayment.objects.filter(pk=payment_id).first()
    order = lock_order(by, hall, payment.order_id if payment else payment_id, TAKE)
    payment = FeePayment.objects.select_for_update().get(pk=payment_id)
    ask = "请填写退款凭证号。"
    reference = clean_reason(reference, ask=ask, field="reference", most=LONGEST_REFERENCE, is_line=True)
    if payment.state == PaymentState.REFUNDED and payment.refund_reference == reference:
        return payment
    if not PAYMENT_TRANSITIONS.allows(payment.state, PaymentState.REFUNDED):
        message = f"这笔款{payment.get_state_display()}，不用退。"
        raise Conflict(message)
    payment.state, payment.refunded_at = PaymentState.REFUNDED, timezone.now()
    payment.refund_reference, payment.refunded_by_name = reference, by.shown_name
    payment.save()
    record(by, hall, order, "note_refund", reference=reference, cause=payment.cause)
    return payment


def _cause(order: FeeOrder, amount_fen: int) -> RefundCause | str:
    """Why money that has come cannot settle the order; "" where it does."""
    if order.state == FeeState.PAID:
        return RefundCause.TWICE
    if order.state != FeeState.OPEN:
        return RefundCause.NOT_OWED
    return "" if amount_fen == order.total_fen else RefundCause.WRONG_AMOUNT
