"""Calendars and working days over HTTP. Who works when is public; to change it takes the permission."""

from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.errors import Invalid
from province.rights.actors import Actor
from province.rights.queries import require
from province.workdays.models import YearCalendar
from province.workdays.operations.calendars import (
    MANAGE,
    DayLine,
    Document,
    discard_calendar,
    publish_calendar,
    save_calendar,
    turn_day,
)
from province.workdays.operations.day_tables import import_days
from province.workdays.queries.effects import CalendarEffects, effects_of
from province.workdays.queries.hall_days import calendar_at_code, every_halls_days
from province.workdays.queries.recounts import recounts_table
from province.workdays.queries.years import calendar_with_id, calendars_table
from province.workdays.schemas import (
    CalendarIn,
    CalendarOut,
    CalendarPublicationIn,
    CalendarRevisionIn,
    CalendarWholeOut,
    ChangedDayOut,
    DayLineIn,
    DayOut,
    DocumentIn,
    EffectsOut,
    HallDaysReportOut,
    KindEffectOut,
    NoticeIn,
    NoticeOut,
    RecountOut,
    TurnIn,
)
from standards.workdays import ReadNotice, read_notice

router = Router(tags=["working days"])

_MOST_DAYS = 400


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


@router.get("/days", response=list[DayOut])
def list_days(request: HttpRequest, first: date, last: date, code: str = "") -> list[DayOut]:  # noqa: ARG001 - ninja's
    """Which days are worked at the place with this division code (empty: by the State Council's notice alone), as the
    limits of the hall that stands there are counted."""
    number = (last - first).days + 1
    if not 1 <= number <= _MOST_DAYS:
        raise Invalid(f"一次最多问 {_MOST_DAYS} 天，且结束不早于开始。")
    calendar = calendar_at_code(code)
    days = (first + timedelta(days=passed) for passed in range(number))
    return [
        DayOut(
            day=day,
            is_workday=calendar.is_workday(day),
            name=calendar.holiday_name(day),
            is_assumed=not calendar.is_published(day.year),
            half_day=calendar.half_days.get(day, ""),
        )
        for day in days
    ]


@router.get("/hall-days", response=Page[HallDaysReportOut])
def list_hall_days(
    request: HttpRequest, page: PageParameters, prefix: str = "", since: date | None = None
) -> dict[str, Any]:
    """What halls have arranged for themselves, the latest days first; lifted ones too."""
    require(_actor(request), MANAGE)
    return page_of(every_halls_days(prefix=prefix, since=since), page)


@router.get("/calendars", response=Page[CalendarOut])
def list_calendars(
    request: HttpRequest, page: PageParameters, prefix: str | None = None, year: int | None = None
) -> dict[str, Any]:
    """Every version, drafts too."""
    require(_actor(request), MANAGE)
    return page_of(calendars_table(prefix=prefix, year=year), page)


@router.put("/calendars", response=CalendarWholeOut)
@idempotent
def write_calendar(request: HttpRequest, data: CalendarIn) -> tuple[int, CalendarWholeOut]:
    """Write the draft for a place and a year, or begin it: all of its days."""
    draft = save_calendar(
        by=_actor(request),
        prefix=data.prefix,
        year=data.year,
        revision=data.revision,
        lines=[DayLine(one.day, one.is_off, one.name) for one in data.lines],
        document=_document(data.document),
    )
    return 200, _whole(draft)


@router.post("/calendars/turn", response=CalendarWholeOut)
@idempotent
def turn(request: HttpRequest, data: TurnIn) -> tuple[int, CalendarWholeOut]:
    """Turn one day of the draft: worked into off, off into worked."""
    return 200, _whole(turn_day(by=_actor(request), **data.dict()))


@router.post("/calendars/table", response=CalendarWholeOut)
def import_table(
    request: HttpRequest,
    file: File[UploadedFile],
    year: Form[int],
    revision: Form[int],
    prefix: Form[str] = "",
) -> CalendarWholeOut:
    """Write the draft as an Excel table says (日期, 安排, 节日)."""
    return _whole(import_days(by=_actor(request), prefix=prefix, year=year, revision=revision, file=file))


@router.post("/notices/read", response=NoticeOut)
def read(request: HttpRequest, data: NoticeIn) -> ReadNotice:
    """Say what is understood of the text of a notice; nothing is kept."""
    require(_actor(request), MANAGE)
    return read_notice(data.text, year=data.year)


@router.get("/calendars/{uuid:calendar_id}", response=CalendarWholeOut)
def show_calendar(request: HttpRequest, calendar_id: UUID) -> CalendarWholeOut:
    require(_actor(request), MANAGE)
    return _whole(calendar_with_id(calendar_id))


@router.get("/calendars/{uuid:calendar_id}/effects", response=EffectsOut)
def show_effects(request: HttpRequest, calendar_id: UUID) -> EffectsOut:
    """What its publication would do now to limits that are open."""
    require(_actor(request), MANAGE)
    return _effects(effects_of(calendar_with_id(calendar_id)))


@router.get("/recounts", response=Page[RecountOut])
def list_recounts(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """How far open clocks are counted anew after each publication and each change of a hall's days, the oldest
    first."""
    require(_actor(request), MANAGE)
    return page_of(recounts_table(), page)


@router.post("/calendars/{uuid:calendar_id}/publish", response=EffectsOut)
@idempotent
def publish(request: HttpRequest, calendar_id: UUID, data: CalendarPublicationIn) -> tuple[int, EffectsOut]:
    """Let the draft be in force; open limits that it touches are counted anew soon after."""
    effects = publish_calendar(
        by=_actor(request),
        calendar=calendar_with_id(calendar_id),
        revision=data.revision,
        document=_document(data.document),
    )
    return 200, _effects(effects)


@router.post("/calendars/{uuid:calendar_id}/discard", response=CalendarOut)
@idempotent
def discard(request: HttpRequest, calendar_id: UUID, data: CalendarRevisionIn) -> tuple[int, CalendarOut]:
    given_up = discard_calendar(by=_actor(request), calendar=calendar_with_id(calendar_id), revision=data.revision)
    return 200, CalendarOut.from_orm(given_up)


def _document(data: DocumentIn | None) -> Document | None:
    return Document(**data.dict()) if data else None


def _whole(calendar: YearCalendar) -> CalendarWholeOut:
    lines = [DayLineIn(day=one.day, is_off=one.is_off, name=one.name) for one in calendar.days.order_by("day")]
    return CalendarWholeOut(**CalendarOut.from_orm(calendar).dict(), lines=lines)


def _effects(effects: CalendarEffects) -> EffectsOut:
    changed = [ChangedDayOut(day=day, is_workday=is_workday) for day, is_workday in effects.changed]
    return EffectsOut(changed=changed, kinds=[KindEffectOut.from_orm(one) for one in effects.kinds])
