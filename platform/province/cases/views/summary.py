"""办件概览: how cases stand in all halls, a county, a township or a hall, and the lists to which figures lead."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from foundation.design.charts import ChartPoint, FigureChart
from foundation.exports import EXPORT_FORMATS, export_table, list_lines
from province.cases.models import CaseReport
from province.cases.queries.figures import (
    READ,
    CaseSummary,
    CaseSums,
    area_of,
    case_summary,
    item_lines,
    month_lines,
)
from province.cases.queries.listed import SHOWN, listed_cases
from province.cases.queries.places import facts_of, name_of_area, way_to
from province.cases.slots import SummaryArea
from province.cases.states import CaseChannel
from province.console.access import actor_of_request, list_download
from province.console.queries.months import chosen_months
from province.rights.actors import Actor
from province.rights.queries import has_anywhere

_PAGE: Final = 50
_COLUMNS: Final = (
    *("received", "accepted", "in_hand", "due_soon", "over_statutory", "over_promised"),
    *("decided", "late_statutory", "late_promised", "finished"),
    *("declined", "withdrawn", "terminated", "transferred"),
)
_TILES: Final = ("received", "in_hand", "due_soon", "over_statutory", "over_promised", "finished")
_HEADINGS: Final = (*(SHOWN[one] for one in _COLUMNS), "平均用时（工作日）", "平均承诺（工作日）", "承诺内办成（%）")
_LIST: Final = (
    *("办件编号", "事项", "办件类型", "申请方式", "状态", "决定"),
    *("收件", "受理", "作出决定", "办结或者结束", "曾经超期"),
)


@dataclass(frozen=True, slots=True)
class SummaryCell:
    """``address``: of the list of these cases, "" where there is none."""

    number: int
    address: str


@dataclass(frozen=True, slots=True)
class SummaryLine:
    name: str
    address: str
    cells: list[SummaryCell]
    sums: CaseSums


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """``place``: the first digits of a code; ``hall``: one hall; ``from`` and ``to``: months of receipt; ``by``: "" or
    item."""
    by, area = _asked(request)
    is_by_item = request.GET.get("by") == "item"
    summary = None if is_by_item else case_summary(by, area)
    lines = _item_lines(by, area) if summary is None else _lines(area, summary)
    heading = "事项" if is_by_item else "办件类型" if area.hall_id else "地方"
    if request.GET.get("export") in EXPORT_FORMATS:
        rows = ((one.name, *(cell.number for cell in one.cells), *_means(one.sums)) for one in lines)
        return export_table(request.GET["export"], "办件概览", (heading, *_HEADINGS), rows)
    context: dict[str, Any] = {
        "area": area,
        "area_name": name_of_area(area),
        "way": [(name, _address(area, place=code)) for code, name in way_to(by, area)],
        "heading": heading,
        "headings": [SHOWN[one] for one in _COLUMNS],
        "has_halls": has_anywhere(by, "halls.manage"),
        "summary": summary,
    }
    if summary is None:
        context["page"] = Paginator(lines, _PAGE).get_page(request.GET.get("page"))
        context["lines"] = context["page"].object_list
    else:
        context |= _whole(by, area, summary) | {"lines": [] if area.hall_id else lines}
    return render(request, "cases/summary.html", context)


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The cases of one ``hall`` that a figure counts: ``shown``, ``type``, ``channel``, ``item`` as its line has
    them."""
    by, area = _asked(request)
    wanted = {name: request.GET.get(name, "") for name in ("shown", "type", "channel", "item")}
    rows = listed_cases(
        area, shown=wanted["shown"], case_type=wanted["type"], channel=wanted["channel"], item=wanted["item"]
    )
    title = SHOWN.get(wanted["shown"], "全部办件")
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        lines = list_lines(rows, _list_lines)
        narrowed = [name_of_area(area), title, "至".join(area.months.values())]
        return list_download(
            by=by,
            hall_id=area.hall_id,
            file_format=kind,
            name="办件清单",
            headings=_LIST,
            lines=lines,
            narrowed=narrowed,
        )
    context = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "headings": _LIST,
        "title": title,
        "area": area,
        "area_name": name_of_area(area),
        "back": _address(area),
    }
    return render(request, "cases/cases.html", context)


def _asked(request: HttpRequest) -> tuple[Actor, SummaryArea]:
    by = actor_of_request(request, READ)
    first, last = chosen_months(request.GET.dict(), timezone.localdate())
    place, hall = request.GET.get("place", ""), request.GET.get("hall", "")
    return by, area_of(by, place=place, hall=hall, first=first, last=last)


def _whole(by: Actor, area: SummaryArea, summary: CaseSummary) -> dict[str, Any]:
    total = summary.total
    types = [_line(area, kind.label, total_of, type=kind.value) for kind, total_of in summary.types]
    channels = [(one.label, SummaryCell(total.of(f"by_{one}"), _list(area, channel=one.value))) for one in CaseChannel]
    return {
        "tiles": [(SHOWN[one], SummaryCell(total.of(one), _list(area, shown=one) or "#lines")) for one in _TILES],
        "balance": [
            (SHOWN[one], SummaryCell(total.of(one), _list(area, shown=one))) for one in ("in_hand", *_COLUMNS[9:])
        ],
        "types": types,
        "channels": [(label, cell) for label, cell in channels if cell.number],
        "facts": facts_of(by, area),
        "charts": list(_charts(by, area, summary)),
    }


def _charts(by: Actor, area: SummaryArea, summary: CaseSummary) -> Iterable[FigureChart]:
    series = ("收件", "其中办结")
    yield FigureChart(
        key="case-months",
        title="各月收件",
        points=[ChartPoint(f"{one.month:%y/%m}", (one.received, one.finished)) for one in month_lines(by, area)],
        series=series,
        unit="件",
        heading="收件的月份",
        is_over_time=True,
    )
    if summary.places:
        ranked = sorted(summary.places, key=lambda one: (-one.sums.of("in_hand"), one.code))
        yield FigureChart(
            key="case-places",
            title="各地在办",
            points=[
                ChartPoint(
                    one.name,
                    tuple(one.sums.of(name) for name in ("in_hand", "over_statutory", "over_promised")),
                    _address(area, place="" if one.hall_id else one.code, hall=one.hall_id),
                )
                for one in ranked
            ],
            series=("在办", "其中超法定时限", "其中超承诺时限"),
            unit="件",
            heading="地方",
        )


def _lines(area: SummaryArea, summary: CaseSummary) -> list[SummaryLine]:
    """Of places; of a hall, its types."""
    if area.hall_id:
        return [_line(area, kind.label, sums, type=kind.value) for kind, sums in summary.types]
    lines = []
    for one in summary.places:
        at = SummaryArea("", one.hall_id, area.first, area.last)
        name = f"{one.name} {one.code}"
        line = _line(at, name, one.sums)
        address = _address(area, place="" if one.hall_id else one.code, hall=one.hall_id)
        lines.append(SummaryLine(name, address, line.cells, line.sums))
    return lines


def _item_lines(by: Actor, area: SummaryArea) -> list[SummaryLine]:
    return [_line(area, one.name, one.sums, item=str(one.item_id)) for one in item_lines(by, area)]


def _line(area: SummaryArea, name: str, sums: CaseSums, **wanted: str) -> SummaryLine:
    cells = [SummaryCell(sums.of(one), _list(area, shown=one, **wanted) if sums.of(one) else "") for one in _COLUMNS]
    return SummaryLine(name, "", cells, sums)


def _means(sums: CaseSums) -> tuple[float | None, ...]:
    return sums.mean_days, sums.mean_promised, sums.kept_share


def _list(area: SummaryArea, **wanted: str) -> str:
    """The address of a list of a hall's cases; "" for places, whose halls have one each."""
    if area.hall_id is None:
        return ""
    return reverse("console-case-list", query={"hall": str(area.hall_id), **wanted, **area.months})


def _address(area: SummaryArea, *, place: str | None = None, hall: UUID | None = None) -> str:
    """Of the page of another place or hall, None: of this one, for the same months."""
    where = {"place": area.prefix, "hall": area.hall_id} if place is None else {"place": place, "hall": hall}
    given = {name: str(value) for name, value in where.items() if value}
    return reverse("console-case-summary", query={**given, **area.months})


def _list_lines(rows: list[CaseReport]) -> Iterable[tuple[object, ...]]:
    for one in rows:
        yield (
            *(one.number, one.item_name, one.get_case_type_display(), one.get_channel_display()),
            *(one.get_state_display(), one.get_outcome_display()),
            *(one.received_on, one.accepted_on, one.decided_on, one.ended_on, "是" if one.was_late else "否"),
        )
