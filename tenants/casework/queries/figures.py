"""办件统计: how the hall's departments do, for who leads one or the hall."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from province.cases.models import CaseReport
from province.cases.queries.departments import cases_of_unit, sums_of_units
from province.cases.queries.figures import CaseSums
from province.cases.queries.listed import listed_cases
from province.cases.slots import SummaryArea
from province.cases.states import CaseState
from province.people.models import Unit
from province.rights.queries import may
from tenants.casework.models import Case
from tenants.casework.queries.access import FIGURES
from tenants.shell.slots import Desk

WINDOW: Final = "window"
# how those in hand stand that wait for somebody else
WAITS: Final[Mapping[str, tuple[str, frozenset[CaseState]]]] = {
    "correcting": ("补正中", frozenset({CaseState.CORRECTING})),
    "suspended": ("中止、特别程序", frozenset({CaseState.SUSPENDED, CaseState.PAUSED})),
}


@dataclass(frozen=True, slots=True)
class DepartmentSums:
    """``key``: the department's id, or "window" for those who work for the whole hall."""

    key: str
    name: str
    sums: CaseSums


def area_of_hall(desk: Desk, first: date, last: date) -> SummaryArea:
    return SummaryArea("", desk.hall.pk, first, last)


def department_lines(desk: Desk, area: SummaryArea) -> list[DepartmentSums]:
    """Of the departments whose figures the person may see, by their names, those of the whole hall's own people first:
    four queries, however many cases there are."""
    found = sums_of_units(area)
    for unit_id, sums in _waiting(area).items():
        found[unit_id] = found.get(unit_id, CaseSums()) + sums
    names = dict(Unit.objects.filter(hall_id=desk.hall.pk).values_list("pk", "name"))
    lines = [
        DepartmentSums(str(unit_id or WINDOW), names.get(unit_id, "已撤销的部门") if unit_id else "综合窗口", sums)
        for unit_id, sums in found.items()
        if may(desk.by, FIGURES, hall_id=desk.hall.pk, unit_id=unit_id) and any(sums.counts.values())
    ]
    return sorted(lines, key=lambda one: (one.key != WINDOW, one.name, one.key))


def listed_of_department(desk: Desk, area: SummaryArea, *, unit: str, shown: str) -> QuerySet[CaseReport]:
    """The cases that a figure of one department counts, the latest first. Raises NotFound for another department's,
    and for a figure that is none."""
    unit_id = _unit_id(unit)
    if not may(desk.by, FIGURES, hall_id=desk.hall.pk, unit_id=unit_id):
        raise NotFound(_UNKNOWN)
    if shown not in WAITS:
        return cases_of_unit(area, unit_id, shown=shown)
    waiting = Case.objects.filter(_in_hand(shown), unit_id=unit_id).values_list("pk", flat=True)
    # asked for first: among all of a year's reports they are few
    return cases_of_unit(area, unit_id, shown="in_hand").filter(pk__in=list(waiting))


_UNKNOWN: Final = "没有这个部门，或者不在您的查看范围内。"


def _in_hand(shown: str) -> Q:
    return Q(ended_at=None, state__in=WAITS[shown][1])


def _waiting(area: SummaryArea) -> dict[UUID | None, CaseSums]:
    """Of what was received in the area's months; those that stand so are few, and found by the index of open cases."""
    states = {state: name for name, (_, states) in WAITS.items() for state in states}
    open_ones = Case.objects.filter(ended_at=None, state__in=states).values_list("pk", "state")
    kinds = {pk: states[CaseState(state)] for pk, state in open_ones}
    found: dict[UUID | None, dict[str, int]] = {}
    rows = listed_cases(area, shown="in_hand").filter(pk__in=list(kinds)).order_by()
    for pk, unit_id in rows.values_list("pk", "unit_id"):
        counts = found.setdefault(unit_id, {})
        counts[kinds[pk]] = counts.get(kinds[pk], 0) + 1
    return {unit_id: CaseSums(counts) for unit_id, counts in found.items()}


def _unit_id(text: str) -> UUID | None:
    try:
        return None if text == WINDOW else UUID(text)
    except ValueError:
        raise NotFound(_UNKNOWN) from None
