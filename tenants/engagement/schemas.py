"""What the hall's interface takes and gives about questions."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from foundation.editing.reasons import LONGEST_SHORT_REASON
from foundation.masking import MaskedName, MaskedText
from province.cases.models import LONGEST_CASE_NUMBER
from province.citizens.models import PhoneNotice
from province.opinion.states import QuestionKind, QuestionState
from tenants.engagement.models import LONGEST_QUESTION, LONGEST_REPLY, QuestionMessage
from tenants.engagement.operations.settings import MOST_DAYS
from tenants.engagement.states import PublishedState, QuestionChannel

# the operations check how long they are, and say so in Chinese
type QuestionText = Annotated[
    str, Field(json_schema_extra={"maxLength": LONGEST_QUESTION}, examples=["高龄津贴要本人来办吗？"])
]
type ReplyText = Annotated[
    str, Field(json_schema_extra={"maxLength": LONGEST_REPLY}, examples=["可以由子女代办，带双方身份证。"])
]
type ShortText = Annotated[
    str, Field(json_schema_extra={"maxLength": LONGEST_SHORT_REASON}, examples=["属于医保业务，请直接答复。"])
]
# the last message that was read: where something was said since, the answer is 409
type After = Annotated[UUID, Field(description="id of the last message that was read")]


class QuestionIn(Schema):
    """A question that came by telephone, by letter or at the window; ``received_on``: when, today if left out."""

    text: QuestionText
    channel: QuestionChannel = Field(QuestionChannel.WINDOW, description="window, phone or letter")
    phone: str = Field(examples=["13800000000"])
    name: str = ""
    item_id: UUID | None = None
    unit_id: UUID | None = Field(
        None, description="the hall's department that answers; null: the item's, or the window"
    )
    received_on: date | None = None
    consents: bool = Field(default=False, description="the asker lets question and answer be published, masked")
    wants_messages: bool = Field(default=True, description="the asker is told by short message that there is an answer")


class ComplaintIn(Schema):
    """A complaint about a case that came by telephone, by letter or at the window. ``case_number``, whole or its last
    twelve digits, and ``phone_tail``, the last four of the phone of the application, show that it is the complainer's;
    ``received_on``: when, today if left out."""

    case_number: str = Field(max_length=LONGEST_CASE_NUMBER)
    phone_tail: str = Field(max_length=4, examples=["0000"])
    text: QuestionText
    channel: QuestionChannel = Field(description="window, phone or letter")
    phone: str = Field(examples=["13800000000"])
    name: str = ""
    received_on: date | None = None
    consents: bool = Field(default=False, description="the complainer lets complaint and answer be published, masked")
    wants_messages: bool = Field(default=True, description="the complainer is told by short message of the answer")


class ComplaintTakenOut(Schema):
    """``number``: null where the caller has had a hand in the case: it goes to the complainer's phone alone."""

    number: int | None
    due_on: date
    is_due_assumed: bool


class ReplyIn(Schema):
    text: ReplyText
    after: After


class TransferIn(Schema):
    unit_id: UUID | None = Field(description="the hall's department; null: its window")
    note: ShortText = ""
    after: After


class RefusalIn(Schema):
    reason: ReplyText
    after: After


class QuestionReasonIn(Schema):
    reason: ShortText


class CallIn(Schema):
    """``reason``: at least 4 characters; a citizen sees it."""

    reason: ShortText


class CallOut(Schema):
    """The whole number; "" where the asker's account has ended."""

    phone: str


class PublicationIn(Schema):
    """The words that readers see. Resident and mobile numbers and the asker's name are masked whatever is sent."""

    asked: QuestionText
    answered: ReplyText


class AnsweringUnitIn(Schema):
    """Who answers for the items of a department of the catalogue: one of the hall's own; null: the window."""

    department_id: UUID
    unit_id: UUID | None


class EngagementSettingsIn(Schema):
    """``days``: the limit of an answer, in working days; ``complaint_days``: of an answer to a complaint. What is left
    out stays as it is."""

    days: int = Field(ge=1, le=MOST_DAYS)
    complaint_days: int | None = Field(None, ge=1, le=MOST_DAYS)
    units: list[AnsweringUnitIn] = Field([], max_length=500)


class AnsweringUnitOut(AnsweringUnitIn):
    department: str


class EngagementSettingsOut(Schema):
    """``units``: of every department whose items the hall has."""

    days: int
    complaint_days: int
    units: list[AnsweringUnitOut]


class MessageOut(Schema):
    id: UUID
    kind: QuestionMessage.Kind
    text: str
    author_name: MaskedName
    unit_name: str
    created_at: datetime


class LimitMoveOut(Schema):
    """How a calendar moved the last day of the answer."""

    before: date
    after: date
    why: str
    created_at: datetime


class QuestionLineOut(Schema):
    id: UUID
    kind: QuestionKind
    number: int
    channel: QuestionChannel
    text: str
    state: QuestionState
    case_id: UUID | None
    item_id: UUID | None
    unit_id: UUID | None
    received_on: date
    due_on: date
    is_due_assumed: bool
    is_overdue: bool
    answered_at: datetime | None
    consents: bool


class QuestionNoticeOut(Schema):
    """A short message that something can be read. ``last_error``: why it is not there (yet)."""

    id: UUID
    kind: PhoneNotice.Kind
    state: PhoneNotice.State
    finished_at: datetime | None
    last_error: str


class QuestionOut(QuestionLineOut):
    """``name`` and ``phone`` are masked; ``case_number``: of a complaint, what it is about; ``from_hall``: the hall
    below from which it came, "" for this hall's own; ``to_hall``: the hall above that answers it, or did."""

    case_number: str
    from_hall: str
    to_hall: str
    name: MaskedText
    phone: MaskedText
    unit: str
    limit_moves: list[LimitMoveOut]
    working_days: int | None
    published: PublishedState | None
    wants_messages: bool
    messages: list[MessageOut]
    notices: list[QuestionNoticeOut]
