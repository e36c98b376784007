"""When the time of a step is over."""

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
            return _after_hours(calendar_of_hall(hall), begins_at, limit.amount)


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


def _after_hours(calendar: WorkCalendar, begins_at: datetime, hours: int) -> datetime:
    local = timezone.localtime(begins_at)
    day, left = local.date(), timedelta(hours=hours)
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


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
