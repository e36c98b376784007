"""办件概览: how cases stand over all halls that somebody may see, without opening one.

How cases stood at the last numbering is summed from rows of figures; which of them are near their end or beyond it
depends on today, and is counted from their clocks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.aggregates import BoolOr
from django.db import connection
from django.db.models import F, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast, Left
from django.utils import timezone

from foundation.errors import NotFound
from province.cases.models import CHANNELS, MEASURES, CaseFigure, ItemFigure
from province.cases.queries.counting import OPEN
from province.cases.slots import SummaryArea
from province.catalogue.queries.items import names_of_items
from province.console.queries.months import months_back
from province.halls.models import Division, Hall
from province.rights.actors import Actor
from province.rights.queries import within_reach
from province.workdays.models import Clock
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import CaseType

READ: Final = "cases.read_summary"
_NOTHING: Final = "没有这个地方，或者不在您的查看范围内。"
# digits of a county's and of a township's code that are their own
COUNTY: Final = 6
_TOWNSHIP: Final = 9
_WHOLE: Final = 12
TIMES: Final = ("due_soon", "over_statutory", "over_promised")
# each case once; past one of its days it is no longer due soon
_NEAR: Final = """
WITH near (case_id, over_statutory, over_promised) AS MATERIALIZED ({clocks})
SELECT {key} AS line, report.case_type, count(*) FILTER (WHERE NOT over_statutory AND NOT over_promised),
    count(*) FILTER (WHERE over_statutory), count(*) FILTER (WHERE over_promised)
FROM near JOIN cases_casereport AS report ON report.id = near.case_id
JOIN ({halls}) AS hall (id, code) ON hall.id = report.hall_id
WHERE report.received_on >= %s AND report.received_on < %s AND report.counted IS NOT NULL
    AND report.state IN ({open})
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class CaseSums:
    """Cases by MEASURES and CHANNELS, and of those in hand, by TIMES: how many are near a statutory or promised end;
    past the statutory, past the promised one, each apart (a case may be both)."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "CaseSums") -> "CaseSums":
        names = self.counts.keys() | other.counts.keys()
        return CaseSums({name: self.of(name) + other.of(name) for name in names})

    def of(self, name: str) -> int:
        return self.counts.get(name, 0)

    @property
    def mean_days(self) -> float | None:
        """Working days from acceptance to decision, of decided cases with a promised time; None without one."""
        return round(self.of("days") / self.of("timed"), 1) if self.of("timed") else None

    @property
    def mean_promised(self) -> float | None:
        """The working days that they might have taken."""
        return round(self.of("promised_days") / self.of("timed"), 1) if self.of("timed") else None

    @property
    def kept_share(self) -> float | None:
        """Percent of the decided ones with a promised time that kept it; None without one."""
        timed = self.of("timed")
        return round(100 * (timed - self.of("late_promised")) / timed, 1) if timed else None


@dataclass(frozen=True, slots=True)
class PlaceSums:
    """``code``: so many digits as stand for the place, of a hall all twelve; ``hall_id``: of a hall."""

    code: str
    name: str
    sums: CaseSums
    hall_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """``earlier``: received before the first month and still in hand, in no other figure."""

    total: CaseSums
    types: list[tuple[CaseType, CaseSums]]
    places: list[PlaceSums]
    earlier: int


@dataclass(frozen=True, slots=True)
class ItemSums:
    item_id: UUID
    name: str
    sums: CaseSums


@dataclass(frozen=True, slots=True)
class MonthSums:
    """Of the cases received in this month: how many, and how many of these are finished."""

    month: date
    received: int
    finished: int


def area_of(by: Actor, *, place: str, hall: str, first: date, last: date) -> SummaryArea:
    """What somebody asks for: ``place``: the first digits of a code, "" for all that they may see; ``hall``: an id, ""
    for none. Raises NotFound where there is nothing, or nothing that they may see."""
    prefix = place.strip()
    if prefix and not (prefix.isascii() and prefix.isdecimal() and len(prefix) <= _WHOLE):
        raise NotFound(_NOTHING)
    try:
        area = SummaryArea(prefix, UUID(hall) if hall else None, first, last)
    except ValueError:
        raise NotFound(_NOTHING) from None
    if (prefix or hall) and not _halls(by, area).exists():
        raise NotFound(_NOTHING)
    return area


def case_summary(by: Actor, area: SummaryArea) -> CaseSummary:
    """How cases stand in the area, by type and by the places below it, the code's order: four queries however many
    halls and cases there are."""
    key, near_key = _place_keys(area)
    found = _sums(by, area, CaseFigure, (*MEASURES, *CHANNELS), key)
    lines, types = _folded(found, _near(by, area, near_key))
    places = [] if area.hall_id else _named(by, area, lines)
    shown = [(one, types[one]) for one in CaseType if one in types]
    before = CaseFigure.objects.filter(hall__in=_halls(by, area).values("pk"), month__lt=area.first)
    earlier = before.exclude(in_hand=0).aggregate(number=Sum("in_hand", default=0))["number"]
    return CaseSummary(sum(types.values(), CaseSums()), shown, places, earlier)


def item_lines(by: Actor, area: SummaryArea) -> list[ItemSums]:
    """The area's cases by item, of which most were received first: three queries."""
    found = _sums(by, area, ItemFigure, MEASURES, Cast("item_id", TextField()), has_types=False)
    lines, _ = _folded(found, _near(by, area, "report.item_id::text"))
    names = names_of_items([UUID(one) for one in lines])
    made = [ItemSums(UUID(one), names.get(UUID(one), "已删除的事项"), sums) for one, sums in lines.items()]
    return sorted(made, key=lambda one: (-one.sums.of("received"), one.name, one.item_id))


def month_lines(by: Actor, area: SummaryArea) -> list[MonthSums]:
    """By the month in which they were received, those without a case too: one query."""
    rows = _rows(by, area, CaseFigure).values_list("month").annotate(Sum("received"), Sum("finished"))
    found = {month: MonthSums(month, received, finished) for month, received, finished in rows.order_by("month")}
    months = (area.last.year - area.first.year) * 12 + area.last.month - area.first.month
    return [
        found.get(one, MonthSums(one, 0, 0)) for one in (months_back(area.last, months - n) for n in range(months + 1))
    ]


def _halls(by: Actor, area: SummaryArea) -> QuerySet[Hall]:
    reach = within_reach(by, READ, hall="pk", prefix="division__code")
    found = Hall.objects.filter(reach, division__code__startswith=area.prefix)
    return found.filter(pk=area.hall_id) if area.hall_id else found


def _rows(by: Actor, area: SummaryArea, model: type[CaseFigure] | type[ItemFigure]) -> QuerySet[Any]:
    rows = model.objects.filter(hall__in=_halls(by, area).values("pk"))
    return rows.filter(month__gte=area.first, month__lte=area.last)


def _sums(
    by: Actor, area: SummaryArea, model: type[Any], names: tuple[str, ...], key: Any, *, has_types: bool = True
) -> Iterable[tuple[str, str, CaseSums]]:
    """Line and type ("" without types) → sums."""
    rows = _rows(by, area, model).annotate(line=key)
    rows = rows.values_list("line", "case_type") if has_types else rows.values_list("line")
    for row in rows.annotate(**{f"all_{one}": Sum(F(one)) for one in names}).order_by():
        line, kind, *sums = row if has_types else (row[0], "", *row[1:])
        yield line, kind, CaseSums(dict(zip(names, sums, strict=True)))


def _near(by: Actor, area: SummaryArea, key: str) -> Iterable[tuple[str, str, CaseSums]]:
    clocks, of_clocks = near_clocks(area.hall_id)
    halls, of_halls = _halls(by, area).values_list("pk", "division__code").query.sql_with_params()
    months = area.first, months_back(area.last, -1)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR.format(key=key, clocks=clocks, halls=halls, open=OPEN), [*of_clocks, *of_halls, *months])
        for line, kind, *numbers in cursor.fetchall():
            yield line, kind, CaseSums(dict(zip(TIMES, numbers, strict=True)))


def near_clocks(hall_id: UUID | None) -> tuple[str, tuple[Any, ...]]:
    """SQL with its parameters: of one hall or all, whose clocks are near an end or beyond it, and beyond which."""
    today = timezone.localdate()
    kinds = (ClockKind.STATUTORY, ClockKind.PROMISED)
    near = Clock.objects.filter(state=ClockState.RUNNING, kind__in=kinds, near_on__lte=today).order_by()
    near = near.filter(hall_id=hall_id) if hall_id else near
    over = {f"over_{kind}": BoolOr(Q(kind=kind, due_on__lt=today)) for kind in kinds}
    sql, given = near.values_list("owner_id").annotate(**over).query.sql_with_params()
    return sql, given


def _folded(*found: Iterable[tuple[str, str, CaseSums]]) -> tuple[dict[str, CaseSums], dict[str, CaseSums]]:
    """By line, and by type."""
    lines: dict[str, CaseSums] = {}
    types: dict[str, CaseSums] = {}
    for rows in found:
        for line, kind, sums in rows:
            lines[line] = lines.get(line, CaseSums()) + sums
            types[kind] = types.get(kind, CaseSums()) + sums
    return lines, types


def _place_keys(area: SummaryArea) -> tuple[Any, str]:
    """By what places are told apart, for Django and for SQL: codes, or halls by their ids, of which two may have borne
    one code."""
    digits = _digits(area)
    if digits == _WHOLE:
        return Cast("hall_id", TextField()), "report.hall_id::text"
    return Left("hall__division__code", digits), f"left(hall.code, {digits})"


def _digits(area: SummaryArea) -> int:
    return next((digits for digits in (COUNTY, _TOWNSHIP) if len(area.prefix) < digits), _WHOLE)


def _named(by: Actor, area: SummaryArea, lines: Mapping[str, CaseSums]) -> list[PlaceSums]:
    if _digits(area) == _WHOLE:
        halls = _halls(by, area).filter(pk__in=lines).order_by("division__code", "pk")
        facts = halls.values_list("pk", "division__code", "name")
        return [PlaceSums(code, name, lines[str(pk)], pk) for pk, code, name in facts]
    codes = [code.ljust(_WHOLE, "0") for code in lines]
    # where two bore a code, the one that bears it now
    rows = Division.objects.filter(code__in=codes).order_by(F("valid_to").asc(nulls_last=True))
    names = dict(rows.values_list("code", "name"))
    return [
        PlaceSums(code, f"{names.get(code.ljust(_WHOLE, '0'), code)}{own_words(code)}", sums)
        for code, sums in sorted(lines.items())
    ]


def own_words(code: str) -> str:
    """What follows the name of a place whose own hall it is, not that of those below it."""
    return "本级" if code.endswith("00" if len(code) == COUNTY else "000") else ""
