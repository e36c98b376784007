from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from foundation.api import Moment
from foundation.masking import MaskedName
from province.content.states import PageAnswer, PushMode, PushState, Vantage, WithdrawalKind
from province.halls.models import HallKind


class AudienceIn(Schema):
    """Whom it goes to: division codes, with everything below them; ``kinds`` narrows what is sent to."""

    to: list[str]
    excluded: list[str] = []
    kinds: list[HallKind] = []


class PreviewIn(AudienceIn):
    version_id: UUID
    mode: PushMode = PushMode.DIRECT
    # where it matters: not every hall has a column that some have made for themselves
    column: str = ""


class PushIn(PreviewIn):
    column: str
    is_pinned: bool = False
    is_urgent: bool = False
    # readers' installed apps hear of it
    sends_message: bool = False
    starts_at: Moment | None = None
    expires_at: Moment | None = None


class ReplaceIn(Schema):
    version_id: UUID


class WithdrawIn(Schema):
    """``redirect_url`` belongs to the kind redirect, ``substitute_id`` (an approved version) to substitute."""

    kind: WithdrawalKind
    reason: str
    redirect_url: str = ""
    substitute_id: UUID | None = None


class PushHallLineOut(Schema):
    id: UUID
    number: int
    name: str
    code: str
    kind: str
    state: str


class PreviewOut(Schema):
    """Counts are of all; every list has the first 200."""

    total: int
    shown: int
    suspended_count: int
    declined_count: int
    not_open_count: int
    no_column_count: int
    excluded_count: int
    showing: list[PushHallLineOut]
    suspended: list[PushHallLineOut]
    declined: list[PushHallLineOut]
    not_open: list[PushHallLineOut]
    no_column: list[PushHallLineOut]
    excluded: list[PushHallLineOut]
    sentence: str


class PushOut(Schema):
    id: UUID
    version_id: UUID
    # what readers see; differs from ``version_id`` where a withdrawal put another version in its place
    shown_id: UUID
    manuscript_id: UUID = Field(alias="version.manuscript_id")
    title: str = Field(alias="version.title")
    desk_prefix: str
    column: str
    mode: PushMode
    is_pinned: bool
    is_urgent: bool
    sends_message: bool
    state: PushState
    turn: int
    starts_at: datetime
    expires_at: datetime | None
    published_at: datetime | None
    withdrawal_kind: str
    withdrawal_reason: str
    withdrawn_at: datetime | None
    redirect_url: str
    created_at: datetime
    created_by_name: MaskedName


class PushHistoryLineOut(Schema):
    at: datetime
    actor_name: MaskedName
    act: str
    label: str
    reason: str
    changes: dict[str, Any]


class CountyProofOut(Schema):
    prefix: str
    name: str
    expected: int
    right: int
    wrong: int
    unreachable: int
    waiting: int


class ProofLineOut(Schema):
    """``status`` and ``digest`` (SM3) are the article's page's; ``seen`` says what was wrong, place by place."""

    code: str
    name: str
    county: str
    address: str
    outcome: str
    seen: str
    status: int | None
    digest: str
    looked_at: datetime | None


class ProofOut(Schema):
    """What a reader saw on every hall's site; ``exceptions`` has the first 200.

    ``fault`` says what was done to the rows since they were taken ("": nothing), ``seal`` is the SM3 digest over all of
    them once the proof has ended.
    """

    id: UUID
    turn: int
    vantage: Vantage
    looker_name: MaskedName
    way: str
    fault: str
    seal: str
    expects: PageAnswer
    started_at: datetime
    finished_at: datetime | None
    is_overtaken: bool
    expected: int
    right: int
    wrong: int
    unreachable: int
    waiting: int
    sentence: str
    counties: list[CountyProofOut]
    exceptions: list[ProofLineOut]
