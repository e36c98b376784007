"""What apps with limits and clocks contribute."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from foundation.contributions import Slot
from standards.workdays import ClockPause, Limit


@dataclass(frozen=True, slots=True)
class LimitGroup:
    """So many open limits alike: of places whose codes begin so, counted from the day after ``begins_on``, with these
    pauses and extensions, due on ``due_on`` as it was counted last."""

    code: str
    begins_on: date
    limit: Limit
    due_on: date
    number: int
    pauses: tuple[ClockPause, ...] = ()
    extensions: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitKind:
    """Limits of one kind. ``open_limits``: those of codes with a prefix that could count one of the days from the first
    to the last, grouped by ``counted_place`` of so many digits; one query whatever the number of halls.

    Who contributes also subscribes to ``CALENDAR_PUBLISHED`` and counts its limits anew. Limits that are clocks are
    contributed by the calendar's own app.
    """

    label: str
    open_limits: Callable[[str, int, date, date], Iterable[LimitGroup]]


LIMITS = Slot[LimitKind]("workdays.limits", keys=lambda kind: [kind.label])


@dataclass(frozen=True, slots=True)
class ClockOwner:
    """What a clock may be of. ``kind``: at most 12 letters, kept with each clock; ``label``: 办件."""

    kind: str
    label: str


CLOCK_OWNERS = Slot[ClockOwner]("workdays.clock_owners", keys=lambda owner: [owner.kind, owner.label])
