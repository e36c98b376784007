"""减免 and 退费: asked for by one person with its basis or reason, decided by another."""

from uuid import UUID

from django.db import transaction

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Invalid, NotAllowed
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.fees import in_yuan
from tenants.casework.models import Case
from tenants.casework.operations.rows import held_case, tell_applicant
from tenants.fees.models import LONGEST_REASON, FeeLine, FeeOrder, FeePayment
from tenants.fees.operations.opening import make_order
from tenants.fees.operations.rows import lock_order, move_order, record, tell_owed
from tenants.fees.queries.access import APPROVE, ORDER, TAKE, has_asked
from tenants.fees.queries.rates import fee_list_of_case
from tenants.fees.states import PAYMENT_TRANSITIONS, FeeAsk, FeeState, PaymentState, RefundCause

_WAITS = "已经有人提出申请，正在等决定。"


@transaction.atomic
def ask_waiver(*, by: Actor, hall: Hall, order_id: UUID, basis: str, reason: str, fen: int | None = None) -> FeeOrder:
    """申请减免: the whole order, or ``fen`` of it (部分减免). ``basis``: one of the rules of the guide's 允许减免说明,
    in its words; ``reason``: how the applicant meets it.

    Raises as ``lock_order``, Invalid for a rule that there is not or an amount that is none of a part, Conflict for
    what is not open or waits already.
    """
    order = lock_order(by, hall, order_id, ORDER)
    if order.state != FeeState.OPEN:
        message = f"这张缴费单{order.get_state_display()}，不能申请减免。"
        raise Conflict(message)
    if basis not in fee_list_of_case(order.case).rules:
        raise Invalid.at("basis", "请选择指南写明的减免情形；指南没有写明的，不能减免。")
    if fen is not None and not 0 < fen < order.total_fen:
        message = f"部分减免的金额应大于 0、小于 {in_yuan(order.total_fen)} 元；全部减免的，不用填。"
        raise Invalid.at("fen", message)
    return _asked(by, hall, order, FeeAsk.WAIVER, reason, basis, fen)


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
    """同意: nothing is owed any more, or what was paid is to go back. Where a part is waived, the order is cancelled
    and the rest is owed by a new one, which is returned: the payment interface takes a number for one amount alone.
    ``asked``: what was read, waiver or refund.

    Raises as ``lock_order``; NotAllowed for who has asked for it; Conflict where nothing of it waits.
    """
    # the case first, as every act on it does: its orders are counted by one at a time
    case_id = FeeOrder.objects.filter(pk=order_id).values_list("case_id", flat=True).first()
    case = held_case(case_id) if case_id else None
    order = _waiting(by, hall, order_id, asked)
    _decide(by, order, note, is_granted=True)
    if case and order.asked == FeeAsk.WAIVER and order.ask_fen:
        order = _reduced(by, hall, case, order)
    elif order.asked == FeeAsk.WAIVER:
        move_order(hall, order, FeeState.WAIVED)
    else:
        payment = FeePayment.objects.select_for_update().get(order=order, state=PaymentState.RECEIVED)
        PAYMENT_TRANSITIONS.check(payment.state, PaymentState.TO_REFUND)
        payment.state, payment.cause = PaymentState.TO_REFUND, RefundCause.APPROVED
        payment.save()
        move_order(hall, order, FeeState.REFUNDED)
    record(by, hall, order, "grant", asked=order.asked, basis=order.basis)
    return order


def _reduced(by: Actor, hall: Hall, case: Case, order: FeeOrder) -> FeeOrder:
    """The order in whose place the other one is cancelled; it says by which rule it is less."""
    order.reason = "批准部分减免，另开缴费单。"
    move_order(hall, order, FeeState.CANCELLED)
    record(by, hall, order, "cancel")
    waived = order.waived_fen + (order.ask_fen or 0)
    copied = ("asked", "basis", "ask_fen", "ask_reason", "asked_by_id", "asked_by_name")
    decided = ("is_granted", "decided_by_id", "decided_by_name", "decision_note")
    facts = {name: getattr(order, name) for name in (*copied, *decided)}
    reason = f"部分减免 {in_yuan(waived)} 元，依据：{order.basis}"[:LONGEST_REASON]
    made = make_order(by, case, FeeState.OPEN, waived_fen=waived, reason=reason, **facts)
    shared = ("position", "fee", "label", "standard", "unit", "quantity", "price_fen", "least_fen", "most_fen")
    FeeLine.objects.bulk_create(
        FeeLine(order=made, **{name: getattr(one, name) for name in shared}) for one in order.lines.all()
    )
    tell_owed(hall, made)
    record(by, hall, made, "open", waived=in_yuan(waived))
    tell_applicant(hall, case)
    return made


@transaction.atomic
def refuse_ask(*, by: Actor, hall: Hall, order_id: UUID, asked: str, note: str) -> FeeOrder:
    """不同意, with a reason: the order stays as it is. Raises as ``grant_ask``, Invalid without a reason."""
    order = _waiting(by, hall, order_id, asked)
    _decide(by, order, clean_reason(note, ask="请写明不同意的理由。", field="note"), is_granted=False)
    order.save()
    record(by, hall, order, "refuse", asked=order.asked)
    return order


def _asked(
    by: Actor, hall: Hall, order: FeeOrder, asked: FeeAsk, reason: str, basis: str = "", fen: int | None = None
) -> FeeOrder:
    if order.is_asked:
        raise Conflict(_WAITS)
    order.asked, order.basis, order.ask_fen = asked, basis, fen
    order.ask_reason = clean_reason(reason, ask="请写明理由。", most=LONGEST_REASON)
    order.asked_by_id, order.asked_by_name = by.id, by.shown_name
    order.is_granted, order.decided_by_id, order.decided_by_name, order.decision_note = None, None, "", ""
    order.save()
    part = {"waived": in_yuan(fen)} if fen else {}
    record(by, hall, order, "ask", asked=asked, basis=basis, **part)
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
