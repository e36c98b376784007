from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from foundation.rows import Direction, PublicRow
from province.halls.models import Hall
from province.workdays.states import (
    CalendarState,
    ClockKind,
    ClockState,
    ClockTold,
    HallDaysKind,
    HallDaysState,
    RecountState,
)
from standards.workdays import ASSUMED_BRIEFLY, ClockPause, Limit

LONGEST_NUMBER = 60
LONGEST_AUTHORITY = 60
LONGEST_HOLIDAY = 40
LONGEST_HALL_NOTE = 40
LONGEST_PAUSE_REASON = 20
# 2000wd
LONGEST_LIMIT = 6


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


class Clock(PublicRow):
    """A limit that runs for something of a hall: for a case, a step, a supplement that was asked for.

    Written by the hall's operations in the transaction of its change, and by the recount and the sweep, which run in
    the database where the hall's rows lie. ``due_on`` follows from what stands beside it (``workdays.due_of``).
    """

    direction: ClassVar[Direction] = Direction.UP

    # no index of its own: the hall's open clocks have one
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    # of what it is the clock: one of CLOCK_OWNERS, and the id of that row
    owner_kind = models.CharField(max_length=12)
    owner_id = models.UUIDField()
    # the owner whose statutory and promised clocks it may not outlast: of a step, the case
    within_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=10, choices=ClockKind)
    state = models.CharField(max_length=7, choices=ClockState, default=ClockState.RUNNING)
    # 20wd, 15d or 3m; the day on which it began never counts
    limit = models.CharField(max_length=LONGEST_LIMIT)
    began_on = models.DateField()
    # once, by so much, and whose approval it was
    extension = models.CharField(max_length=LONGEST_LIMIT, blank=True)
    extended_by_id = models.UUIDField(null=True)
    # closed ones in order: [first day, day on which work went on, why, allowed time]; without the second it took longer
    # than it may, and counts as long as that
    pauses = models.JSONField(default=list)
    # the one that is open: since when, why, and how long it may be
    paused_on = models.DateField(null=True)
    paused_for = models.CharField(max_length=LONGEST_PAUSE_REASON, blank=True)
    paused_at_most = models.CharField(max_length=LONGEST_LIMIT, blank=True)
    # the last day on which it is in time; unknown while paused
    due_on = models.DateField(null=True)
    # the first day on which it is near its end
    near_on = models.DateField(null=True)
    # some year on the way had no published holidays when it was counted
    is_assumed = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    # the next day on which the sweep has to look at it, and what it has told
    wake_on = models.DateField(null=True)
    told = models.PositiveSmallIntegerField(choices=ClockTold, default=ClockTold.NOTHING)
    # its last day before the latest recount that moved it, and which recount that was
    moved_from = models.DateField(null=True)
    moved_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["owner_id", "kind"],
                condition=models.Q(ended_on__isnull=True),
                name="one_open_clock_per_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(state="paused", paused_on__isnull=False, due_on__isnull=True)
                | (~models.Q(state="paused") & models.Q(paused_on__isnull=True, due_on__isnull=False)),
                name="clock_paused_or_due",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["running", "paused"], ended_on__isnull=True)
                | models.Q(state="met", ended_on__isnull=False, ended_on__lte=models.F("due_on"))
                | models.Q(state="late", ended_on__isnull=False, ended_on__gt=models.F("due_on"))
                | models.Q(state="dropped", ended_on__isnull=False),
                name="clock_ends_as_it_says",
            ),
            models.CheckConstraint(
                condition=models.Q(paused_on__isnull=True) | models.Q(paused_on__gte=models.F("began_on")),
                name="clock_paused_after_its_beginning",
            ),
            models.CheckConstraint(
                condition=models.Q(extension="", extended_by_id__isnull=True)
                | (~models.Q(extension="") & models.Q(extended_by_id__isnull=False)),
                name="clock_extended_with_approval",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(wake_on__isnull=True, near_on__isnull=True),
                name="clock_ended_sleeps",
            ),
        )
        indexes = (
            # an owner has some clocks, and the index keeps its id once for all of them
            models.Index(fields=["owner_id"], name="workdays_clock_of_owner"),
            # what is due soon or overdue in a hall, and whose, read without its rows; what a recount may move
            models.Index(
                fields=["hall", "due_on"],
                include=["near_on", "owner_id", "kind"],
                condition=models.Q(state="running"),
                name="workdays_clock_of_hall",
            ),
            # what is near its end or beyond it in all halls, counted without the rest
            models.Index(
                fields=["near_on"],
                condition=models.Q(state="running", kind__in=["statutory", "promised"]),
                name="workdays_clock_near",
            ),
            # the sweep's only question
            models.Index(fields=["wake_on"], condition=models.Q(wake_on__isnull=False), name="workdays_clock_wakes"),
        )

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.kind} {self.state}"

    @property
    def closed_pauses(self) -> tuple[ClockPause, ...]:
        return read_pauses(self.pauses)

    @property
    def open_pause(self) -> ClockPause | None:
        if self.paused_on is None:
            return None
        most = Limit.read(self.paused_at_most) if self.paused_at_most else None
        return ClockPause(self.paused_on, None, self.paused_for, most)

    @property
    def extensions(self) -> tuple[Limit, ...]:
        return (Limit.read(self.extension),) if self.extension else ()

    @property
    def assumed_words(self) -> str:
        """That its last day is one that nobody has published yet, as a cell says it; "" where it is known."""
        return ASSUMED_BRIEFLY if self.is_assumed else ""

    @property
    def assumed_remark(self) -> str:
        """The words of ``assumed_words``, to stand behind the day in a sentence."""
        return f"（{ASSUMED_BRIEFLY}）" if self.is_assumed else ""

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


def read_pauses(written: list[list[str | None]]) -> tuple[ClockPause, ...]:
    """Closed pauses as a clock's row keeps them."""
    return tuple(
        ClockPause(
            date.fromisoformat(begins_on or ""),
            date.fromisoformat(ends_on) if ends_on else None,
            why or "",
            Limit.read(most) if most else None,
        )
        for begins_on, ends_on, why, most in written
    )


class ClockRecount(PublicRow):
    """Open clocks are counted anew, because a calendar was published or a hall's own days changed. ``id`` is that of
    the event that told it, so that it is begun once."""

    direction: ClassVar[Direction] = Direction.UP

    # the calendar, or the hall's days
    cause_id = models.UUIDField()
    why = models.TextField()
    # of halls whose codes begin so; days from the first to the last count otherwise
    prefix = models.CharField(max_length=12, blank=True)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=8, choices=RecountState, default=RecountState.COUNTING)
    # those that lie within others' are counted after all others
    has_reached_inner = models.BooleanField(default=False)
    # clocks that may be touched, those that were looked at, those whose last day moved, and those of them that
    # became overdue
    clocks = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    # halls and owners with a clock that moved
    halls = models.PositiveIntegerField(default=0)
    owners = models.PositiveIntegerField(default=0)
    progress_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["cause_id"], name="workdays_recount_cause"),
            models.Index(
                fields=["progress_at"], condition=models.Q(state="counting"), name="workdays_recount_unfinished"
            ),
        )

    def __str__(self) -> str:
        return f"{self.prefix} {self.state}"

    @property
    def is_done(self) -> bool:
        return self.state == RecountState.DONE

    @property
    def is_stalled(self) -> bool:
        """Whether nothing went on for a minute: a part takes seconds."""
        return not self.is_done and self.progress_at < timezone.now() - timedelta(minutes=1)


class RecountPart(PublicRow):
    """Some thousand clocks that a recount has still to look at; deleted in the transaction that has counted them. What
    a hall holds at that moment stays in it."""

    direction: ClassVar[Direction] = Direction.UP

    recount = models.ForeignKey(ClockRecount, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    clock_ids = ArrayField(models.UUIDField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["recount", "number"], name="one_recount_part_per_number"),)

    def __str__(self) -> str:
        return f"{self.recount_id} {self.number}"
