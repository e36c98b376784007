from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from foundation.texts import AUTHOR_LENGTH, KEYWORD_LENGTH, MOST_KEYWORDS, SOURCE_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from province.content.operations.reviews import LONGEST_REASON
from province.content.states import DeskState, ReviewState

_TITLE = "当阳市举办“高效办成一件事”集中服务日"
_BODY = "<p>本周六，全市各便民服务中心照常开门。</p>"

# lengths stand in OpenAPI for whoever writes a client; it is the operation that checks them and says so in Chinese
type Title = Annotated[str, Field(json_schema_extra={"maxLength": TITLE_LENGTH}, examples=[_TITLE])]
type Keywords = Annotated[
    list[str],
    Field(
        json_schema_extra={"maxItems": MOST_KEYWORDS},
        description=f"at most {KEYWORD_LENGTH} characters each",
        examples=[["延时服务", "便民"]],
    ),
]
type Body = Annotated[str, Field(description="HTML; pictures by /media/<asset id>", examples=[_BODY])]


class ManuscriptIn(Schema):
    """A new draft. ``desk_prefix``: the first 2, 4 or 6 digits of the province's, city's or county's code."""

    desk_prefix: str = Field(examples=["42"])
    title: Title
    body: Body = ""
    subtitle: str = Field("", json_schema_extra={"maxLength": TITLE_LENGTH})
    source: str = Field("", json_schema_extra={"maxLength": SOURCE_LENGTH}, examples=["湖北省政务办"])
    author: str = Field("", json_schema_extra={"maxLength": AUTHOR_LENGTH})
    summary: str = Field("", json_schema_extra={"maxLength": SUMMARY_LENGTH})
    keywords: Keywords = []
    cover_id: UUID | None = None


class DraftIn(Schema):
    """An autosave: only the fields that are sent change. ``revision`` is the one that the editor has read."""

    revision: int = Field(ge=0, le=2**31 - 1, examples=[3])
    title: Title = ""
    body: Body = ""
    subtitle: str = ""
    source: str = ""
    author: str = ""
    summary: str = ""
    keywords: Keywords = []
    cover_id: UUID | None = None


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


class _TextsOut(Schema):
    title: str
    subtitle: str
    source: str
    author: str
    summary: str
    keywords: list[str]
    cover_id: UUID | None


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
    edited_by_name: str
    edited_at: datetime | None
    created_at: datetime


class ManuscriptOut(ManuscriptLineOut, _TextsOut):
    """With the draft's whole text."""

    body: str
    revision: int
    locked_until: datetime | None
    origin_hall_id: UUID | None
    origin_article_id: UUID | None


class ReviewOut(Schema):
    step: ReviewState
    is_passed: bool
    reason: str
    reviewer_name: str
    created_at: datetime


class VersionLineOut(Schema):
    id: UUID
    manuscript_id: UUID
    number: int
    title: str
    state: ReviewState
    is_urgent: bool
    submitted_by_name: str
    created_at: datetime
    reviews: list[ReviewOut]


class QueuedVersionOut(VersionLineOut):
    desk_prefix: str = Field(alias="manuscript.desk_prefix")
    may_review: bool


class VersionOut(VersionLineOut, _TextsOut):
    body: str


class FieldDifferenceOut(Schema):
    label: str
    html: str


class DifferenceOut(Schema):
    """What changed, marked up with <ins> and <del>; safe to show."""

    fields: list[FieldDifferenceOut]
    body: str
    is_body_changed: bool
    is_empty: bool


class HistoryLineOut(Schema):
    at: datetime
    actor_name: str
    act: str
    label: str
    reason: str
    changes: dict[str, Any]
