"""What the hall's interface takes and gives about cases."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from province.cases.states import CaseOutcome, CaseState
from tenants.casework.models import LONGEST_SAID


class OwnCaseLineOut(Schema):
    """One of a citizen's own cases, at whichever hall."""

    id: UUID
    number: str
    item_name: str
    hall: str = Field(examples=["当阳市政务服务中心"])
    state: CaseState
    outcome: CaseOutcome | str
    received_on: date


class OwnStepOut(Schema):
    """收件, 受理, 审查, 决定, 送达. ``state``: done, now, next, or stopped."""

    label: str
    state: str
    at: datetime | None


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


class OwnCaseOut(Schema):
    """``sentence``: how it stands; ``coming``: what happens next and until when; ``asked``: what is to be brought, by
    ``until``; ``open_fields``: of the filled form, what may be changed meanwhile."""

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
    can_withdraw: bool
    filled_id: UUID
    filled_revision: int
    open_fields: list[str]
    steps: list[OwnStepOut]
    told: list[ToldOut]
    decision: OwnDecisionOut | None


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
