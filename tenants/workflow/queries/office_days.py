"""By which days and hours a form that a hall has filled in is judged: each is read once, where some field asks."""

from collections.abc import Callable
from functools import cache

from province.halls.models import Hall
from province.workdays.queries.calendars import calendar_of
from province.workdays.queries.hall_days import calendar_of_hall
from standards.workdays import OfficeHours, WorkCalendar
from tenants.shell.queries.opening import office_hours


def office_days(office: Callable[[], Hall]) -> tuple[Callable[[], WorkCalendar], Callable[[], OfficeHours]]:
    """The working days by which the hall's limits are counted, and when it is open. Two queries for the former, one for
    the latter; two more where a calendar was published since."""

    @cache
    def days() -> WorkCalendar:
        return calendar_of_hall(office())

    @cache
    def open_at() -> OfficeHours:
        hall = office()
        return office_hours(hall, calendar_of(hall.division.code))

    return days, open_at
