"""By which days and hours a form that a hall has filled in is judged."""

from dataclasses import dataclass

from foundation.written import models_once
from province.halls.models import Hall
from province.workdays.models import HallDays
from province.workdays.queries.calendars import calendar_of
from province.workdays.queries.hall_days import hall_days, with_hall_days
from standards.forms.definition import FormDefinition
from standards.forms.fields.times import TimeField
from standards.forms.reading import every_field
from standards.workdays import OfficeHours, WorkCalendar
from tenants.shell.queries.opening import office_hours


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """``calendar``: the working days by which the hall's limits are counted; ``hours``: when it is open."""

    calendar: WorkCalendar
    hours: OfficeHours


def office_days(hall: Hall) -> OfficeDays:
    """Two queries; four where a calendar was published since."""
    place = calendar_of(hall.division.code)
    own = models_once(HallDays, hall_days, hall.pk)
    return OfficeDays(with_hall_days(place, own), office_hours(hall, place))


def goes_by_hours(definition: FormDefinition) -> bool:
    """Whether some field of it asks when the hall is open."""
    return any(isinstance(one, TimeField) and one.office_hours_only for one in every_field(definition))
