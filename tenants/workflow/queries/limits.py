"""When the time of a step is over."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from province.halls.models import Hall
from province.workdays.queries import calendar_of_hall
from standards.flows.nodes import StepLimit, TimeUnit
from standards.workdays import WorkCalendar

# a working hour is one of the eight between these, on a working day
_OPENS: Final = time(9)
_HOURS: Final = 8
_DAY: Final = timedelta(days=1)
# units of which a calendar's correction moves the end
WORKING: Final = frozenset({TimeUnit.WORKING_DAYS, TimeUnit.WORKING_HOURS})


def due_at(hall: Hall, limit: StepLimit, begins_at: datetime) -> datetime:
    """The moment at which so much time from then on is over. Working days end with their day, the first one not
    counted (民法典 art. 201)."""
    match limit.unit:
        case TimeUnit.HOURS:
            return begins_at + timedelta(hours=limit.amount)
        case TimeUnit.DAYS:
            return _midnight(timezone.localdate(begins_at) + timedelta(days=limit.amount + 1))
        case TimeUnit.WORKING_DAYS:
            deadline = calendar_of_hall(hall).deadline_after(timezone.localdate(begins_at), limit.amount)
            return _midnight(deadline.last_day + timedelta(days=1))
        case TimeUnit.WORKING_HOURS:
            return _after_hours(calendar_of_hall(hall), begins_at, timedelta(hours=limit.amount))


def moved_end(
    hall: Hall, limit: StepLimit, ends_at: datetime, *, began_at: datetime, since: datetime, until: datetime
) -> datetime:
    """When a time is over that began then, would have ended at ``ends_at`` and stood in between: whole days and working
    days from the day of ``since`` up to, not including, that of ``until``, as clocks of cases have it."""
    since = max(since, began_at)
    if until <= since:
        return ends_at
    calendar = calendar_of_hall(hall)
    if limit.unit is TimeUnit.HOURS:
        return ends_at + (until - since)
    if limit.unit is TimeUnit.WORKING_HOURS:
        return _after_hours(calendar, until, _hours_between(calendar, since, ends_at))
    # the day on which it began never counted
    first = max(timezone.localdate(since), timezone.localdate(began_at) + _DAY)
    resumed, last = timezone.localdate(until), timezone.localdate(ends_at) - _DAY
    if resumed <= first or last < first:
        return ends_at
    if limit.unit is TimeUnit.DAYS:
        return _midnight(last + (resumed - first) + _DAY)
    left = calendar.workdays_between(first - _DAY, last)
    return _midnight(calendar.deadline_after(resumed - _DAY, left).last_day + _DAY)


def end_of_day(day: date) -> datetime:
    """The moment at which the day is over."""
    return _midnight(day + _DAY)


def own_end(hall: Hall, limit: StepLimit, began_at: datetime, stood: Sequence[Sequence[str]]) -> datetime:
    """The moment at which a time that began then is over, where it stood in between: from each first moment to the
    second (``Run.stood``)."""
    ends_at = due_at(hall, limit, began_at)
    for since, until in ((datetime.fromisoformat(first), datetime.fromisoformat(last)) for first, last in stood):
        # what had run out before stays so
        if since < ends_at:
            ends_at = moved_end(hall, limit, ends_at, began_at=began_at, since=since, until=until)
    return ends_at


def is_end_assumed(hall: Hall, limit: StepLimit, began_at: datetime, ends_at: datetime) -> bool:
    """Whether some year on the way to that end has no notice of its holidays, so that its working days are a guess."""
    if limit.unit not in WORKING:
        return False
    # the end of a day is the next one's first moment
    last_moment = ends_at - timedelta(microseconds=1)
    return calendar_of_hall(hall).is_assumed(timezone.localdate(began_at), timezone.localdate(last_moment))


def before(hall: Hall, limit: StepLimit, ends_at: datetime, begins_at: datetime) -> datetime:
    """So much time before an end, and not before the beginning: then that."""
    if limit.unit in {TimeUnit.HOURS, TimeUnit.DAYS}:
        back = timedelta(hours=limit.amount) if limit.unit is TimeUnit.HOURS else timedelta(days=limit.amount)
        return max(begins_at, ends_at - back)
    calendar, day = calendar_of_hall(hall), timezone.localdate(ends_at)
    left = limit.amount if limit.unit is TimeUnit.WORKING_DAYS else -(-limit.amount // _HOURS)
    while left > 0 and day > timezone.localdate(begins_at):
        day -= timedelta(days=1)
        left -= calendar.is_workday(day)
    return max(begins_at, _midnight(day))


def _after_hours(calendar: WorkCalendar, begins_at: datetime, left: timedelta) -> datetime:
    local = timezone.localtime(begins_at)
    day = local.date()
    opens = timezone.make_aware(datetime.combine(day, _OPENS))
    now = max(local, opens)
    while True:
        closes = timezone.make_aware(datetime.combine(day, _OPENS)) + timedelta(hours=_HOURS)
        if calendar.is_workday(day) and now < closes:
            if left <= closes - now:
                return now + left
            left -= closes - now
        day += timedelta(days=1)
        now = timezone.make_aware(datetime.combine(day, _OPENS))


def _hours_between(calendar: WorkCalendar, begins_at: datetime, ends_at: datetime) -> timedelta:
    """How much of that time is worked."""
    day, worked = timezone.localdate(begins_at), timedelta()
    while day <= timezone.localdate(ends_at):
        opens = timezone.make_aware(datetime.combine(day, _OPENS))
        first, last = max(begins_at, opens), min(ends_at, opens + timedelta(hours=_HOURS))
        if calendar.is_workday(day) and first < last:
            worked += last - first
        day += _DAY
    return worked


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
