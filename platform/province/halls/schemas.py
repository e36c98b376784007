"""What the HTTP interface of halls says and takes."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from foundation.api import Moment
from foundation.many import MOST_AT_ONCE
from foundation.masking import MaskedName
from province.halls.models import DivisionChange, HallKind
from province.halls.operations.division_changes import DecisionAct
from province.halls.operations.many_halls import HallStep
from province.halls.states import ChangeState, HallState, PlanState
from standards.numbers.divisions import DivisionLevel


class DivisionOut(Schema):
    id: UUID
    code: str
    name: str
    level: DivisionLevel
    is_government: bool
    valid_from: date
    hall_id: UUID | None = Field(None, alias="hall.id")


class BranchOut(DivisionOut):
    """One division of the tree; the counts are of the divisions directly below."""

    child_count: int
    hall_count: int


class DivisionCodeOut(Schema):
    code: str
    name: str
    valid_from: date
    valid_to: date | None


class LoadOut(Schema):
    """Added at once, or a plan that waits for confirmation; neither, where nothing is new."""

    rows: int
    added: int
    plan_id: UUID | None
    changes: dict[str, int]


class PlanOut(Schema):
    id: UUID
    source: str
    effective_on: date
    state: PlanState
    created_at: datetime


class ChangeOut(Schema):
    """``revision`` counts the decisions: who decides says which one they saw."""

    id: UUID
    state: ChangeState
    revision: int
    kind: DivisionChange.Kind
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    note: str
    hall_id: UUID | None = Field(None, alias="division.hall.id")
    guessed_kind: DivisionChange.Kind
    guessed_code: str
    guessed_name: str
    decided_at: datetime | None
    decided_by_name: MaskedName
    reason: str
    applied_at: datetime | None


class ForecastOut(Schema):
    """What carrying out some lines touches. ``staying``: halls whose division ends and that stay with it; ``prefixes``:
    those that halls answer to besides; ``uses``: in Chinese, what else is bound to the codes, and how many."""

    lines: int
    halls: int
    staying: int
    domains: int
    prefixes: int
    uses: dict[str, int]


class ChangeWholeOut(ChangeOut):
    """``group``: lines that are decided best together. ``lacking``: in Chinese, why it could not be carried out now; ""
    where it could. ``touched``: by it and all that it needs; null where it is closed."""

    group: list[UUID]
    lacking: str
    touched: ForecastOut | None


class WishIn(Schema):
    """``code``: the new code (recode), the place that took it in (merge), or that it was split from (split)."""

    kind: DivisionChange.Kind
    code: str = ""
    name: str = ""


class DecisionIn(Schema):
    change_id: UUID
    revision: int
    act: DecisionAct
    wish: WishIn | None = None
    reason: str = ""


class DecisionsIn(Schema):
    decisions: list[DecisionIn] = Field(..., min_length=1, max_length=5_000)


class UndoIn(Schema):
    change_ids: list[UUID] = Field(..., min_length=1, max_length=5_000)
    reason: str


class CountOut(Schema):
    count: int


class ImportedOut(Schema):
    rows: int
    decided: int


class AppliedOut(Schema):
    """``lines`` were carried out now; ``waiting`` are decided and lack something."""

    plan: PlanOut
    lines: int
    waiting: int
    undecided: int


class HallLineOut(Schema):
    """``light``: the worst of its site checks; None where its site is not open."""

    id: UUID
    number: int
    name: str
    short_name: str
    kind: HallKind
    code: str = Field(alias="division.code")
    state: HallState
    light: str | None = None
    last_active_at: datetime | None = Field(None, alias="figures.last_active_at")


class HallOut(Schema):
    id: UUID
    number: int
    name: str
    short_name: str
    kind: HallKind
    code: str = Field(alias="division.code")
    prefixes: list[str]
    slug: str
    state: HallState
    state_reason: str
    suspended_at: datetime | None
    suspended_until: datetime | None
    successor_id: UUID | None
    emblem_key: str
    accent_colour: str
    slogan: str
    organiser: str
    site_code: str
    icp_number: str
    police_number: str
    address: str
    phone: str
    opening_hours: list[dict[str, Any]]
    closed_days: list[dict[str, Any]]


class HallFacts(Schema):
    """Only what is sent is changed."""

    name: str | None = None
    short_name: str | None = None
    emblem_key: str | None = None
    accent_colour: str | None = None
    slogan: str | None = None
    organiser: str | None = None
    site_code: str | None = None
    icp_number: str | None = None
    police_number: str | None = None
    address: str | None = None
    phone: str | None = None
    opening_hours: list[Any] | None = None


class DomainIn(Schema):
    domain: str


class DomainOut(Schema):
    """``check_fault``: what was seen in place of the hall's site when it was last fetched ("" for the site)."""

    domain: str
    is_primary: bool
    checked_at: datetime | None
    check_fault: str


class SuspendIn(Schema):
    reason: str
    until: Moment | None = None


class StepIn(Schema):
    """``codes``: of the divisions whose halls are meant. ``reason``: asked for where they are suspended."""

    # each comes back in the answer, with what came of it
    codes: list[Annotated[str, Field(max_length=12)]] = Field(
        min_length=1, max_length=MOST_AT_ONCE, examples=[["420582000000"]]
    )
    step: HallStep
    reason: str = ""


class RetireIn(Schema):
    """``successor``: the division code of the hall to go to."""

    reason: str
    successor: str = ""


class ChecklistLineOut(Schema):
    key: str
    label: str
    is_green: bool
    todo: str


class SiteCheckOut(Schema):
    key: str
    label: str
    light: str
    detail: str


class CheckFiguresOut(Schema):
    key: str
    label: str
    red: int
    yellow: int
    green: int


class HallQuery(Schema):
    search: str = ""
    kind: str = ""
    state: str = ""
    under: str = ""
    light: str = ""
