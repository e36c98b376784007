"""Clocks that run, as calendars need them."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count

from province.workdays.models import Clock, read_pauses
from province.workdays.queries.hall_days import counted_place
from province.workdays.slots import LimitGroup, LimitKind
from province.workdays.states import ClockState
from standards.workdays import Limit


def open_limits(prefix: str, digits: int, first: date, last: date) -> Iterator[LimitGroup]:
    """Those alike together: one query. Clocks of steps follow those of their cases and are left out."""
    running = Clock.objects.filter(state=ClockState.RUNNING, within_id=None, hall__division__code__startswith=prefix)
    touched = running.filter(began_on__lt=last, due_on__gte=first).order_by()
    alike = touched.values_list(counted_place(digits), "began_on", "limit", "due_on", "pauses", "extension")
    for code, began_on, limit, due_on, pauses, extension, number in alike.annotate(number=Count("*")):
        extensions = (Limit.read(extension),) if extension else ()
        yield LimitGroup(code, began_on, Limit.read(limit), due_on, number, read_pauses(pauses), extensions)


CLOCK_LIMITS = LimitKind("办件的期限", open_limits)
