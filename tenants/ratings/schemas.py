"""What the HTTP interface of ratings takes and gives."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from tenants.ratings.models import LONGEST_NOTE, LONGEST_OPINION


class RatingIn(Schema):
    """``grade``: 1 非常满意 to 5 非常不满意; ``reasons``: codes that ``RatingOut`` offers for it."""

    grade: int
    reasons: list[str] = Field(default=[], max_length=20)
    opinion: str = Field(default="", max_length=LONGEST_OPINION)


class RatingReasonOut(Schema):
    code: str
    words: str
    is_low: bool


class RatingOut(Schema):
    """What somebody can rate or has rated. ``told``: what came of a low rating."""

    id: UUID
    item_name: str
    served_at: datetime
    state: str
    grade: int | None
    reasons: list[str]
    opinion: str
    told: str
    offered: list[RatingReasonOut]


class VisitIn(Schema):
    """``item_id``: what the visit was about; without it, advice and the like."""

    item_id: UUID | None = None


class VisitOut(Schema):
    """``path``: where it is rated, at the hall's site."""

    id: UUID
    item_name: str
    path: str


class LowRatingLineOut(Schema):
    """``id``: of the rating; ``due_on``: of the limit that ends first (``is_assumed``: it may move)."""

    id: UUID
    item_name: str
    case_id: UUID | None
    unit: str
    grade: int
    reasons: list[str]
    opinion: str
    state: str
    finding: str
    was_late: bool
    due_on: date | None
    is_assumed: bool
    rated_at: datetime


class LowRatingActOut(Schema):
    act: str
    said: str
    by_name: MaskedName
    created_at: datetime


class LowRatingOut(LowRatingLineOut):
    told: str
    acts: list[LowRatingActOut]


class NoteIn(Schema):
    said: str = Field(max_length=LONGEST_NOTE)


class FindingIn(NoteIn):
    """``finding``: founded or unfounded."""

    finding: str


class RatingSumsOut(Schema):
    """``counts``: real ratings, the best grade first; ``defaulted`` is in none of them. ``average``: 5 the best; shares
    in percent."""

    name: str
    counts: list[int]
    average: float | None
    good_share: float | None
    defaulted: int
    low: int
    answered: int
    answered_share: float | None
    in_time: int


class RatingSettingsIn(Schema):
    """In days, working days, working days."""

    default_days: int
    contact_days: int
    mending_days: int
