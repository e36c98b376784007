from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.content.states import OfferState


class TakeIn(Schema):
    desk_prefix: str = Field(examples=["42"])


class DeclineIn(Schema):
    reason: str = Field(examples=["内容与已发稿件重复。"])


class OfferLineOut(Schema):
    """An offered article as lists show it."""

    id: UUID
    hall_id: UUID
    hall_name: str | None
    title: str
    summary: str
    source: str
    state: OfferState
    decline_reason: str
    offered_by_name: MaskedName
    created_at: datetime
    use_count: int


class OfferOut(OfferLineOut):
    article_id: UUID
    subtitle: str
    author: str
    keywords: list[str]
    body: str


class UseOut(Schema):
    """A desk made a manuscript of it, or a hall an article."""

    used_at: datetime
    user: str
    used_by_name: MaskedName
    manuscript_id: UUID | None
    article_id: UUID | None
