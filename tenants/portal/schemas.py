"""What the hall's interface takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from foundation.editing.schemas import DecisionOut, SavedTextIn, TextIn, TextOut, Title
from foundation.masking import MaskedName
from province.workdays.states import HallDaysKind, HallDaysState
from tenants.portal.models import Article, ArticleReview, ArticleVersion, Column
from tenants.portal.queries.desk import ColumnRow
from tenants.portal.states import ArticleState, DraftState

type ColumnCode = Annotated[str, Field(examples=["news"])]


class ArticleIn(TextIn):
    """A new draft."""

    column: ColumnCode
    title: Title


class ArticleDraftIn(SavedTextIn):
    """An autosave: only the fields that are sent change. ``revision`` is the one that the editor has read."""

    column: ColumnCode = ""


class ReasonIn(Schema):
    reason: str = Field(examples=["数据有误，核实后再发。"])


class PinIn(Schema):
    is_pinned: bool


class UnlockIn(Schema):
    """``is_forced`` breaks somebody else's lock; it takes the right to manage the site."""

    is_forced: bool = False


class ArticleReviewIn(Schema):
    """``step`` is the review that the reviewer saw open: where somebody else was quicker, the answer is 409."""

    step: DraftState = Field(examples=["first"])
    reason: str = Field("", examples=["可以。"])


class ArticleLineOut(Schema):
    id: UUID
    title: str
    column: str
    state: ArticleState
    draft_state: DraftState
    is_pinned: bool
    revision: int
    published_at: datetime | None
    edited_at: datetime | None
    owner_name: str = Field(description="who is responsible for it; empty: nobody yet")
    unit_name: str = Field(description="in which department; empty: none")
    edited_by_name: MaskedName

    @staticmethod
    def resolve_column(article: Article) -> str:
        return article.column.code


class ArticleOut(ArticleLineOut, TextOut):
    """The draft; what readers see is the published version."""

    body: str
    published_id: UUID | None
    withdrawal_reason: str
    locked_by_name: str
    locked_until: datetime | None
    library_offer_id: UUID | None


class ArticleReviewOut(DecisionOut):
    step: DraftState


class ArticleVersionOut(TextOut):
    id: UUID
    number: int
    body: str
    submitted_by_name: MaskedName
    created_at: datetime
    reviews: list[ArticleReviewOut]

    @staticmethod
    def resolve_reviews(version: ArticleVersion) -> list[ArticleReview]:
        return sorted(version.reviews.all(), key=lambda review: (review.created_at, review.id))


class FileOut(Schema):
    id: UUID
    url: str
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    alt: str

    @staticmethod
    def resolve_url(file: Any) -> str:
        return f"/media/{file.id}"


class ColumnIn(Schema):
    code: str = Field(examples=["party"])
    name: str = Field(examples=["党建引领"])
    kind: Column.Kind = Column.Kind.LIST
    parent: str = Field("", description="a column's code; empty: at the top")
    link_url: str = ""
    body: str = ""
    is_visible: bool = True


class ColumnChangeIn(Schema):
    """Only the fields that are sent change."""

    name: str = ""
    kind: Column.Kind = Column.Kind.LIST
    parent: str = ""
    link_url: str = ""
    body: str = ""
    is_visible: bool = True


class MoveIn(Schema):
    steps: int = Field(ge=-100, le=100, examples=[-1], description="places among its siblings; negative is up")


class ColumnOut(Schema):
    code: str
    name: str
    kind: Column.Kind
    parent: str
    order: int
    is_visible: bool
    link_url: str
    body: str

    @staticmethod
    def resolve_parent(column: Column) -> str:
        return column.parent.code if column.parent else ""


class ColumnRowOut(Schema):
    """A column of the tree; ``is_shown`` is false, too, below a hidden one."""

    column: ColumnOut
    depth: int
    articles: int
    is_shown: bool

    @staticmethod
    def resolve_column(row: ColumnRow) -> Column:
        return row.column


class PushLineOut(Schema):
    id: UUID
    title: str
    column: str
    desk_prefix: str
    is_pinned: bool
    is_urgent: bool
    published_at: datetime
    summary: str
    source: str


class DecidedPushOut(Schema):
    push_id: UUID
    title: str
    decision: str
    column: str
    reason: str
    decided_by_name: MaskedName
    decided_at: datetime
    is_listed: bool


class ColumnChoiceIn(Schema):
    column: ColumnCode


class LibraryOfferOut(Schema):
    id: UUID
    title: str
    hall_id: UUID
    hall_name: str
    article_id: UUID
    offered_by_name: MaskedName
    state: str
    created_at: datetime
    use_count: int


class OfferDetailOut(LibraryOfferOut):
    subtitle: str
    source: str
    author: str
    summary: str
    body: str
    keywords: list[str]


class OfferCreatedOut(Schema):
    id: UUID
    title: str
    state: str
    created_at: datetime


class OfferUseOut(Schema):
    used_at: datetime
    user: str
    used_by_name: MaskedName


class SettingsOut(Schema):
    """How the hall reviews, and what its site says of it."""

    review_steps: list[DraftState]
    name: str
    short_name: str
    slogan: str
    accent_colour: str
    organiser: str
    site_code: str
    icp_number: str
    police_number: str
    address: str
    phone: str
    opening_hours: list[dict[str, Any]]
    closed_days: list[dict[str, Any]]


class FactsIn(Schema):
    """Only the facts that are sent change."""

    short_name: str = ""
    slogan: str = ""
    accent_colour: str = Field("", examples=["#1257a8"])
    organiser: str = ""
    site_code: str = ""
    icp_number: str = ""
    police_number: str = ""
    address: str = ""
    phone: str = ""
    opening_hours: list[dict[str, Any]] = Field([], examples=[[{"days": [1, 2], "from": "08:30", "to": "12:00"}]])


class ReviewStepsIn(Schema):
    steps: list[DraftState] = Field(examples=[["first", "final"]])


class HallSiteCheckOut(Schema):
    key: str
    label: str
    light: str
    detail: str


class CountsOut(Schema):
    in_review: int
    returned: int
    editing: int
    published: int
    last_published_at: datetime | None


class OverviewOut(Schema):
    counts: CountsOut
    offered: int
    checks: list[HallSiteCheckOut]


class NewAccountIn(Schema):
    """A media account of this hall (新媒体备案)."""

    platform: str = Field(examples=["wechat"])
    external_id: str = Field(examples=["dangyang-fabu"])
    name: str = Field(examples=["当阳发布"])
    owner: str = Field(examples=["当阳市政务服务和大数据管理局"])
    filing_number: str = ""
    contact_name: str = ""
    contact_phone: str = ""


class AccountChangeIn(Schema):
    """Only the facts that are sent change."""

    name: str = ""
    owner: str = ""
    filing_number: str = ""
    contact_name: str = ""
    contact_phone: str = ""


class HallAccountOut(Schema):
    id: UUID
    platform: str
    external_id: str
    name: str
    owner: str
    filing_number: str
    filed_on: date | None
    state: str


class OwnDaysIn(Schema):
    first_on: date
    last_on: date | None = Field(None, description="left out: one day")
    kind: HallDaysKind
    note: str = Field(description="why, as readers are told", examples=["赶集日"])
    moves_limits: bool = Field(default=True, description="false: only opening hours; of half days always so")


class OwnDaysOut(Schema):
    id: UUID
    first_on: date
    last_on: date
    kind: HallDaysKind
    note: str
    moves_limits: bool
    state: HallDaysState
    created_at: datetime
    lifted_at: datetime | None


class TurnedDayOut(Schema):
    day: date
    is_workday: bool


class MovedLimitsOut(Schema):
    """Of one kind of limit: how many are open, get another last day, and are overdue at once."""

    label: str
    open: int
    moved: int
    overdue: int


class OwnDaysEffectsOut(Schema):
    """What such days do to limits that are open."""

    changed: list[TurnedDayOut]
    kinds: list[MovedLimitsOut]
