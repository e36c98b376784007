from province.workdays.queries.calendars import calendar_of, national_calendar
from province.workdays.queries.hall_days import calendar_of_hall

__all__ = ["calendar_of", "calendar_of_hall", "national_calendar"]
