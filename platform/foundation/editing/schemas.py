"""How an API carries texts, decisions and what changed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from foundation.texts import AUTHOR_LENGTH, KEYWORD_LENGTH, MOST_KEYWORDS, SOURCE_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH

# lengths stand in OpenAPI for those who write a client; it is the operation that checks them and says so in Chinese
type Title = Annotated[
    str, Field(json_schema_extra={"maxLength": TITLE_LENGTH}, examples=["当阳市举办“高效办成一件事”集中服务日"])
]
type _Body = Annotated[
    str,
    Field(description="HTML; pictures by /media/<file id>", examples=["<p>本周六，全市各便民服务中心照常开门。</p>"]),
]
type _Keywords = Annotated[
    list[str],
    Field(
        json_schema_extra={"maxItems": MOST_KEYWORDS},
        description=f"at most {KEYWORD_LENGTH} characters each",
        examples=[["延时服务", "便民"]],
    ),
]


class TextIn(Schema):
    """A piece of writing, with an image of one's own as its cover. Fields that are not sent stay as they are."""

    title: Title = ""
    body: _Body = ""
    subtitle: str = Field("", json_schema_extra={"maxLength": TITLE_LENGTH})
    source: str = Field("", json_schema_extra={"maxLength": SOURCE_LENGTH}, examples=["湖北省政务办"])
    author: str = Field("", json_schema_extra={"maxLength": AUTHOR_LENGTH})
    summary: str = Field("", json_schema_extra={"maxLength": SUMMARY_LENGTH})
    keywords: _Keywords = []
    cover_id: UUID | None = None


class SavedTextIn(TextIn):
    """An autosave: only the fields that are sent change. ``revision`` is the one that the editor has read."""

    revision: int = Field(ge=0, le=2**31 - 1, examples=[3])


class TextOut(Schema):
    title: str
    subtitle: str
    source: str
    author: str
    summary: str
    keywords: list[str]
    cover_id: UUID | None


class DecisionOut(Schema):
    is_passed: bool
    reason: str
    reviewer_name: MaskedName
    created_at: datetime


class FieldDifferenceOut(Schema):
    label: str
    html: str


class DifferenceOut(Schema):
    """What changed, marked up with <ins> and <del>; safe to show."""

    fields: list[FieldDifferenceOut]
    body: str
    is_body_changed: bool
    is_empty: bool


class AuditLineOut(Schema):
    """Who did what, from an entry of the audit."""

    act: str
    actor_name: MaskedName = Field(alias="shown_actor")
    reason: str
    created_at: datetime
