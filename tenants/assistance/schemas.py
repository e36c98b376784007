"""What the hall's interface takes and gives about what is taken in for people."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from ninja import Field, Schema

from foundation.api import ProblemFault
from foundation.masking import MaskedName
from province.cases.states import (
    LONGEST_SERVICE_ADDRESS,
    CaseOutcome,
    CaseState,
    Consent,
    ReceiptState,
    ReferralState,
)
from province.workdays.states import ClockKind, ClockState
from tenants.assistance.models import LONGEST_NOTE
from tenants.assistance.states import AssistanceState

Revision = Annotated[int, Field(ge=0, le=2**31 - 1, examples=[3])]


class CaseOfferOut(Schema):
    """What can be applied for at a hall above."""

    id: UUID
    item_id: UUID
    item_name: str
    hall: str

    @staticmethod
    def resolve_hall(one: Any) -> str:
        return str(one.hall.name)


class AssistanceIn(Schema):
    """``note``: needed where the person has agreed by telephone: who, when, from which number."""

    offer_id: UUID
    name: str = Field(examples=["李奶奶"])
    number: str = Field(description="身份证号", examples=["11010519491231002X"])
    phone: str = Field(default="", examples=["13812345678"])
    consent: Consent
    note: Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_NOTE}, examples=["委托书由村委会保管。"])] = ""


class SaveAssistanceIn(Schema):
    """``values``: by the names of fields; those that are left out stay. ``papers``: ids of the pictures of the written
    mandate, null: as they are."""

    values: dict[str, Any]
    revision: Revision
    papers: list[str] | None = None


class AssistanceHandOverIn(Schema):
    """``is_read_back``: the person has heard, or read, what was written for them; ``way``: post (to ``address``) or
    window, "" where they have not said how documents shall reach them."""

    revision: Revision
    is_read_back: bool
    way: Literal["post", "window", ""] = ""
    address: str = Field("", max_length=LONGEST_SERVICE_ADDRESS, examples=["湖北省当阳市玉泉街道长坂路 1 号"])


class AskedOut(Schema):
    """What the hall that has it asks for now. ``lines``: what is missing, and why; ``until``: by when, null without a
    limit (``is_until_assumed``: it may move); ``is_promised``: it was promised by that day; ``is_brought``: it was
    handed over, and is still to be taken; ``fields``: names of what can be filled in and uploaded, none: it is brought
    on paper."""

    asking_id: UUID
    lines: list[str]
    until: date | None
    is_until_assumed: bool
    is_promised: bool
    is_brought: bool
    fields: list[str]


class SaveRestIn(Schema):
    """``values``: by the names of the fields that are asked for; those that are left out stay."""

    asking_id: UUID
    values: dict[str, Any]
    revision: Revision


class RestHandOverIn(Schema):
    """``is_agreed``: the person knows what is brought, and has agreed; ``said``: a word for who reads it there."""

    asking_id: UUID
    revision: Revision
    is_agreed: bool
    said: Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_NOTE})] = ""


_OF_CLOCK: Final = ("kind", "state", "due_on", "is_assumed")


class GoneToOut(Schema):
    """A hall to which it went. ``receipt_state``: null until it was taken up; ``case_state``: how its case stands
    there; ``said``: its answer."""

    hall: str
    state: ReferralState
    sent_at: datetime
    receipt_state: ReceiptState | None
    case_number: str
    case_state: CaseState | None
    outcome: CaseOutcome | Literal[""]
    said: str
    clocks: list["GoneToClockOut"]
    documents: list[str]

    @staticmethod
    def of(step: Any) -> dict[str, Any]:
        """From a ``ReferralStep``."""
        receipt = step.receipt
        return {
            "hall": step.referral.to_hall.name,
            "state": step.referral.state,
            "sent_at": step.referral.created_at,
            "receipt_state": receipt.state if receipt else None,
            "case_number": receipt.case_number if receipt else "",
            "case_state": step.report.state if step.report else None,
            "outcome": receipt.outcome if receipt else "",
            "said": step.said,
            "clocks": [
                {name: getattr(one.clock, name) for name in _OF_CLOCK} | {"story": one.story} for one in step.clocks
            ],
            "documents": [f"{document.title} {document.number}" for document in step.documents],
        }


class GoneToClockOut(Schema):
    kind: ClockKind
    state: ClockState
    due_on: date | None
    is_assumed: bool
    story: str


class AssistanceLineOut(Schema):
    """``applicant``: masked; ``waits``: what somebody has to do now, "" where nothing."""

    id: UUID
    number: str
    item_name: str
    hall_name: str
    applicant: str
    clerk_name: MaskedName
    consent: Consent
    state: AssistanceState
    revision: int
    waits: str
    created_at: datetime
    handed_at: datetime | None
    ended_at: datetime | None
    went: list[GoneToOut]


class AssistanceOut(AssistanceLineOut):
    """``values``: of a draft, what is filled in, computed values with it, or of what is ``asked`` for later;
    ``faults``: what is still wrong; both empty while nothing is to be filled in."""

    values: dict[str, Any]
    faults: list[ProblemFault]
    asked: AskedOut | None


class AssistanceFileOut(Schema):
    id: UUID
    name: str
    media_type: str
    size: int


class FileLinkOut(Schema):
    url: str


class PartIn(Schema):
    name: str = Field(examples=["户口簿.jpg"])
    size: int = Field(examples=[3_000_000], description="in bytes")
    mark: str = Field(default="", description="by which the sender knows the same file again")


class PartOut(Schema):
    """``received``: how many bytes are here, from which the sender goes on."""

    id: UUID
    received: int


class PieceOut(Schema):
    """``offset``: from where it goes on; ``file``: once it is whole."""

    offset: int
    file: AssistanceFileOut | None


PIECE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
