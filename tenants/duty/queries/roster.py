"""The roster of a month, and the turns that nobody has."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from province.halls.models import Hall
from province.workdays.queries.hall_days import calendar_of_hall
from standards.workdays import WorkCalendar
from tenants.duty.models import DutyShift, DutySwap, DutyTurn
from tenants.duty.queries.shifts import duty_shifts
from tenants.duty.queries.staff import DutyStaff, duty_staff
from tenants.duty.states import DutyPart

WEEKDAYS: Final = "一二三四五六日"
# turns that nobody has are told so many days in advance
DAYS_AHEAD: Final = 7


@dataclass(frozen=True, slots=True)
class DutyCell:
    """Who is on duty in one shift, day and part. ``people``: as the roster calls them, and whether they still work
    here; ``text``: the same as it is typed; ``is_empty``: somebody should be there, and nobody is."""

    on: date
    shift: DutyShift
    part: DutyPart
    people: tuple[tuple[str, bool], ...]
    turn_ids: tuple[UUID, ...]
    is_empty: bool

    @property
    def key(self) -> str:
        return cell_key(self.on, self.shift.pk, self.part)

    @property
    def text(self) -> str:
        return "、".join(label for label, _ in self.people)

    @property
    def said(self) -> str:
        """12月3日 夜班 值班员."""
        return f"{self.on.month}月{self.on.day}日 {self.shift.name} {self.part.label}"


@dataclass(frozen=True, slots=True)
class DutyDate:
    """A day of a roster. ``note``: what the calendar says of it: 国庆节, 调休上班, ""."""

    on: date
    is_workday: bool
    note: str
    is_past: bool
    cells: tuple[DutyCell, ...]

    @property
    def weekday(self) -> str:
        return f"周{WEEKDAYS[self.on.weekday()]}"


@dataclass(frozen=True, slots=True)
class DutyColumn:
    """``key``: of the shift and the part, as its cells' keys end."""

    shift: DutyShift
    part: DutyPart

    @property
    def label(self) -> str:
        return f"{self.shift.name} {self.part.label}"


@dataclass(frozen=True, slots=True)
class DutyRosterPage:
    columns: tuple[DutyColumn, ...]
    dates: tuple[DutyDate, ...]
    staff: DutyStaff

    @property
    def shifts(self) -> list[tuple[DutyShift, int]]:
        """Each with the number of its columns."""
        numbers: dict[UUID, tuple[DutyShift, int]] = {}
        for one in self.columns:
            numbers[one.shift.pk] = (one.shift, numbers.get(one.shift.pk, (one.shift, 0))[1] + 1)
        return list(numbers.values())


def cell_key(on: date, shift_id: UUID, part: str) -> str:
    return f"{on:%Y-%m-%d}.{shift_id}.{part}"


def month_of(text: str) -> date:
    """The first day of a month that is written 2026-12; of this month for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)


def last_of_month(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def roster_of(hall: Hall, first: date, last: date, unit_id: UUID | None = None) -> DutyRosterPage:
    """The days from one to another, both included, of the hall's shifts (``unit_id`` None) or of a department's. Six
    queries, however many days."""
    shifts = [one for one in duty_shifts() if one.unit_id == unit_id]
    rows = DutyTurn.objects.filter(on__gte=first, on__lte=last, shift__in=[one.pk for one in shifts])
    turns: defaultdict[tuple[date, UUID, str], list[DutyTurn]] = defaultdict(list)
    for turn in rows.order_by("place", "pk"):
        turns[turn.on, turn.shift_id, turn.part].append(turn)
    kept = {(shift_id, part) for _, shift_id, part in turns}
    columns = tuple(
        DutyColumn(shift, part)
        for shift in shifts
        for part in DutyPart
        if _is_wanted(shift, part) or (shift.pk, part) in kept
    )
    staff, calendar, today = duty_staff(hall.pk), calendar_of_hall(hall), timezone.localdate()
    dates = []
    for on in _days(first, last):
        is_workday = calendar.is_workday(on)
        cells = tuple(
            _cell(on, one, turns.get((on, one.shift.pk, one.part), ()), staff, is_workday=is_workday) for one in columns
        )
        dates.append(DutyDate(on, is_workday, _note(calendar, on), on < today, cells))
    return DutyRosterPage(columns, tuple(dates), staff)


def cells_without_people(hall: Hall, first: date, last: date) -> list[DutyCell]:
    """The turns of the hall and of its departments that nobody has who still works here, day by day."""
    units: Collection[UUID | None] = set(DutyShift.objects.filter(is_in_use=True).values_list("unit_id", flat=True))
    found = [cell for unit_id in units for day in roster_of(hall, first, last, unit_id).dates for cell in day.cells]
    return sorted((one for one in found if one.is_empty), key=lambda one: (one.on, one.shift.starts_at, one.part))


def swaps_between(first: date, last: date) -> Iterable[DutySwap]:
    """Who took whose turn on these days, the latest first."""
    return DutySwap.objects.filter(on__gte=first, on__lte=last).select_related("shift").order_by("-pk")


def _is_wanted(shift: DutyShift, part: DutyPart) -> bool:
    return shift.is_in_use and (part == DutyPart.PERSON or shift.needs_leader)


def _cell(on: date, column: DutyColumn, turns: Collection[DutyTurn], staff: DutyStaff, *, is_workday: bool) -> DutyCell:
    people = tuple(
        (staff.labels.get(one.account_id, one.account_name), one.account_id in staff.labels) for one in turns
    )
    wanted = _is_wanted(column.shift, column.part) and column.shift.is_kept_on(is_workday=is_workday)
    return DutyCell(
        on,
        column.shift,
        column.part,
        people,
        tuple(one.pk for one in turns),
        wanted and not any(is_here for _, is_here in people),
    )


def _note(calendar: WorkCalendar, on: date) -> str:
    return calendar.holiday_name(on) or ("调休上班" if calendar.is_made_up(on) else "")


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
