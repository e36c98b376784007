"""What the hall's interface takes and gives about a citizen's own cases, for the program of the citizen."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from province.cases.states import CaseOutcome, CaseState
from province.opinion.states import QuestionState
from province.registries.states import DocumentState
from tenants.casework.models import LONGEST_SAID
from tenants.casework.schemas.serving import OwnServiceOut
from tenants.engagement.models import LONGEST_QUESTION


class OwnCaseLineOut(Schema):
    """One of a citizen's own cases, at whichever hall."""

    id: UUID
    number: str
    item_name: str
    hall: str = Field(examples=["当阳市政务服务中心"])
    state: CaseState
    outcome: CaseOutcome | str
    received_on: date
    # fen that are to be paid now
    owed_fen: int
    waits: str = Field(description="what the applicant has to do now, empty where nothing", examples=["等您补材料"])


class OwnStepOut(Schema):
    """收件, 受理, 审查, 决定, 制证 where a licence was granted, 送达. ``state``: done, now, next, or stopped."""

    label: str
    state: str
    at: datetime | None


class ExaminedStepOut(Schema):
    """A step of the flow that examines the case, as the flow names it for citizens. ``look``: done, now or next;
    ``who``: who did it, where citizens read that."""

    label: str
    look: str
    at: datetime | None
    who: str


class ToldOut(Schema):
    """``said``: what the applicant was told; ``is_own``: the applicant did it."""

    at: datetime
    label: str
    said: str
    is_own: bool


class OwnDecisionOut(Schema):
    """``remedies``: what one may do against it."""

    outcome: CaseOutcome
    reasons: str
    decided_at: datetime
    remedies: list[str]


class OwnDocumentOut(Schema):
    """A document that the case has given. ``is_made``: its file is there to be opened."""

    id: UUID
    title: str
    number: str
    issued_on: date
    state: DocumentState
    is_made: bool


class OwnDocumentAddressOut(Schema):
    """Of its PDF, for five minutes."""

    address: str


class OwnComplaintIn(Schema):
    """``consents``: it may be published, without names and numbers."""

    text: str = Field(json_schema_extra={"maxLength": LONGEST_QUESTION}, examples=["材料交齐十天了没有人受理。"])
    consents: bool = False
    wants_messages: bool = True


class OwnComplaintOut(Schema):
    """``due_on``: the last day of the answer that is due now, or was due last (``is_due_assumed``: it may move). The
    thread stands on the site, or is looked up by ``number`` and the end of the phone."""

    id: UUID
    number: int
    text: str
    state: QuestionState
    received_on: date
    due_on: date
    is_due_assumed: bool


class OwnJointPartOut(Schema):
    """A department that takes part in a 联办件. ``hall``: another one that is asked, "" for the case's own; ``due_on``:
    while it is waited for, null while its time stands (``is_assumed``: it may move)."""

    body: str
    hall: str
    given_at: datetime | None
    due_on: date | None
    is_assumed: bool
    is_late: bool


class OwnCaseOut(Schema):
    """``sentence``: how it stands; ``coming``: what happens next and until when; ``asked``: what is to be brought, by
    ``until`` (``is_until_assumed``: it may move), which the applicant has promised where ``is_promised`` (容缺后补);
    ``open_fields``: of the filled form, what may be changed meanwhile."""

    id: UUID
    number: str
    item_name: str
    state: CaseState
    outcome: CaseOutcome | str
    received_at: datetime
    sentence: str
    coming: str
    story: str
    asked: list[str]
    until: date | None
    is_until_assumed: bool
    is_promised: bool
    can_withdraw: bool
    filled_id: UUID
    filled_revision: int
    open_fields: list[str]
    steps: list[OwnStepOut]
    examined: list[ExaminedStepOut]
    joint: list[OwnJointPartOut]
    told: list[ToldOut]
    decision: OwnDecisionOut | None
    documents: list[OwnDocumentOut]
    service: OwnServiceOut
    complaints: list[OwnComplaintOut]


class CorrectionChangesIn(Schema):
    """``values``: by the names of fields; those that are left out stay."""

    values: dict[str, Any]
    revision: int = Field(ge=0, le=2**31 - 1, examples=[3])


class OwnUploadOut(Schema):
    id: UUID
    name: str
    media_type: str
    size: int


class OwnSaidIn(Schema):
    said: str = Field(default="", max_length=LONGEST_SAID)


class OwnReasonIn(Schema):
    reason: str = Field(default="", max_length=LONGEST_SAID)
