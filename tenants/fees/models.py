from typing import Final

from django.db import models

from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from province.cases.models import LONGEST_CASE_NUMBER
from tenants.casework.models import Case
from tenants.fees.states import FeeAsk, FeeState, PaymentState, PayWay, RefundCause

LONGEST_REASON: Final = 500
LONGEST_REFERENCE: Final = 64
LONGEST_STANDARD: Final = 1_000


class FeeOrder(HallRow):
    """缴费单: what one case costs. What it comes to is the sum of its lines without what was waived, and stands nowhere
    else."""

    # the constraint below leads with it
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    # 办件编号, F, and how many orders the case had: no counter, no gap, no double
    number = models.CharField("缴费单号", max_length=LONGEST_CASE_NUMBER + 4)
    state = models.CharField("状态", max_length=9, choices=FeeState, default=FeeState.OPEN)
    state_at = models.DateTimeField()
    opened_by_id = models.UUIDField(null=True)
    opened_by_name = models.CharField("开单人", max_length=80)
    # why nothing is charged, or why it was cancelled
    reason = models.CharField("原因", max_length=LONGEST_REASON, blank=True)
    # what waits for somebody else's decision, or was decided last
    asked = models.CharField("申请", max_length=6, choices=FeeAsk, blank=True)
    # of a waiver, the item's own words (允许减免说明)
    basis = models.CharField("减免依据", max_length=LONGEST_STANDARD, blank=True)
    # of a waiver that is asked for: how many fen need not be paid; None: nothing at all has to be
    ask_fen = models.PositiveBigIntegerField(null=True)
    # how many fen of the lines were waived before this order was opened in the place of another
    waived_fen = models.PositiveBigIntegerField("减免", default=0)
    ask_reason = models.CharField("申请理由", max_length=LONGEST_REASON, blank=True)
    asked_by_id = models.UUIDField(null=True)
    asked_by_name = models.CharField("申请人员", max_length=80, blank=True)
    # None while it waits
    is_granted = models.BooleanField("同意", null=True)
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField("批准人", max_length=80, blank=True)
    decision_note = models.CharField("批准意见", max_length=LONGEST_REASON, blank=True)
    # where the payment interface takes the money, once it was told of the order
    pay_address = models.CharField(max_length=1_000, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["number"], name="one_fee_order_per_number"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state=FeeState.OPEN), name="one_open_fee_order_per_case"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by_id=None) | ~models.Q(decided_by_id=models.F("asked_by_id")),
                name="nobody_grants_what_they_asked_for",
            ),
            models.CheckConstraint(
                condition=(~models.Q(state=FeeState.WAIVED) & ~models.Q(state=FeeState.REFUNDED))
                | models.Q(is_granted__isnull=False, is_granted=True),
                name="no_waiver_or_refund_without_a_decision",
            ),
            FrozenFields(
                fields=["case", "number", "opened_by_id", "opened_by_name", "waived_fen"], name="fee_order_stays"
            ),
        )
        indexes = (
            models.Index(fields=["case", "-id"], name="fees_of_case"),
            models.Index(fields=["state", "-id"], name="fees_state"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def total_fen(self) -> int:
        """What has to be paid."""
        return self.full_fen - self.waived_fen

    @property
    def full_fen(self) -> int:
        """The sum of the lines, which a query should have fetched."""
        return sum(one.amount_fen for one in self.lines.all())

    @property
    def is_asked(self) -> bool:
        """Whether a waiver or a refund waits for a decision."""
        return bool(self.asked) and self.is_granted is None


class FeeLine(HallRow):
    """One rate of the item's list, as the guide of the case says it, so many times."""

    # the constraint below leads with it
    order = models.ForeignKey(FeeOrder, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    # 收费项目 and what of it
    fee = models.CharField("收费项目", max_length=200)
    label = models.CharField("计费内容", max_length=20, blank=True)
    standard = models.CharField("收费标准", max_length=LONGEST_STANDARD)
    unit = models.CharField("计费单位", max_length=4)
    quantity = models.PositiveIntegerField("数量")
    # fen
    price_fen = models.PositiveIntegerField("单价")
    least_fen = models.PositiveIntegerField()
    most_fen = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["order", "position"], name="one_fee_line_per_position"),
            models.CheckConstraint(
                condition=models.Q(price_fen__gte=models.F("least_fen"), price_fen__lte=models.F("most_fen")),
                name="no_price_beyond_the_standard",
            ),
            models.CheckConstraint(condition=models.Q(quantity__gte=1, least_fen__gte=1), name="no_empty_fee_line"),
            FrozenFields(
                fields=[
                    *("order", "position", "fee", "label", "standard", "unit", "quantity"),
                    *("price_fen", "least_fen", "most_fen"),
                ],
                name="fee_line_stays",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fee} {self.quantity}"

    @property
    def amount_fen(self) -> int:
        return self.price_fen * self.quantity


class FeePayment(HallRow):
    """Money that came for an order: one settles it; whatever came besides is to go back and is never lost."""

    order = models.ForeignKey(FeeOrder, on_delete=models.PROTECT, related_name="payments")
    way = models.CharField("方式", max_length=6, choices=PayWay)
    # of the terminal, the slip or the payment interface; "" for cash
    reference = models.CharField("凭证号", max_length=LONGEST_REFERENCE, blank=True)
    amount_fen = models.PositiveBigIntegerField("金额")
    paid_at = models.DateTimeField()
    # None: it came by the payment interface
    taken_by_id = models.UUIDField(null=True)
    taken_by_name = models.CharField("收款人", max_length=80, blank=True)
    state = models.CharField("状态", max_length=9, choices=PaymentState, default=PaymentState.RECEIVED)
    cause = models.CharField("退款原因", max_length=12, choices=RefundCause, blank=True)
    refunded_at = models.DateTimeField(null=True)
    refund_reference = models.CharField("退款凭证号", max_length=LONGEST_REFERENCE, blank=True)
    refunded_by_name = models.CharField("退款人", max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(state=PaymentState.RECEIVED), name="one_payment_settles_an_order"
            ),
            models.UniqueConstraint(
                fields=["way", "reference"], condition=~models.Q(reference=""), name="one_payment_per_reference"
            ),
            FrozenFields(
                fields=["order", "way", "reference", "amount_fen", "paid_at", "taken_by_id", "taken_by_name"],
                name="fee_payment_stays",
            ),
        )
        indexes = (models.Index(fields=["paid_at"], name="fees_paid_at"),)

    def __str__(self) -> str:
        return f"{self.order_id} {self.way} {self.state}"
