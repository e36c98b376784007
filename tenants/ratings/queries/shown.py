"""Ratings as raters and the desk see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from foundation.counting import count_once
from foundation.errors import NotFound
from foundation.masking import scrub
from province.people.models import Unit
from province.workdays.models import Clock
from province.workdays.queries.clocks import clocks_of, days_left, stories
from province.workdays.states import ClockState
from standards.ratings import words_of_reasons
from tenants.ratings.models import LowRating, LowRatingAct, Rating
from tenants.ratings.queries.access import NO_RATING, low_ratings_of
from tenants.ratings.states import RATING_CLOCK, LowRatingState
from tenants.shell.slots import Desk

WINDOW: Final = "综合窗口"
FILTERS: Final = {"open": "在办", "late": "已超期", **{one.value: one.label for one in LowRatingState}}


@dataclass(frozen=True, slots=True)
class LowRatingLine:
    """A low rating in a list. ``clock``: the one that runs and ends first; ``left``: working days until then."""

    low: LowRating
    unit_name: str
    clock: Clock | None
    left: int | None

    @property
    def rating(self) -> Rating:
        return self.low.rating

    @property
    def opinion(self) -> str:
        """Without numbers that somebody has written into it."""
        return scrub(self.low.rating.opinion)

    @property
    def reasons(self) -> list[str]:
        return words_of_reasons(self.low.rating.reasons)

    @property
    def is_late(self) -> bool:
        return bool(self.clock and self.clock.due_on and self.clock.due_on < timezone.localdate())

    @property
    def left_words(self) -> str:
        if self.left is None:
            return ""
        if self.is_late:
            return f"超期 {-self.left} 个工作日"
        return f"还有 {self.left} 个工作日" if self.left else "今天到期"


@dataclass(frozen=True, slots=True)
class LowRatingView:
    """One low rating with all that was done; ``clocks``: each with how its last day came about."""

    line: LowRatingLine
    acts: Sequence[LowRatingAct]
    clocks: Sequence[tuple[Clock, str]]


def rating_with_id(rating_id: UUID) -> Rating:
    """Raises NotFound. Who may see it, the caller knows."""
    found = Rating.objects.select_related("low").filter(pk=rating_id).first()
    if found is None:
        raise NotFound(NO_RATING)
    return found


def rating_of_case(case_id: UUID) -> Rating | None:
    """None while the case has not ended."""
    return Rating.objects.filter(case_id=case_id).first()


def told_of(rating: Rating) -> str:
    """What the rater was told came of a low rating; "" where nothing was yet."""
    low = LowRating.objects.filter(rating=rating).first()
    return low.told if low else ""


def low_ratings_at_desk(desk: Desk, *, state: str = "open") -> QuerySet[LowRating]:
    """Those of the person, the oldest first while they are open. ``state``: a key of FILTERS, "" for all."""
    rows = low_ratings_of(desk)
    if state in FILTERS:
        rows = rows.filter(_condition(state))
    return rows.order_by("pk") if state in {"open", "late"} else rows.order_by("-pk")


def low_by_filter(desk: Desk) -> dict[str, int]:
    """How many each of FILTERS has: one query."""
    return low_ratings_of(desk).aggregate(**{key: Count("pk", filter=_condition(key)) for key in FILTERS})


def open_number(desk: Desk) -> int:
    """How many low ratings wait for the person's department."""
    return count_once(_open, desk)


def _open(desk: Desk) -> QuerySet[LowRating]:
    return low_ratings_of(desk).filter(~Q(state=LowRatingState.CLOSED))


def low_lines(desk: Desk, lows: Sequence[LowRating]) -> list[LowRatingLine]:
    """With departments and clocks: five queries whatever their number."""
    units = dict(Unit.objects.filter(hall_id=desk.hall.pk).values_list("pk", "name"))
    clocks = clocks_of(RATING_CLOCK, [one.rating_id for one in lows])
    first = {pk: _first(found) for pk, found in clocks.items()}
    left = days_left([one for one in first.values() if one])
    return [_line(one, units, first[one.rating_id], left) for one in lows]


def low_view(desk: Desk, low: LowRating) -> LowRatingView:
    clocks = clocks_of(RATING_CLOCK, [low.rating_id])[low.rating_id]
    told = stories(clocks)
    acts = list(low.acts.order_by("pk"))
    return LowRatingView(low_lines(desk, [low])[0], acts, [(one, told[one.pk]) for one in clocks])


def _line(low: LowRating, units: dict[UUID, str], clock: Clock | None, left: dict[UUID, int | None]) -> LowRatingLine:
    unit_name = units.get(low.rating.unit_id, WINDOW) if low.rating.unit_id else WINDOW
    return LowRatingLine(low, unit_name, clock, left[clock.pk] if clock else None)


def _first(clocks: Sequence[Clock]) -> Clock | None:
    running = [one for one in clocks if one.state == ClockState.RUNNING]
    return min(running, key=lambda one: one.due_on or date.max, default=None)


def _condition(key: str) -> Q:
    match key:
        case "open":
            return ~Q(state=LowRatingState.CLOSED)
        case "late":
            running = Clock.objects.filter(owner_id=OuterRef("rating_id"), state=ClockState.RUNNING)
            return Q(Exists(running.filter(owner_kind=RATING_CLOCK, due_on__lt=timezone.localdate())))
        case _:
            return Q(state=key)
