from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from foundation.editing.reasons import LONGEST_REASON
from foundation.editing.schemas import DecisionOut, TextIn, TextOut, Title
from foundation.masking import MaskedName
from province.content.states import DeskState, ReviewState


class ManuscriptIn(TextIn):
    """A new draft. ``desk_prefix``: the first 2, 4 or 6 digits of the province's, city's or county's code."""

    desk_prefix: str = Field(examples=["42"])
    title: Title


class ImportIn(Schema):
    """A Markdown or HTML file; its first heading is the title."""

    desk_prefix: str = Field(examples=["42"])
    name: str = Field(examples=["通知.md"])
    text: str = Field(examples=["# 关于延时服务的通知\n\n各中心周六照常开门。"])


class SubmitIn(Schema):
    is_urgent: bool = False


class ReviewIn(Schema):
    """``step`` is the review that the reviewer saw open: where somebody else was quicker, the answer is 409."""

    step: ReviewState = Field(examples=["first"])
    reason: str = Field("", json_schema_extra={"maxLength": LONGEST_REASON}, examples=["可以。"])


class DeskOut(Schema):
    prefix: str
    name: str


class ManuscriptLineOut(Schema):
    """A manuscript as lists show it: by its latest version, or as a draft that has none."""

    id: UUID
    desk_prefix: str
    title: str
    state: DeskState
    state_label: str
    latest_id: UUID | None
    latest_number: int | None
    is_urgent: bool
    is_changed: bool = Field(description="the draft was edited after the latest version")
    lock_owner: str = Field(description="who edits it now; empty: nobody")
    owner_name: str = Field(description="who is responsible for it; empty: nobody yet")
    unit_name: str = Field(description="in which department; empty: none")
    edited_by_name: MaskedName
    edited_at: datetime | None
    created_at: datetime


class ManuscriptOut(ManuscriptLineOut, TextOut):
    """With the draft's whole text."""

    body: str
    revision: int
    locked_until: datetime | None
    origin_hall_id: UUID | None
    origin_article_id: UUID | None


class ReviewOut(DecisionOut):
    step: ReviewState


class VersionLineOut(Schema):
    id: UUID
    manuscript_id: UUID
    number: int
    title: str
    state: ReviewState
    is_urgent: bool
    submitted_by_name: MaskedName
    created_at: datetime
    reviews: list[ReviewOut]


class QueuedVersionOut(VersionLineOut):
    desk_prefix: str = Field(alias="manuscript.desk_prefix")
    may_review: bool


class VersionOut(VersionLineOut, TextOut):
    body: str


class HistoryLineOut(Schema):
    at: datetime
    actor_name: MaskedName
    act: str
    label: str
    reason: str
    changes: dict[str, Any]
