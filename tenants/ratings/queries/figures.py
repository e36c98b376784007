"""How the hall, its departments, items and clerks were rated. A default counts in no figure but its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse

from province.console.queries.months import months_back
from province.people.models import Unit
from province.rights.queries import works_at
from province.satisfaction.queries.figures import COLUMNS, OTHERS, RatingSums
from standards.ratings import RatingGrade
from tenants.ratings.models import Rating
from tenants.ratings.queries.access import MEND, ratings_of
from tenants.ratings.queries.shown import WINDOW
from tenants.ratings.states import RatingState
from tenants.shell.slots import Desk, Once, SiteLink

# what figures can be counted by -> what the first column is called
KINDS: Final[Mapping[str, str]] = {"hall": "服务厅", "unit": "部门", "item": "事项", "clerk": "服务人员"}
# with fewer in a span nobody is told their own: one would know who has said it
FEWEST: Final = 5
_FIELDS: Final = {"unit": ("unit_id",), "item": ("item_id", "item_name"), "clerk": ("clerk_id", "clerk_name")}


@dataclass(frozen=True, slots=True)
class RatedLine:
    """``key``: of the department, item or clerk; None for the hall and for what has none."""

    key: UUID | None
    name: str
    sums: RatingSums


def rating_figures(desk: Desk, kind: str, *, first: date, last: date) -> list[RatedLine]:
    """By one of KINDS, of months from the first to the last, those with the most ratings leading: one query, two for
    departments. Of the departments over which the person answers low ratings."""
    rows = _between(ratings_of(desk), first, last)
    if kind not in _FIELDS:
        return [RatedLine(None, desk.hall.name, read_sums(rows.aggregate(**sums_of_ratings())))]
    fields = _FIELDS[kind]
    found = list(rows.values(*fields).annotate(**sums_of_ratings()).order_by(*fields))
    names = dict(Unit.objects.filter(hall_id=desk.hall.pk).values_list("pk", "name")) if kind == "unit" else {}
    lines = [RatedLine(one[fields[0]], _name(one, kind, names), read_sums(one)) for one in found]
    return sorted(lines, key=lambda one: -one.sums.given)


def own_figures(desk: Desk, *, first: date, last: date) -> RatingSums | None:
    """The person's own; None where fewer than FEWEST have rated."""
    me = desk.by.acting_for_id or desk.by.id
    found = read_sums(_between(Rating.objects.filter(clerk_id=me), first, last).aggregate(**sums_of_ratings()))
    return found if found.given >= FEWEST else None


def disclosed_ratings(once: Once) -> tuple[SiteLink, ...]:
    """The page of the hall's figures, once somebody has rated."""
    return (SiteLink("办事评价", "/ratings/"),) if once(_has_ratings) else ()


def link_to_figures(desk: Desk, months: Mapping[str, str]) -> SiteLink | None:
    """To those of departments in the same months, for who answers low ratings."""
    if not works_at(desk.by, MEND, hall_id=desk.hall.pk):
        return None
    return SiteLink("评价统计", reverse("desk-rating-figures", query={"by": "unit", **months}))


def _has_ratings() -> bool:
    return Rating.objects.exclude(counted_on=None).exists()


def months_of_hall() -> list[tuple[date, dict[str, int]]]:
    """Every month with its counts by columns of ``RatingFigure``, as the rows say: one query."""
    rows = Rating.objects.exclude(counted_on=None).values(month=TruncMonth("counted_on"))
    counted = rows.annotate(**sums_of_ratings()).order_by("month")
    found = cast("Iterable[dict[str, Any]]", counted)
    return [(one["month"], {name: one[f"all_{name}"] for name in (*COLUMNS, *OTHERS)}) for one in found]


def sums_of_ratings() -> dict[str, Any]:
    """Counts by columns of ``RatingFigure``, as annotations of ratings."""
    grades = {
        f"all_{name}": Count("pk", filter=Q(grade=grade)) for name, grade in zip(COLUMNS, RatingGrade, strict=True)
    }
    is_told = Q(low__told_at__isnull=False)
    return grades | {
        "all_defaulted": Count("pk", filter=Q(state=RatingState.DEFAULTED)),
        "all_answered": Count("pk", filter=is_told),
        "all_in_time": Count("pk", filter=is_told & Q(low__was_late=False)),
    }


def read_sums(row: Mapping[str, Any]) -> RatingSums:
    return RatingSums(tuple(row[f"all_{name}"] for name in COLUMNS), *(row[f"all_{name}"] for name in OTHERS))


def _between(rows: QuerySet[Rating], first: date, last: date) -> QuerySet[Rating]:
    """Of whole months."""
    return rows.filter(counted_on__gte=first, counted_on__lt=months_back(last, -1)) if last >= first else rows.none()


def _name(row: Mapping[str, Any], kind: str, units: Mapping[UUID, str]) -> str:
    match kind:
        case "unit":
            return units.get(row["unit_id"], WINDOW)
        case "clerk":
            return row["clerk_name"] or "没有具体人员"
        case _:
            return str(row["item_name"])
