"""Whose turn it is: written cell by cell, or by turns over many days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, DomainError, Fault, Invalid
from province.halls.models import Hall
from province.rights.actors import Actor
from province.workdays.queries.hall_days import calendar_of_hall
from tenants.duty.models import DutyShift, DutyTurn
from tenants.duty.operations.rows import hold_roster, record_turns, text_of_turns, turns_of_cell
from tenants.duty.queries.access import KEEP
from tenants.duty.queries.roster import cell_key
from tenants.duty.queries.shifts import shift_with_id
from tenants.duty.queries.staff import DutyStaff, duty_staff
from tenants.duty.states import DutyPart
from tenants.portal.operations.figures import require_in_hall

# of one act: a month of eight shifts with leaders
MOST_CELLS: Final = 500
# so far ahead, and so far back for what was kept on paper
_LONGEST: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """What somebody has typed for a shift, day and part: names with 、 between them. ``before``: what stood there when
    they read it; None: whatever stands there."""

    on: date
    shift_id: UUID
    part: DutyPart
    names: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class ChangedCell:
    on: date
    shift: DutyShift
    part: DutyPart
    before: str
    after: str

    @property
    def said(self) -> str:
        """12月3日 夜班 值班员：王芳 → 李明."""
        place = f"{self.on.month}月{self.on.day}日 {self.shift.name} {self.part.label}"
        return f"{place}：{self.before or '没有人'} → {self.after or '没有人'}"


@transaction.atomic
def write_turns(*, by: Actor, hall: Hall, cells: Sequence[WrittenCell]) -> list[ChangedCell]:
    """Write these cells of the roster, all or none; a cell that says what stands there already is left alone. What was
    given out by the roster before stays with whom it was given.

    Raises Invalid with a fault at each wrong cell (``cell_key``), Conflict with a fault at each that somebody else has
    changed since it was read, NotAllowed.
    """
    require_in_hall(by, KEEP, hall)
    if len(cells) > MOST_CELLS:
        message = f"一次最多改 {MOST_CELLS} 格。"
        raise Invalid(message)
    hold_roster(hall)
    staff = duty_staff(hall.pk)
    shifts = {one.pk: one for one in DutyShift.objects.all()}
    faults: list[Fault] = []
    changed: list[ChangedCell] = []
    was_overtaken = False
    for cell in cells:
        try:
            if done := _write_cell(by, hall, cell, shifts.get(cell.shift_id), staff):
                changed.append(done)
        except DomainError as refusal:
            was_overtaken |= isinstance(refusal, Conflict)
            faults.append(Fault(cell_key(cell.on, cell.shift_id, cell.part), refusal.message))
    if was_overtaken:
        raise Conflict("有的格子刚被别人改过，您的改动没有保存。请看看现在写的，再保存。", faults=faults)
    if faults:
        raise Invalid("有的格子写得不对，没有保存。", faults=faults)
    return changed


@transaction.atomic
def rotate_turns(
    *, by: Actor, hall: Hall, shift_id: UUID, part: DutyPart, names: str, first: date, last: date
) -> list[ChangedCell]:
    """Fill what is still empty between two days, both included, with these people by turns, one a day, on the days of
    the shift. Raises Invalid, NotFound, NotAllowed."""
    require_in_hall(by, KEEP, hall)
    hold_roster(hall)
    shift, staff = shift_with_id(shift_id), duty_staff(hall.pk)
    try:
        people = staff.people_in(names)
    except Invalid as refusal:
        raise Invalid.at("names", refusal.message) from refusal
    if not people:
        raise Invalid.at("names", "请写上轮流值班的人。")
    if not first <= last <= first + timedelta(days=366):
        raise Invalid.at("last", "结束日期要在开始日期之后的一年以内。")
    taken = set(
        DutyTurn.objects.filter(shift=shift, part=part, on__gte=first, on__lte=last).values_list("on", flat=True)
    )
    calendar, days = calendar_of_hall(hall), (last - first).days + 1
    kept = [
        on
        for on in (first + timedelta(days=number) for number in range(days))
        if shift.is_kept_on(is_workday=calendar.is_workday(on))
    ]
    changed = []
    for on, account_id in zip(kept, cycle(people), strict=False):
        # the turn of who would have had a day that is taken already passes with it
        if on not in taken and (
            done := _write_cell(by, hall, WrittenCell(on, shift.pk, part, staff.labels[account_id]), shift, staff)
        ):
            changed.append(done)
    return changed


def _write_cell(
    by: Actor, hall: Hall, cell: WrittenCell, shift: DutyShift | None, staff: DutyStaff
) -> ChangedCell | None:
    """None where it stays as it is. Raises Invalid, Conflict."""
    if shift is None:
        raise Invalid("没有这个班次。")
    turns = turns_of_cell(cell.on, shift.pk, cell.part)
    now = text_of_turns(turns, staff)
    if _same(now, cell.names) or (cell.before is not None and _same(cell.before, cell.names)):
        return None
    if cell.before is not None and not _same(now, cell.before):
        message = f"刚被别人改成：{now or '没有人'}。"
        raise Conflict(message)
    people = staff.people_in(cell.names)
    today = timezone.localdate()
    if not today - _LONGEST <= cell.on <= today + _LONGEST:
        raise Invalid("只能排前后一年以内的值班。")
    if turns and cell.on < today:
        raise Invalid("已经过去的值班不能再改。")
    if people and not shift.is_in_use:
        message = f"班次“{shift.name}”已经停用。"
        raise Invalid(message)
    DutyTurn.objects.filter(pk__in=[one.pk for one in turns]).delete()
    made = [
        DutyTurn(on=cell.on, shift=shift, part=cell.part, account_id=pk, account_name=staff.names[pk], place=place)
        for place, pk in enumerate(people)
    ]
    DutyTurn.objects.bulk_create(made)
    after = text_of_turns(made, staff)
    record_turns(by, hall, "write_turns", (cell.on, shift, cell.part), before=now, after=after)
    return ChangedCell(cell.on, shift, cell.part, now, after)


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())
