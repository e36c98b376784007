from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.halls.models import Hall
from province.workdays.states import CalendarState, HallDaysKind, HallDaysState

LONGEST_NUMBER = 60
LONGEST_AUTHORITY = 60
LONGEST_HOLIDAY = 40
LONGEST_HALL_NOTE = 40


class YearCalendar(PublicRow):
    """A version of what one authority has arranged for a year: days off, and days of weekends that are worked.

    ``prefix``: of the codes for which it holds, "" for the whole country; what an area has arranged is added to what
    holds above it, and goes before it where both name a day. Once published its days never change: another version
    replaces it.
    """

    direction: ClassVar[Direction] = Direction.DOWN

    prefix = models.CharField(max_length=12, blank=True)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=CalendarState, default=CalendarState.DRAFT)
    # whose notice, its number and its day
    authority = models.CharField(max_length=LONGEST_AUTHORITY, blank=True)
    number = models.CharField(max_length=LONGEST_NUMBER, blank=True)
    issued_on = models.DateField(null=True)
    # counted up by every change of a draft, so that of two editors the second is told
    revision = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True)
    published_by_name = models.CharField(max_length=80, blank=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["prefix", "year", "version"], name="one_calendar_per_version"),
            models.UniqueConstraint(
                fields=["prefix", "year"], condition=models.Q(state="published"), name="one_published_calendar_per_year"
            ),
            models.UniqueConstraint(
                fields=["prefix", "year"], condition=models.Q(state="draft"), name="one_draft_calendar_per_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.prefix} {self.version}"

    @property
    def document(self) -> str:
        """What was arranged, in words: 国务院办公厅2026年放假安排（国办发明电〔2025〕7号）."""
        number = f"（{self.number}）" if self.number else ""
        return f"{self.authority}{self.year}年放假安排{number}"


class CalendarDay(PublicRow):
    """A day that is not as its day of the week says: off, or of a weekend and worked; for which holiday."""

    direction: ClassVar[Direction] = Direction.DOWN

    # the constraint's index begins with it
    calendar = models.ForeignKey(YearCalendar, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    is_off = models.BooleanField()
    name = models.CharField(max_length=LONGEST_HOLIDAY, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["calendar", "day"], name="one_line_per_day_of_calendar"),)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class HallDays(PublicRow):
    """Days, the first and the last of them, that one hall has arranged for itself: off, half off, or worked though
    others rest. Written by the hall, read by the province. It never changes: it is lifted, and another one set.

    ``moves_limits``: the hall's limits follow (a local festival); otherwise only its opening hours do (a removal). Half
    days move none: somebody is there.
    """

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    kind = models.CharField(max_length=9, choices=HallDaysKind)
    moves_limits = models.BooleanField()
    # why, as readers are told
    note = models.CharField(max_length=LONGEST_HALL_NOTE)
    state = models.CharField(max_length=8, choices=HallDaysState, default=HallDaysState.IN_FORCE)
    set_by_name = models.CharField(max_length=80, blank=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(last_on__gte=models.F("first_on")), name="hall_days_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first_on} {self.note}"

    @property
    def words(self) -> str:
        """3月5日至3月7日全天不办公：赶集日."""
        first, last = (f"{day.month}月{day.day}日" for day in (self.first_on, self.last_on))
        days = first if self.first_on == self.last_on else f"{first}至{last}"
        return f"{days}{self.get_kind_display()}：{self.note}"


class CalendarGeneration(models.Model):
    """One row: drawn anew whenever a calendar is published, so that every process knows whether it has the newest. Who
    counts a limit holds it, so that no calendar is published between the count and its commit."""

    direction: ClassVar[Direction] = Direction.DOWN

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mark = models.UUIDField()

    def __str__(self) -> str:
        return str(self.mark)
