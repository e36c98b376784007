"""How places and halls were rated, counted over all halls without opening one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Left

from province.halls.models import Division
from province.rights.actors import Actor
from province.rights.queries import within_reach
from province.satisfaction.models import RatingFigure
from standards.ratings import RatingGrade

READ: Final = "satisfaction.read"
# as the columns are called, the best first
COLUMNS: Final = ("very_good", "good", "fair", "bad", "very_bad")
OTHERS: Final = ("defaulted", "answered", "in_time")
# digits of a county's code that are its own
COUNTY: Final = 6
_WHOLE: Final = 12


@dataclass(frozen=True, slots=True)
class RatingSums:
    """Ratings of a hall, department, item or clerk, or of a place. ``counts``: those that somebody gave, the best grade
    first; ``defaulted``: 默认好评, which is in no other figure; ``answered``: of the low ones, whose rater was told
    what came of it; ``in_time``: of these, within the limits."""

    counts: tuple[int, ...] = (0, 0, 0, 0, 0)
    defaulted: int = 0
    answered: int = 0
    in_time: int = 0

    @property
    def given(self) -> int:
        return sum(self.counts)

    @property
    def low(self) -> int:
        return sum(self.counts[grade - 1] for grade in RatingGrade if grade.is_low)

    @property
    def average(self) -> float | None:
        """Of those that somebody gave, 5 the best; None without one."""
        points = sum(number * grade.points for number, grade in zip(self.counts, RatingGrade, strict=True))
        return round(points / self.given, 2) if self.given else None

    @property
    def good_share(self) -> float | None:
        """好评率: percent of those that somebody gave that are not low; None without one."""
        return round(100 * (self.given - self.low) / self.given, 1) if self.given else None

    @property
    def answered_share(self) -> float | None:
        """Percent of the low ones that were answered; None without one."""
        return round(100 * self.answered / self.low, 1) if self.low else None


@dataclass(frozen=True, slots=True)
class PlaceRatings:
    """``code``: of a county six digits, of a hall all twelve."""

    code: str
    name: str
    sums: RatingSums


def place_ratings(by: Actor, *, first: date, last: date, prefix: str = "") -> list[PlaceRatings]:
    """How every county that the actor may see was rated in months from the first to the last, by code; with the prefix
    of a county each of its halls. Three queries however many halls there are."""
    digits = _WHOLE if len(prefix) >= COUNTY else COUNTY
    rows = _figures(by, first, last).filter(hall__division__code__startswith=prefix)
    summed = rows.values(place=Left("hall__division__code", digits)).annotate(**_sums()).order_by("place")
    found = {one["place"]: _read(one) for one in summed}
    names = dict(Division.objects.filter(code__in=[_padded(code) for code in found]).values_list("code", "name"))
    return [PlaceRatings(code, names.get(_padded(code), code), sums) for code, sums in found.items()]


def ratings_altogether(by: Actor, *, first: date, last: date) -> RatingSums:
    """Of all that the actor may see: one query."""
    return _read(_figures(by, first, last).aggregate(**_sums()))


def ratings_in(by: Actor, *, prefix: str, hall_id: UUID | None, first: date, last: date) -> RatingSums:
    """Of halls whose codes begin so, or of one, as far as the actor may see them: one query."""
    rows = _figures(by, first, last).filter(hall__division__code__startswith=prefix)
    return _read((rows.filter(hall_id=hall_id) if hall_id else rows).aggregate(**_sums()))


def ratings_of_hall(hall_id: UUID, *, first: date, last: date) -> RatingSums:
    """Of one hall, for its public page: one query."""
    rows = RatingFigure.objects.filter(hall_id=hall_id, month__gte=first, month__lte=last)
    return _read(rows.aggregate(**_sums()))


def _figures(by: Actor, first: date, last: date) -> QuerySet[RatingFigure]:
    reach = within_reach(by, READ, hall="hall_id", prefix="hall__division__code")
    return RatingFigure.objects.filter(reach, month__gte=first, month__lte=last)


def _sums() -> dict[str, Sum]:
    return {f"all_{name}": Sum(F(name), default=0) for name in (*COLUMNS, *OTHERS)}


def _read(row: Mapping[str, Any]) -> RatingSums:
    return RatingSums(tuple(row[f"all_{name}"] for name in COLUMNS), *(row[f"all_{name}"] for name in OTHERS))


def _padded(code: str) -> str:
    return code.ljust(_WHOLE, "0")


def table_lines(lines: list[tuple[str, RatingSums]]) -> Iterator[tuple[object, ...]]:
    """As tables in files have them: a name, then the figures under ``HEADINGS``."""
    for name, one in lines:
        yield (
            *(name, one.given, *one.counts, one.average, one.good_share, one.defaulted),
            *(one.low, one.answered, one.answered_share, one.in_time),
        )


HEADINGS: Final = (
    *("真实评价", *(grade.label for grade in RatingGrade), "平均分", "好评率（%）", "默认好评"),
    *("差评", "已反馈差评", "差评反馈率（%）", "按期反馈"),
)
