"""办件统计 over the API: what each department has received, decided and has in hand, and the cases themselves."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from foundation.api import Page, PageParameters, page_of
from province.cases.models import MEASURES
from province.cases.queries.departments import OF_UNITS
from province.cases.queries.figures import TIMES
from province.cases.slots import SummaryArea
from province.console.queries.months import chosen_months
from tenants.casework.layouts import figures_desk_of_request
from tenants.casework.queries.figures import WAITS, area_of_hall, department_lines, listed_of_department
from tenants.casework.schemas.figures import DepartmentFigureOut, DepartmentSumsOut, FigureCaseOut
from tenants.shell.slots import Desk

router = Router(tags=["case figures"])
_NAMES = (*MEASURES, *TIMES, *OF_UNITS, *WAITS)


@router.get("", response=list[DepartmentFigureOut])
def list_departments(request: HttpRequest, since: str = "", until: str = "") -> list[DepartmentFigureOut]:
    """List how the departments whose figures one may see do: of the cases received in months (2026-11) from ``since``
    to ``until``; without them, in the last twelve."""
    desk = figures_desk_of_request(request)
    return [
        DepartmentFigureOut(
            unit=one.key, name=one.name, sums=DepartmentSumsOut(**{name: one.sums.of(name) for name in _NAMES})
        )
        for one in department_lines(desk, _area(desk, since, until))
    ]


@router.get("/{unit}/{shown}", response=Page[FigureCaseOut])
def list_cases(
    request: HttpRequest, unit: str, shown: str, page: PageParameters, since: str = "", until: str = ""
) -> dict[str, Any]:
    """List the cases that one figure of a department counts, the latest first. ``unit``: as the figure has it;
    ``shown``: the figure's name."""
    desk = figures_desk_of_request(request)
    return page_of(listed_of_department(desk, _area(desk, since, until), unit=unit, shown=shown), page)


def _area(desk: Desk, since: str, until: str) -> SummaryArea:
    return area_of_hall(desk, *chosen_months({"from": since, "to": until}, timezone.localdate()))
