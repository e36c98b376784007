"""A hall's own days: set, and lifted again. What is set never changes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Fault, Invalid
from foundation.events.operations import emit_event
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.halls.models import Hall
from province.halls.operations import show_closed_days
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role
from province.workdays.events import CALENDAR_PUBLISHED, CalendarChanged
from province.workdays.models import LONGEST_HALL_NOTE, HallDays
from province.workdays.queries.calendars import calendar_of
from province.workdays.queries.effects import CalendarEffects, effects_of_hall_days
from province.workdays.queries.hall_days import days_of, hall_days
from province.workdays.states import HALL_DAYS_TRANSITIONS, HallDaysKind, HallDaysState
from standards.workdays import WorkCalendar

SET_DAYS: Final = declare("workdays.set_hall_days", "维护本厅日历", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})
MOST_IN_FORCE: Final = 100
LONGEST_SPAN: Final = 366
# days; what happened longer ago is not corrected here, what lies further ahead nobody has decided yet
_BACK, _AHEAD = 366, 731
_HALVES: Final = (HallDaysKind.MORNING, HallDaysKind.AFTERNOON)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysWish:
    """What a hall wants to arrange. ``last_on``: None for one day; ``moves_limits`` means nothing for half days."""

    first_on: date
    last_on: date | None = None
    kind: HallDaysKind
    note: str
    moves_limits: bool = True

    def at(self, hall: Hall) -> HallDays:
        return HallDays(
            hall=hall,
            first_on=self.first_on,
            last_on=self.last_on or self.first_on,
            kind=self.kind,
            note=self.note.strip(),
            moves_limits=self.moves_limits and self.kind not in _HALVES,
        )


def foresee_hall_days(*, by: Actor, hall: Hall, wish: DaysWish) -> CalendarEffects:
    """What it would do to limits that are open; nothing is kept. Raises as ``set_hall_days``."""
    require(by, SET_DAYS, hall_id=hall.id)
    asked = _checked(hall, wish)
    return effects_of_hall_days(hall, adds=asked)


@transaction.atomic
def set_hall_days(*, by: Actor, hall: Hall, wish: DaysWish) -> HallDays:
    """Arrange days of the hall's own: its site tells them, and where they move limits, every open limit of the hall is
    counted anew soon after. The same once more changes nothing.

    Raises Invalid with a fault for what cannot be so, Conflict for days that something is arranged for already.
    """
    require(by, SET_DAYS, hall_id=hall.id)
    hold_hall_days(hall)
    asked = wish.at(hall)
    for one in hall_days(hall.pk):
        if _facts(one) == _facts(asked):
            return one
    asked = _checked(hall, wish)
    if hall_days(hall.pk).filter(last_on__gte=timezone.localdate()).count() >= MOST_IN_FORCE:
        raise Conflict(f"今后的安排最多 {MOST_IN_FORCE} 项，请先撤销不要的。")
    effects = effects_of_hall_days(hall, adds=asked)
    asked.set_by_name = by.shown_name
    asked.save()
    _settle(by, hall, asked, effects, "set_hall_days")
    return asked


@transaction.atomic
def lift_hall_days(*, by: Actor, hall: Hall, days: HallDays) -> HallDays:
    """Take back what was arranged; limits that it moved are counted anew. Raises Conflict where it is lifted."""
    require(by, SET_DAYS, hall_id=hall.id)
    hold_hall_days(hall)
    locked = HallDays.objects.select_for_update().get(pk=days.pk, hall=hall)
    HALL_DAYS_TRANSITIONS.check(locked.state, HallDaysState.LIFTED)
    effects = effects_of_hall_days(hall, lifts=locked)
    locked.state, locked.lifted_at = HallDaysState.LIFTED, timezone.now()
    locked.lifted_by_name = by.shown_name
    locked.save()
    _settle(by, hall, locked, effects, "lift_hall_days")
    return locked


def hold_hall_days(hall: Hall) -> None:
    """Wait for who counts a limit of this hall (``hold_calendar``), and for another who changes its days."""
    hold_name(f"hall days {hall.pk}")


def _checked(hall: Hall, wish: DaysWish) -> HallDays:
    asked = wish.at(hall)
    if faults := _faults(asked, calendar_of(hall.division.code)):
        raise Invalid.of(faults)
    for one in hall_days(hall.pk):
        if one.first_on <= asked.last_on and asked.first_on <= one.last_on:
            raise Conflict(f"这几天里已经有安排：{one.words}。请先撤销它，再设新的。")
    return asked


def _facts(one: HallDays) -> tuple[Any, ...]:
    return one.first_on, one.last_on, one.kind, one.note, one.moves_limits


def _faults(asked: HallDays, place: WorkCalendar) -> list[Fault]:
    faults, today = [], timezone.localdate()
    if not asked.note or len(asked.note) > LONGEST_HALL_NOTE or not is_plain(asked.note):
        faults.append(Fault("note", f"请用一行文字写明原因，最多 {LONGEST_HALL_NOTE} 个字，群众能看到。"))
    if not today - timedelta(days=_BACK) <= asked.first_on <= today + timedelta(days=_AHEAD):
        faults.append(Fault("first_on", "只能安排前一年到后两年之间的日子。"))
    elif not 0 <= (asked.last_on - asked.first_on).days < LONGEST_SPAN:
        faults.append(Fault("last_on", f"结束日期不能早于开始日期，一次最多 {LONGEST_SPAN} 天。"))
    elif asked.kind == HallDaysKind.WORKED and (worked := [day for day in days_of(asked) if place.is_workday(day)]):
        faults.append(Fault("first_on", f"{worked[0]:%Y-%m-%d} 本来就办公，不用再安排。"))
    return faults


def _settle(by: Actor, hall: Hall, days: HallDays, effects: CalendarEffects, act: str) -> None:
    """Show it on the site, have limits counted anew, and record it, in the caller's transaction."""
    show_closed_days(
        hall_id=hall.pk,
        closed_days=[
            {"from": f"{one.first_on}", "to": f"{one.last_on}", "reason": one.note, "part": one.kind}
            for one in hall_days(hall.pk)
        ],
    )
    if effects.first <= effects.last:
        undone = "（已撤销）" if days.state == HallDaysState.LIFTED else ""
        changed = CalendarChanged(
            prefix=hall.division.code, first=effects.first, last=effects.last, why=f"本厅日历：{days.words}{undone}"
        )
        emit_event(kind=CALENDAR_PUBLISHED, payload=changed, subject_id=days.pk)
    record_act(
        by=by,
        act=f"workdays.{act}",
        object_type="hall_days",
        object_id=days.pk,
        hall_id=hall.pk,
        changes={
            "days": [None, days.words],
            "moves_limits": [None, days.moves_limits],
            "limits_moved": [None, effects.moved],
            "limits_overdue": [None, effects.overdue],
        },
    )
