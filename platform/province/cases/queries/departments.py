"""How a hall's departments do: sums of the cases received in some months, and the cases that each figure counts.

Sums are rows that the numbering of the feed keeps (``UnitFigure``); what is near its end is counted from clocks.
"""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from province.cases.models import MEASURES, CaseReport, UnitFigure
from province.cases.queries.counting import OPEN
from province.cases.queries.figures import TIMES, CaseSums, near_clocks
from province.cases.queries.listed import SHOWN, listed_cases
from province.cases.slots import SummaryArea
from province.console.queries.months import months_back

# figures of a department that the province's pages do not have
OF_UNITS: Final[Mapping[str, str]] = {"refused": "不予", "on_time": "按时决定"}
_CONDITIONS: Final[Mapping[str, Mapping[str, int]]] = {
    "refused": {"decided": 1, "granted": 0},
    "on_time": {"timed": 1, "late_promised": 0},
}
_NEAR: Final = """
WITH near (case_id, over_statutory, over_promised) AS MATERIALIZED ({clocks})
SELECT report.unit_id, count(*) FILTER (WHERE NOT over_statutory AND NOT over_promised),
    count(*) FILTER (WHERE over_statutory), count(*) FILTER (WHERE over_promised)
FROM near JOIN cases_casereport AS report ON report.id = near.case_id
WHERE report.hall_id = %s AND report.received_on >= %s AND report.received_on < %s AND report.counted IS NOT NULL
    AND report.state IN ({open})
GROUP BY 1
"""


def sums_of_units(area: SummaryArea) -> dict[UUID | None, CaseSums]:
    """Of the area's hall, by department; None: of those who work for the whole hall. Two queries, however many cases
    there are. The caller sees to it who may know them."""
    if area.hall_id is None:
        return {}
    rows = UnitFigure.objects.filter(hall_id=area.hall_id, month__gte=area.first, month__lte=area.last)
    found: dict[UUID | None, CaseSums] = {}
    for unit_id, *sums in rows.values_list("unit_id").annotate(**{f"all_{one}": Sum(one) for one in MEASURES}):
        found[unit_id] = CaseSums(dict(zip(MEASURES, sums, strict=True)))
    for unit_id, near in _near(area).items():
        found[unit_id] = found.get(unit_id, CaseSums()) + near
    return {unit_id: _with_rest(one) for unit_id, one in found.items()}


def cases_of_unit(area: SummaryArea, unit_id: UUID | None, *, shown: str) -> QuerySet[CaseReport]:
    """The cases that a figure of a department counts, the latest first. Raises NotFound for a figure that is none."""
    rows = listed_cases(area, shown="" if shown in OF_UNITS else shown).filter(unit_id=unit_id)
    wanted = _CONDITIONS.get(shown, {})
    return rows.filter(**{f"counted__{MEASURES.index(name)}": value for name, value in wanted.items()})


def label_of(shown: str) -> str:
    return OF_UNITS.get(shown) or SHOWN.get(shown, "全部办件")


def _with_rest(sums: CaseSums) -> CaseSums:
    rest: Mapping[str, Callable[[], int]] = {
        "refused": lambda: sums.of("decided") - sums.of("granted"),
        "on_time": lambda: sums.of("timed") - sums.of("late_promised"),
    }
    return sums + CaseSums({name: number() for name, number in rest.items()})


def _near(area: SummaryArea) -> dict[UUID | None, CaseSums]:
    clocks, given = near_clocks(area.hall_id)
    months = area.first, months_back(area.last, -1)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR.format(clocks=clocks, open=OPEN), [*given, area.hall_id, *months])
        return {unit_id: CaseSums(dict(zip(TIMES, sums, strict=True))) for unit_id, *sums in cursor.fetchall()}
