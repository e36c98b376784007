"""What the HTTP interface of halls says and takes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from foundation.api import Moment
from province.halls.models import DivisionChange, HallKind
from province.halls.states import HallState, PlanState
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
    id: UUID
    kind: DivisionChange.Kind
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    note: str
    hall_id: UUID | None = Field(None, alias="division.hall.id")


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
