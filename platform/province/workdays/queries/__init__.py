from province.workdays.queries.calendars import calendar_of, national_calendar

__all__ = ["calendar_of", "national_calendar"]
