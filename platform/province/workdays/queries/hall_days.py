"""The days that halls arrange for themselves, and the calendar of one hall."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Left

from foundation.errors import NotFound
from foundation.written import models_once
from province.halls.models import Hall
from province.workdays.models import HallDays
from province.workdays.queries.calendars import calendar_at_mark, calendar_of, generation_of_calendars
from province.workdays.states import HallDaysKind, HallDaysState
from standards.workdays import WorkCalendar

_HALVES = (HallDaysKind.MORNING, HallDaysKind.AFTERNOON)


def calendar_of_hall(hall: Hall, *, at: datetime | None = None) -> WorkCalendar:
    """The working days by which this hall's limits are counted: those of its place, and its own days. Two queries; four
    where a calendar was published since. ``at``: as it was known at that moment."""
    own = hall_days(hall.pk, at=at) if at else models_once(HallDays, hall_days, hall.pk)
    return with_hall_days(calendar_of(hall.division.code, at=at), own)


def calendars_of_halls(hall_ids: Collection[UUID]) -> dict[UUID, WorkCalendar]:
    """As ``calendar_of_hall``, of many halls by their ids. Three queries; five where a calendar was published since.
    Halls that count by the same days share one calendar."""
    mark = generation_of_calendars()
    own: dict[UUID, list[HallDays]] = {}
    for days in HallDays.objects.filter(hall_id__in=hall_ids, state=HallDaysState.IN_FORCE):
        own.setdefault(days.hall_id, []).append(days)
    codes = Hall.objects.filter(pk__in=hall_ids).values_list("pk", "division__code")
    return {pk: with_hall_days(calendar_at_mark(mark, code), own.get(pk, ())) for pk, code in codes}


def calendar_at_code(code: str) -> WorkCalendar:
    """As ``calendar_of_hall`` where a hall stands at this division code, as ``calendar_of`` elsewhere. Two queries."""
    rows = HallDays.objects.filter(hall__division__code=code, state=HallDaysState.IN_FORCE) if code else ()
    return with_hall_days(calendar_of(code), rows)


def hall_days(hall_id: UUID, *, at: datetime | None = None) -> QuerySet[HallDays]:
    """Those in force, or those that were at that moment, in order."""
    rows = HallDays.objects.filter(hall_id=hall_id).order_by("first_on", "pk")
    if at is None:
        return rows.filter(state=HallDaysState.IN_FORCE)
    return rows.filter(Q(lifted_at=None) | Q(lifted_at__gt=at), created_at__lte=at)


def with_hall_days(calendar: WorkCalendar, rows: Iterable[HallDays]) -> WorkCalendar:
    """What limits heed of these days, added to the calendar of the place."""
    off: dict[date, str] = {}
    made_up: set[date] = set()
    half_days: dict[date, str] = {}
    for one in rows:
        for day in days_of(one):
            if one.kind in _HALVES:
                half_days[day] = f"{one.get_kind_display()}：{one.note}"
            elif one.moves_limits and one.kind == HallDaysKind.WORKED:
                made_up.add(day)
            elif one.moves_limits and (calendar.is_workday(day) or calendar.holiday_name(day)):
                # a weekend like any other keeps its name
                off[day] = one.note
    if not (off or made_up or half_days):
        return calendar
    return calendar.with_own_days(off=off, made_up=made_up, half_days=half_days)


def days_of(one: HallDays) -> Iterator[date]:
    """Every day from the first to the last."""
    for passed in range((one.last_on - one.first_on).days + 1):
        yield one.first_on + timedelta(days=passed)


def hall_days_with_id(hall: Hall, days_id: UUID) -> HallDays:
    """Raises NotFound, for another hall's as well."""
    found = HallDays.objects.filter(pk=days_id, hall=hall).first()
    if found is None:
        raise NotFound("没有这项安排，可能网址输入有误。")
    return found


def hall_days_table(hall: Hall) -> QuerySet[HallDays]:
    """All of one hall, the latest days first; lifted ones too."""
    return HallDays.objects.filter(hall=hall).order_by("-first_on", "-pk")


def every_halls_days(*, prefix: str = "", since: date | None = None) -> QuerySet[HallDays]:
    """Of all halls whose codes begin so, the latest days first; lifted ones too. ``since``: those that reach this day
    or come after it."""
    rows = HallDays.objects.filter(hall__division__code__startswith=prefix).select_related("hall__division")
    if since:
        rows = rows.filter(last_on__gte=since)
    return rows.order_by("-first_on", "pk")


def counted_place(digits: int) -> Case:
    """For queries of limits with a ``hall``: so many first digits of its code, and the whole code of a hall whose own
    days move limits, which counts otherwise than its neighbours."""
    own = HallDays.objects.filter(hall_id=OuterRef("hall_id"), state=HallDaysState.IN_FORCE, moves_limits=True)
    return Case(
        When(Exists(own), then=F("hall__division__code")),
        default=Left("hall__division__code", digits),
        output_field=CharField(),
    )


def moving_days_below(prefix: str) -> dict[str, list[HallDays]]:
    """By the whole code of the hall, days in force that move its limits: one query, of halls that have some."""
    found: dict[str, list[HallDays]] = {}
    rows = every_halls_days(prefix=prefix).filter(state=HallDaysState.IN_FORCE, moves_limits=True)
    for one in rows:
        found.setdefault(one.hall.division.code, []).append(one)
    return found
