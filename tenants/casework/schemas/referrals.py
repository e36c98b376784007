"""What the hall's interface takes and gives about cases between halls."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema

from province.cases.states import CaseOutcome, ReceiptState, ReferralKind, ReferralState
from province.workdays.states import ClockKind, ClockState
from tenants.casework.schemas.cases import CaseActIn, SaidText


class HandUpIn(CaseActIn):
    to_hall_id: UUID
    opinion: SaidText


class SendOnIn(CaseActIn):
    to_hall_id: UUID
    reason: SaidText


class SendBackIn(CaseActIn):
    reason: SaidText


class OtherHallOut(Schema):
    id: UUID
    name: str


class OtherClockOut(Schema):
    """A clock of another hall. ``left``: working days, null where it does not run. ``is_assumed``: the notice of a year
    on the way is not published, so that ``due_on`` may move."""

    kind: ClockKind
    state: ClockState
    due_on: date | None
    is_assumed: bool
    left: int | None
    story: str

    @staticmethod
    def resolve_kind(one: Any) -> str:
        return str(one.clock.kind)

    @staticmethod
    def resolve_state(one: Any) -> str:
        return str(one.clock.state)

    @staticmethod
    def resolve_is_assumed(one: Any) -> bool:
        return bool(one.clock.is_assumed)

    @staticmethod
    def resolve_due_on(one: Any) -> date | None:
        due: date | None = one.clock.due_on
        return due


class ReferralLineOut(Schema):
    """``state``: of the sender; ``receipt_state``: of the receiver, null until it has taken the case up, then under
    ``receipt_number`` (回执编号)."""

    id: UUID
    kind: ReferralKind
    from_hall: str
    to_hall: str
    case_id: UUID
    case_number: str
    item_name: str
    state: ReferralState
    created_at: datetime
    receipt_state: ReceiptState | None
    receipt_number: str
    taken_up_at: datetime | None
    outcome: CaseOutcome | Literal[""]

    @staticmethod
    def resolve_from_hall(one: Any) -> str:
        return str(one.hall.name)

    @staticmethod
    def resolve_to_hall(one: Any) -> str:
        return str(one.to_hall.name)

    @staticmethod
    def resolve_receipt_state(one: Any) -> str | None:
        return one.receipt.state if hasattr(one, "receipt") else None

    @staticmethod
    def resolve_receipt_number(one: Any) -> str:
        return one.receipt.case_number if hasattr(one, "receipt") else ""

    @staticmethod
    def resolve_taken_up_at(one: Any) -> datetime | None:
        return one.receipt.created_at if hasattr(one, "receipt") else None

    @staticmethod
    def resolve_outcome(one: Any) -> str:
        return one.receipt.outcome if hasattr(one, "receipt") else ""


class ReferralStepOut(Schema):
    """``said``: the answer; ``clocks``: of the other hall; ``documents``: which it has issued."""

    referral: ReferralLineOut
    said: str
    clocks: list[OtherClockOut]
    documents: list[str]

    @staticmethod
    def resolve_documents(one: Any) -> list[str]:
        return [f"{document.title} {document.number}" for document in one.documents]


class CameOut(Schema):
    """From where a case came. ``rest``: what of the sender's form has no field here, by its label."""

    hall: str
    kind: ReferralKind
    case_number: str
    taken_up_at: datetime
    opinion: str
    rest: dict[str, str]
    clocks: list[OtherClockOut]

    @staticmethod
    def resolve_hall(one: Any) -> str:
        return str(one.first.hall.name)

    @staticmethod
    def resolve_kind(one: Any) -> str:
        return str(one.first.kind)

    @staticmethod
    def resolve_case_number(one: Any) -> str:
        return str(one.first.case_number)

    @staticmethod
    def resolve_taken_up_at(one: Any) -> datetime:
        at: datetime = one.receipt.created_at
        return at

    @staticmethod
    def resolve_opinion(one: Any) -> str:
        return str(one.words.opinion)

    @staticmethod
    def resolve_rest(one: Any) -> dict[str, str]:
        return dict(one.words.rest)


class WaysOut(Schema):
    """``above``: to which it can be handed up; ``near``: to which it can be sent on."""

    went: list[ReferralStepOut]
    came: CameOut | None
    above: list[OtherHallOut]
    near: list[OtherHallOut]
