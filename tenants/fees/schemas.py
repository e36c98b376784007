"""What the HTTP interface of fees takes and gives. Amounts are fen."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from tenants.fees.models import LONGEST_REASON, LONGEST_REFERENCE, LONGEST_STANDARD
from tenants.fees.states import FeeState, PaymentState


class FeeRateOut(Schema):
    """A rate of the case's guide that can stand in an order; ``place`` names it."""

    place: int
    fee: str
    label: str
    unit: str
    standard: str
    least_fen: int
    most_fen: int


class FeeListOut(Schema):
    """``unread``: 收费项目 whose amounts cannot be read; ``rules``: who need not pay."""

    has_fee: bool
    rates: list[FeeRateOut]
    unread: list[str]
    rules: list[str]


class FeeLineIn(Schema):
    """``price_fen``: only where the standard leaves a range."""

    place: int = Field(examples=[1])
    quantity: int = Field(examples=[1])
    price_fen: int | None = None


class FeeOrderIn(Schema):
    case_id: UUID
    lines: list[FeeLineIn] = Field(max_length=100)


class NothingDueIn(Schema):
    case_id: UUID
    reason: str = Field(max_length=LONGEST_REASON)


class FeeReasonIn(Schema):
    reason: str = Field(max_length=LONGEST_REASON)


class CounterPaymentIn(Schema):
    """``way``: cash, card or slip; ``reference``: of the paper, "" for cash."""

    way: str
    reference: str = Field("", max_length=LONGEST_REFERENCE)


class WaiverIn(FeeReasonIn):
    """``basis``: one of the list's ``rules``; ``fen``: how much need not be paid; null: nothing at all has to be."""

    basis: str = Field(max_length=LONGEST_STANDARD)
    fen: int | None = Field(None, examples=[6_000])


class FeeDecisionIn(Schema):
    """``asked``: what was read, waiver or refund."""

    asked: str
    note: str = Field("", max_length=LONGEST_REASON)


class RefundIn(Schema):
    reference: str = Field(max_length=LONGEST_REFERENCE)


class FeeLineOut(Schema):
    fee: str
    label: str
    standard: str
    unit: str
    quantity: int
    price_fen: int
    amount_fen: int


class FeePaymentOut(Schema):
    id: UUID
    way: str
    reference: str
    amount_fen: int
    paid_at: datetime
    state: PaymentState
    cause: str
    refund_reference: str
    taken_by_name: MaskedName


class FeeOrderOut(Schema):
    """``total_fen``: what has to be paid, the sum of the lines without ``waived_fen``; ``ask_fen``: how much of it
    somebody asks to have waived, null: all of it."""

    id: UUID
    case_id: UUID
    number: str
    state: FeeState
    total_fen: int
    waived_fen: int
    ask_fen: int | None
    lines: list[FeeLineOut]
    reason: str
    asked: str
    basis: str
    is_granted: bool | None
    opened_by_name: MaskedName
    asked_by_name: MaskedName
    decided_by_name: MaskedName
    created_at: datetime
    state_at: datetime


class FeeOrderWholeOut(FeeOrderOut):
    payments: list[FeePaymentOut]


class DaySumOut(Schema):
    """``by_way``: fen by cash, card, slip and online."""

    day: date
    by_way: dict[str, int]
    number: int
    refunded_fen: int


class OwnFeeOrderOut(Schema):
    """``pay_address``: where it is paid, "" until ``pay`` was asked for."""

    id: UUID
    number: str
    state: FeeState
    total_fen: int
    waived_fen: int
    lines: list[FeeLineOut]
    can_pay_online: bool
    pay_address: str
