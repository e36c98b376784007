"""办件统计 at the desk: what each department has received, decided and has in hand, and the lists behind it."""

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from foundation.design.charts import ChartPoint, FigureChart
from foundation.exports import EXPORT_FORMATS, export_table, list_lines
from province.cases.models import CaseReport
from province.cases.queries.departments import OF_UNITS, label_of
from province.cases.queries.figures import CaseSums
from province.cases.queries.listed import SHOWN
from province.cases.slots import SummaryArea
from province.console.queries.months import chosen_months
from tenants.casework.layouts import at_figures
from tenants.casework.queries.access import handled_among
from tenants.casework.queries.figures import (
    WAITS,
    DepartmentSums,
    area_of_hall,
    department_lines,
    listed_of_department,
)
from tenants.casework.slots import FIGURE_LINKS
from tenants.shell.layouts.desk import desk_export, desk_page, rows_of_page
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "cases"}
_LABELS: Final = {**SHOWN, **OF_UNITS, **{name: label for name, (label, _) in WAITS.items()}}
_COLUMNS: Final = (
    *("received", "accepted", "declined", "decided", "granted", "refused", "on_time", "late_promised"),
    *("late_statutory", "finished", "withdrawn", "terminated", "transferred"),
    *("in_hand", "due_soon", "over_promised", "over_statutory", "correcting", "suspended"),
)
_MEANS: Final = ("平均用时（工作日）", "平均承诺（工作日）", "承诺内办成（%）")
_LIST: Final = (
    *("办件编号", "事项", "办件类型", "申请方式", "状态", "决定"),
    *("收件", "受理", "作出决定", "办结或者结束", "曾经超期"),
)


@at_figures
@require_GET
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``from`` and ``to``: months of receipt."""
    area = _area(request, desk)
    lines = department_lines(desk, area)
    total = sum((one.sums for one in lines), CaseSums())
    headings = [_LABELS[one] for one in _COLUMNS]
    if request.GET.get("export") in EXPORT_FORMATS:
        rows = [(one.name, *_cells(one.sums)) for one in lines] + [("合计", *_cells(total))]
        name = f"{desk.hall.short_name}办件统计"
        return export_table(request.GET["export"], name, ("承办部门", *headings, *_MEANS), rows)
    context = {
        "area": area,
        "headings": headings,
        "lines": [(one, [_cell(area, one, name) for name in _COLUMNS]) for one in lines],
        "total": total,
        "totals": [total.of(name) for name in _COLUMNS],
        "chart": _chart(area, lines),
        "links": [link for act in shown_at(FIGURE_LINKS, desk.hall) if (link := act(desk, area.months))],
    }
    return desk_page(request, desk, "casework/desk/figures.html", _PLACE | context)


@at_figures
@require_GET
def cases(request: HttpRequest, desk: Desk, unit: str, shown: str) -> HttpResponse:
    """The cases that one figure counts."""
    area = _area(request, desk)
    rows = listed_of_department(desk, area, unit=unit, shown=shown)
    title = _LABELS.get(shown, label_of(shown))
    line = next((one for one in department_lines(desk, area) if one.key == unit), None)
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        narrowed = [line.name if line else "", "至".join(area.months.values())]
        name = f"{desk.hall.short_name}{title}"
        return desk_export(desk, kind, name, _LIST, list_lines(rows, _rows), narrowed=narrowed)
    # the figure says how many: to count a year's cases takes longer than to read a page of them
    found = rows_of_page(request, rows, number=line.sums.of(shown) if line else 0)
    context = {
        "page": found,
        "openable": handled_among(desk, [one.pk for one in found]),
        "headings": _LIST,
        "title": title,
        "area": area,
        "unit_name": line.name if line else "",
        "back": reverse("desk-case-figures", query=dict(area.months)),
    }
    return desk_page(request, desk, "casework/desk/figure_cases.html", _PLACE | context)


def _area(request: HttpRequest, desk: Desk) -> SummaryArea:
    return area_of_hall(desk, *chosen_months(request.GET.dict(), timezone.localdate()))


def _cells(sums: CaseSums) -> tuple[Any, ...]:
    return (*(sums.of(name) for name in _COLUMNS), sums.mean_days, sums.mean_promised, sums.kept_share)


def _cell(area: SummaryArea, line: DepartmentSums, shown: str) -> tuple[int, str]:
    """A figure, and the address of its list; "" where there is nothing to list."""
    number = line.sums.of(shown)
    place = {"unit": line.key, "shown": shown}
    return number, reverse("desk-case-figure", kwargs=place, query=dict(area.months)) if number else ""


def _chart(area: SummaryArea, lines: list[DepartmentSums]) -> FigureChart:
    ranked = sorted(lines, key=lambda one: -one.sums.of("in_hand"))
    series = ("in_hand", "due_soon", "over_promised")
    return FigureChart(
        key="case-departments",
        title="各部门在办",
        points=[
            ChartPoint(one.name, tuple(one.sums.of(name) for name in series), _cell(area, one, "in_hand")[1])
            for one in ranked
        ],
        series=("在办", "其中将到期", "其中超承诺时限"),
        unit="件",
        heading="承办部门",
    )


def _rows(rows: list[CaseReport]) -> Iterable[tuple[object, ...]]:
    for one in rows:
        yield (
            *(one.number, one.item_name, one.get_case_type_display(), one.get_channel_display()),
            *(one.get_state_display(), one.get_outcome_display()),
            *(one.received_on, one.accepted_on, one.decided_on, one.ended_on, "是" if one.was_late else "否"),
        )
