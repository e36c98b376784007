from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from province.workdays.states import CalendarState, HallDaysKind, HallDaysState, RecountState


class DayLineIn(Schema):
    """A day that is not as its day of the week says."""

    day: date
    is_off: bool = Field(description="nobody works; false: of a weekend, and worked (调休上班)")
    name: str = Field("", description="the holiday", examples=["国庆节"])


class DocumentIn(Schema):
    authority: str = Field("", description="发文机关")
    number: str = Field("", description="文号")
    issued_on: date | None = None


class CalendarIn(Schema):
    prefix: str = Field("", description="first digits of the division code; empty: the whole country")
    year: int = Field(ge=2004, le=2099)
    revision: int = Field(description="of the draft that was read, 0 where there is none; else refused (409)")
    lines: list[DayLineIn]
    document: DocumentIn | None = Field(None, description="left out: as it is")


class CalendarRevisionIn(Schema):
    revision: int = Field(description="of the draft that was read; refused (409) if somebody has changed it since")


class CalendarPublicationIn(CalendarRevisionIn):
    document: DocumentIn | None = Field(None, description="left out: as the draft says")


class CalendarOut(Schema):
    id: UUID
    prefix: str
    year: int
    version: int
    state: CalendarState
    authority: str
    number: str
    issued_on: date | None
    revision: int
    published_at: datetime | None
    replaced_at: datetime | None


class CalendarWholeOut(CalendarOut):
    lines: list[DayLineIn]


class NoticeIn(Schema):
    year: int | None = Field(None, description="left out: the one that the text names")
    text: str = Field(max_length=5_000)


class NoticeFaultOut(Schema):
    line: int
    text: str
    message: str


class NoticeOut(Schema):
    year: int | None
    number: str
    issued_on: date | None
    days: list[DayLineIn]
    passed_over: list[str]
    faults: list[NoticeFaultOut]


class KindEffectOut(Schema):
    label: str
    open: int
    moved: int
    overdue: int


class ChangedDayOut(Schema):
    day: date
    is_workday: bool


class EffectsOut(Schema):
    """What publication does to limits that are open."""

    changed: list[ChangedDayOut]
    kinds: list[KindEffectOut]


class RecountOut(Schema):
    """Open clocks (limits of cases and steps) that were counted anew."""

    id: UUID
    cause_id: UUID = Field(description="the calendar that was published, or the hall's days")
    why: str
    prefix: str
    state: RecountState
    clocks: int = Field(description="that could be touched")
    counted: int
    moved: int = Field(description="whose last day is another one now")
    overdue: int = Field(description="that became overdue by it")
    halls: int = Field(description="with a clock that moved; known when it is done, as are the owners")
    owners: int
    progress_at: datetime
    finished_at: datetime | None


class DayOut(Schema):
    day: date
    is_workday: bool
    name: str = Field(description="the holiday for which it is off")
    is_assumed: bool = Field(description="the year's notice is not published: by the day of the week")
    half_day: str = Field("", description="a working day of which the hall does not work one half: which, and why")


class TurnIn(Schema):
    prefix: str = ""
    year: int = Field(ge=2004, le=2099)
    day: date
    name: str = ""
    revision: int


class HallDaysReportOut(Schema):
    id: UUID
    first_on: date
    last_on: date
    kind: HallDaysKind
    note: str
    moves_limits: bool
    state: HallDaysState
    created_at: datetime
    lifted_at: datetime | None
    hall_id: UUID
    code: str = Field(alias="hall.division.code")
    hall_name: str = Field(alias="hall.name")
