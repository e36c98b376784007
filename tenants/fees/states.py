from typing import Final

from django.db import models

from foundation.states import Transitions


class FeeState(models.TextChoices):
    """How an order (缴费单) stands."""

    OPEN = "open", "待缴费"
    PAID = "paid", "已缴费"
    WAIVED = "waived", "已减免"
    # the standard charges nothing in this case; the order has no lines
    FREE = "free", "本件不收费"
    CANCELLED = "cancelled", "已作废"
    REFUNDED = "refunded", "已退费"


FEE_TRANSITIONS: Final = Transitions[FeeState](
    {
        FeeState.OPEN: frozenset({FeeState.PAID, FeeState.WAIVED, FeeState.CANCELLED}),
        # whole, never a part
        FeeState.PAID: frozenset({FeeState.REFUNDED}),
        FeeState.WAIVED: frozenset(),
        FeeState.FREE: frozenset(),
        FeeState.CANCELLED: frozenset(),
        FeeState.REFUNDED: frozenset(),
    }
)
# nothing is owed any more, and what the order is for is not charged again
SETTLED: Final = (FeeState.PAID, FeeState.WAIVED, FeeState.FREE)


class PayWay(models.TextChoices):
    """How money came."""

    CASH = "cash", "现金"
    CARD = "card", "刷卡"
    SLIP = "slip", "非税缴款书"
    ONLINE = "online", "网上支付"


# what a cashier takes; the reference is the number on the paper
AT_COUNTER: Final = (PayWay.CASH, PayWay.CARD, PayWay.SLIP)


class PaymentState(models.TextChoices):
    """Where money that came is."""

    RECEIVED = "received", "已入账"
    TO_REFUND = "to_refund", "待退款"
    REFUNDED = "refunded", "已退款"


PAYMENT_TRANSITIONS: Final = Transitions[PaymentState](
    {
        PaymentState.RECEIVED: frozenset({PaymentState.TO_REFUND}),
        PaymentState.TO_REFUND: frozenset({PaymentState.REFUNDED}),
        PaymentState.REFUNDED: frozenset(),
    }
)


class RefundCause(models.TextChoices):
    """Why money goes back."""

    APPROVED = "approved", "批准退费"
    TWICE = "twice", "重复缴费"
    NOT_OWED = "not_owed", "缴费单已经不用缴"
    WRONG_AMOUNT = "wrong_amount", "金额与缴费单不符"


class FeeAsk(models.TextChoices):
    """What somebody has asked for and somebody else decides."""

    WAIVER = "waiver", "减免"
    REFUND = "refund", "退费"
