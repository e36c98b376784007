"""What the hall's interface takes and gives about its roster (值班表)."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator

from foundation.masking import MaskedName
from tenants.duty.models import LONGEST_REASON
from tenants.duty.states import DutyDays, DutyPart, SwapState


def _of_clock(given: time) -> time:
    if given.tzinfo is not None:
        # without a day nobody knows what o'clock it is here
        raise ValueError("请写本地时间，例如 17:30，不带时区。")
    return given


type ClockTime = Annotated[time, AfterValidator(_of_clock)]
type SwapReason = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_REASON}, examples=["出差。"])]


class ShiftIn(Schema):
    """``ends_at``: where it is not after ``starts_at``, on the next day; ``unit_id``: null for the whole hall."""

    name: str = Field(examples=["夜班"])
    starts_at: ClockTime = Field(examples=["17:30"])
    ends_at: ClockTime = Field(examples=["08:30"])
    days: DutyDays = DutyDays.EVERY
    needs_leader: bool = True
    unit_id: UUID | None = None


class ShiftChangeIn(ShiftIn):
    """``revision``: of the shift as it was read."""

    revision: int = Field(ge=0, le=2**31 - 1, examples=[0])


class ShiftUseIn(Schema):
    is_in_use: bool


class ShiftOut(ShiftIn):
    id: UUID
    is_in_use: bool
    revision: int


class CellOut(Schema):
    """``text``: as the roster calls them; ``is_empty``: somebody should be there, and nobody is."""

    on: date
    shift_id: UUID
    shift: str
    part: DutyPart
    text: str
    is_empty: bool
    turn_ids: list[UUID]


class DutyDateOut(Schema):
    on: date
    is_workday: bool
    note: str
    cells: list[CellOut]


class DaysQuery(Schema):
    """From one day to another, both included."""

    first: date = Field(examples=["2026-12-01"])
    last: date = Field(examples=["2026-12-31"])


class CellIn(Schema):
    """``names``: with 、 between them; ``before``: the text that stood there when it was read, null: any."""

    on: date = Field(examples=["2026-12-01"])
    shift_id: UUID
    part: DutyPart = DutyPart.PERSON
    names: str = Field(examples=["王芳、李明"])
    before: str | None = None


class CellsIn(Schema):
    cells: list[CellIn] = Field(max_length=500)


class RotationIn(Schema):
    """These people by turns, one a day, on the days of the shift that are still empty."""

    shift_id: UUID
    part: DutyPart = DutyPart.PERSON
    names: str = Field(examples=["王芳、李明"])
    first: date = Field(examples=["2026-12-01"])
    last: date = Field(examples=["2026-12-31"])


class ChangedCellOut(Schema):
    """``before``, ``after``: names; empty: nobody."""

    on: date
    shift: str
    part: DutyPart
    before: str
    after: str


class ReplacementIn(Schema):
    to_id: UUID
    reason: SwapReason


class ExchangeIn(Schema):
    other_id: UUID = Field(description="the other turn")
    reason: SwapReason


class SwapOut(Schema):
    id: UUID
    on: date
    shift: str
    part: DutyPart
    from_name: str
    to_name: str
    reason: str
    by_name: MaskedName
    created_at: datetime


class SwapRequestIn(Schema):
    """``to_id``: the colleague who is asked to take it; or ``other_id``: the colleague's turn that is given in
    return."""

    to_id: UUID | None = None
    other_id: UUID | None = None
    reason: SwapReason


class SwapAnswerIn(Schema):
    """``said``: why not; needed where it is not confirmed."""

    said: Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_REASON}, examples=["那天人手不够。"])] = ""


class SwapRequestOut(Schema):
    """``other_on`` and ``other_shift``: the turn in return, null and "" where none is; ``said``: why it was refused or
    not confirmed."""

    id: UUID
    on: date
    shift: str
    part: DutyPart
    from_id: UUID
    from_name: str
    to_id: UUID
    to_name: str
    other_on: date | None
    other_shift: str
    reason: str
    state: SwapState
    said: str
    created_at: datetime


class RosterReportOut(Schema):
    """``faults``: of rows that stay out, in Chinese."""

    changed: list[ChangedCellOut]
    faults: list[str]


class OnDutyOut(Schema):
    """Who is on duty now. ``unit_id``: of whose department's shift, null for the whole hall's."""

    on: date
    shift: str
    part: DutyPart
    unit_id: UUID | None
    account_id: UUID
    name: str
