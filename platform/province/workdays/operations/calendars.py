"""Calendars: a draft is edited, then published in the place of what was in force. The whole is one authority's word for
one year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Fault, Invalid, NotFound
from foundation.events.operations import emit_event
from foundation.rows import draw_id
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role
from province.workdays.events import CALENDAR_PUBLISHED, CalendarChanged
from province.workdays.models import (
    LONGEST_AUTHORITY,
    LONGEST_HOLIDAY,
    LONGEST_NUMBER,
    CalendarDay,
    CalendarGeneration,
    YearCalendar,
)
from province.workdays.queries.calendars import WHOLE_COUNTRY
from province.workdays.queries.effects import CalendarEffects, effects_of
from province.workdays.queries.years import STATE_COUNCIL, place_name, year_of_place
from province.workdays.states import CALENDAR_TRANSITIONS, CalendarState
from standards.workdays import is_weekend

MANAGE: Final = declare("workdays.manage", "维护工作日历", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR})
MOST_LINES: Final = 200


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day that is not as its day of the week says. ``is_off``: nobody works, for ``name``; otherwise it is of a
    weekend, and worked."""

    day: date
    is_off: bool
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """By which document: 发文机关, 文号, 发文日期."""

    authority: str = ""
    number: str = ""
    issued_on: date | None = None


@transaction.atomic
def save_calendar(
    *,
    by: Actor,
    prefix: str,
    year: int,
    revision: int,
    lines: Sequence[DayLine],
    document: Document | None = None,
) -> YearCalendar:
    """Write the draft for a place ("": the whole country) and a year, and begin one where there is none.

    ``revision``: of the draft that the editor saw, 0 where there was none. ``document``: None leaves it as it is.
    Raises Conflict where somebody has changed it since, NotFound for a place or a year that there is not, Invalid with
    a fault for every day that cannot be so.
    """
    require(by, MANAGE)
    found = year_of_place(prefix, year)
    if prefix and not prefix.startswith(settings.PROVINCE_CODE):
        raise NotFound("这个地方不在本省。")
    if faults := _faults(year, lines, document):
        raise Invalid.of(faults)
    _hold(prefix, year)
    draft = _draft(prefix, year, revision, found.published)
    before = _counts(draft.days.values_list("is_off", flat=True)) if draft.revision else (0, 0)
    if document is not None:
        draft.authority, draft.number, draft.issued_on = document.authority, document.number, document.issued_on
    draft.revision += 1
    draft.save()
    draft.days.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=draft, day=one.day, is_off=one.is_off, name=one.name.strip()) for one in lines
    )
    _record(by, draft, "save_calendar", before, _counts(one.is_off for one in lines))
    return draft


@transaction.atomic
def turn_day(*, by: Actor, prefix: str, year: int, day: date, name: str, revision: int) -> YearCalendar:
    """Turn a working day into one that is off for ``name``, a day of a weekend into one that is worked, and either back
    again. Raises as ``save_calendar``; Conflict for a day that is off in the whole country."""
    require(by, MANAGE)
    found = year_of_place(prefix, year)
    own: dict[date, DayLine] = {}
    if found.shown:
        own = {one.day: DayLine(one.day, one.is_off, one.name) for one in found.shown.days.all()}
    is_work = found.calendar.is_workday(day)
    line = own.pop(day, None)
    if line is None or (is_weekend(day) and line.is_off):
        if not is_work and not is_weekend(day):
            raise Conflict(f"{day:%Y-%m-%d} 按全国的安排放假，不能在这里改。")
        own[day] = DayLine(day, is_off=is_work, name=name)
    return save_calendar(by=by, prefix=prefix, year=year, revision=revision, lines=list(own.values()))


@transaction.atomic
def publish_calendar(
    *, by: Actor, calendar: YearCalendar, revision: int, document: Document | None = None
) -> CalendarEffects:
    """Let the draft be in force from now on, in the place of the version before. Every limit that is open and reaches a
    day that changes is counted anew soon after, hall by hall.

    Raises Conflict for what is no draft any more or was changed since ``revision``, Invalid where nothing says by which
    document it is so, or where a year of the whole country would have no holiday.
    """
    require(by, MANAGE)
    # a limit that is being counted is committed before this goes on, or counted by the new days (hold_calendar)
    CalendarGeneration.objects.get_or_create(id=1, defaults={"mark": uuid4()})
    generation = CalendarGeneration.objects.select_for_update().get(id=1)
    draft = _locked(calendar, revision, CalendarState.PUBLISHED)
    if document is not None:
        draft.authority, draft.number, draft.issued_on = document.authority, document.number, document.issued_on
    if faults := _document_faults(draft):
        raise Invalid.of(faults)
    days = list(draft.days.values_list("is_off", flat=True))
    if draft.prefix == WHOLE_COUNTRY and True not in days:
        raise Invalid("这一年还没有一天放假，请先录入放假安排。")
    effects = effects_of(draft)
    now = timezone.now()
    replaced = YearCalendar.objects.filter(prefix=draft.prefix, year=draft.year, state=CalendarState.PUBLISHED)
    replaced.update(state=CalendarState.REPLACED, replaced_at=now)
    draft.state, draft.published_at, draft.published_by_name = CalendarState.PUBLISHED, now, by.shown_name
    draft.save()
    generation.mark = uuid4()
    generation.save()
    if effects.first <= effects.last:
        changed = CalendarChanged(prefix=draft.prefix, first=effects.first, last=effects.last, why=draft.document)
        emit_event(kind=CALENDAR_PUBLISHED, payload=changed, subject_id=draft.pk)
    facts: dict[str, list[Any]] = {
        "document_number": [None, draft.number],
        "limits_moved": [None, effects.moved],
        "limits_overdue": [None, effects.overdue],
    }
    _record(by, draft, "publish_calendar", (0, 0), _counts(days), facts)
    return effects


@transaction.atomic
def discard_calendar(*, by: Actor, calendar: YearCalendar, revision: int) -> YearCalendar:
    """Give a draft up; what is in force stays. Raises Conflict for what is no draft any more or was changed since."""
    require(by, MANAGE)
    draft = _locked(calendar, revision, CalendarState.DISCARDED)
    draft.state = CalendarState.DISCARDED
    draft.save()
    _record(by, draft, "discard_calendar", (0, 0), _counts(draft.days.values_list("is_off", flat=True)))
    return draft


def _hold(prefix: str, year: int) -> None:
    """Of two who begin a draft at once, the second waits here."""
    hold_name(f"calendar {prefix} {year}")


def _draft(prefix: str, year: int, revision: int, published: YearCalendar | None) -> YearCalendar:
    """The draft, as the editor saw it; a new one (of revision 0, not written yet) where there is none."""
    rows = YearCalendar.objects.filter(prefix=prefix, year=year)
    draft = rows.filter(state=CalendarState.DRAFT).first()
    if (draft.revision if draft else 0) != revision:
        raise Conflict("这份日历刚刚有人改过或公布了，您的改动没有保存。请看过现在的内容再改。")
    if draft:
        return draft
    latest: int = rows.aggregate(latest=Max("version"))["latest"] or 0
    authority = published.authority if published else STATE_COUNCIL if prefix == WHOLE_COUNTRY else ""
    return YearCalendar(id=draw_id(), prefix=prefix, year=year, version=latest + 1, revision=0, authority=authority)


def _locked(seen: YearCalendar, revision: int, follows: CalendarState) -> YearCalendar:
    _hold(seen.prefix, seen.year)
    locked = YearCalendar.objects.select_for_update().get(pk=seen.pk)
    CALENDAR_TRANSITIONS.check(locked.state, follows)
    if locked.revision != revision:
        raise Conflict("这份日历刚刚有人改过，请看过现在的内容再继续。")
    return locked


def _faults(year: int, lines: Sequence[DayLine], document: Document | None) -> list[Fault]:
    faults = []
    if len(lines) > MOST_LINES:
        faults.append(Fault("lines", f"一年最多 {MOST_LINES} 天与平常不同，现在有 {len(lines)} 天。"))
    begins, ends = date(year - 1, 12, 1), date(year, 12, 31)
    days: set[date] = set()
    for one in lines[: MOST_LINES + 1]:
        where = f"{one.day:%Y-%m-%d}"
        if one.day in days:
            faults.append(Fault(where, f"{where} 写了两次。"))
        if not begins <= one.day <= ends:
            faults.append(Fault(where, f"{where} 不在 {year} 年（可以写上一年 12 月的日子）。"))
        if not one.is_off and not is_weekend(one.day):
            faults.append(Fault(where, f"{where} 是星期一至五，本来就上班。"))
        if len(one.name) > LONGEST_HOLIDAY or not is_plain(one.name):
            faults.append(Fault(where, f"{where} 的节日名称应为不超过 {LONGEST_HOLIDAY} 个字的一行文字。"))
        days.add(one.day)
    if document is not None:
        faults.extend(_text_faults(document.authority, document.number))
    return faults


def _text_faults(authority: str, number: str) -> list[Fault]:
    return [
        Fault(where, f"应为不超过 {longest} 个字的一行文字。")
        for where, text, longest in (
            ("authority", authority, LONGEST_AUTHORITY),
            ("number", number, LONGEST_NUMBER),
        )
        if len(text) > longest or not is_plain(text)
    ]


def _document_faults(draft: YearCalendar) -> list[Fault]:
    faults = _text_faults(draft.authority, draft.number)
    for where, value, ask in (
        ("authority", draft.authority.strip(), "请填写发文机关。"),
        ("number", draft.number.strip(), "请填写文号，例如：国办发明电〔2025〕7号。"),
        ("issued_on", draft.issued_on, "请填写发文日期。"),
    ):
        if not value:
            faults.append(Fault(where, ask))
    if draft.issued_on and draft.issued_on > timezone.localdate() + timedelta(days=1):
        faults.append(Fault("issued_on", "发文日期不能晚于今天。"))
    return faults


def _counts(days: Any) -> tuple[int, int]:
    """How many days are off, and how many made up."""
    every = list(days)
    return sum(every), len(every) - sum(every)


def _record(
    by: Actor,
    calendar: YearCalendar,
    act: str,
    before: tuple[int, int],
    after: tuple[int, int],
    facts: dict[str, list[Any]] | None = None,
) -> None:
    changes: dict[str, list[Any]] = {
        "year": [None, calendar.year],
        "place": [None, place_name(calendar.prefix)],
        "days_off": [before[0], after[0]],
        "made_up": [before[1], after[1]],
    }
    record_act(
        by=by,
        act=f"workdays.{act}",
        object_type="year_calendar",
        object_id=calendar.pk,
        changes=changes | (facts or {}),
    )
