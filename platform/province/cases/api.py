"""The HTTP interface of 办件概览: how cases stand in places, halls, by type and item, and the cases themselves."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from foundation.api import Page, PageParameters, page_of
from province.cases.models import CHANNELS, MEASURES
from province.cases.queries.figures import READ, TIMES, CaseSums, area_of, case_summary, item_lines
from province.cases.queries.listed import listed_cases
from province.cases.slots import SummaryArea
from province.console.queries.months import chosen_months
from province.rights.actors import Actor
from province.rights.queries import require_anywhere

router = Router(tags=["cases"])


class CaseSumsOut(Schema):
    """Cases that were received in the months: ``received`` is ``in_hand`` and those that ended in each way.

    ``due_soon`` and ``over_…``: of those in hand, today; ``late_…``: of the decided ones. ``timed``: decided ones with
    a promised time; ``days``: working days that these took, ``promised_days``: might have taken. ``by_…``: by which way
    they came, 0 by item.
    """

    received: int
    accepted: int
    decided: int
    granted: int
    in_hand: int
    due_soon: int
    over_statutory: int
    over_promised: int
    finished: int
    declined: int
    withdrawn: int
    terminated: int
    transferred: int
    late_statutory: int
    late_promised: int
    timed: int
    days: int
    promised_days: int
    by_site: int
    by_app: int
    by_window: int
    by_village: int
    by_system: int
    by_phone: int
    by_handed: int
    by_passed: int


class CaseFigureOut(Schema):
    """``code``: of a place so many digits as stand for it, of a hall all twelve, of a type its name in the interface,
    of an item its id. ``hall_id``: of a hall."""

    code: str
    name: str
    hall_id: UUID | None
    sums: CaseSumsOut


class CaseSummaryOut(Schema):
    """``earlier``: received before the first month and still in hand, in no other figure."""

    total: CaseSumsOut
    earlier: int
    types: list[CaseFigureOut]
    places: list[CaseFigureOut]


class ListedCasesQuery(Schema):
    """Of a ``hall`` (its id), received in months from ``since`` to ``until``; ``shown``: the name of a figure in
    ``/summary``; ``item``: an id."""

    hall: str
    since: str = ""
    until: str = ""
    shown: str = ""
    case_type: str = ""
    channel: str = ""
    item: str = ""


class ListedCaseOut(Schema):
    number: str
    item_id: UUID
    item_name: str
    case_type: str
    channel: str
    state: str
    outcome: str
    received_on: date
    accepted_on: date | None
    decided_on: date | None
    ended_on: date | None
    was_late: bool


@router.get("/summary", response=CaseSummaryOut)
def show_summary(
    request: HttpRequest, place: str = "", hall: str = "", since: str = "", until: str = ""
) -> CaseSummaryOut:
    """Show how cases stand in all that one may see, in a ``place`` (first digits of its code) or a ``hall`` (its id):
    of those received in months (2026-11) from ``since`` to ``until``; without them, in the last twelve."""
    by, area = _asked(request, place, hall, since, until)
    found = case_summary(by, area)
    return CaseSummaryOut(
        total=_sums(found.total),
        earlier=found.earlier,
        types=[_line(kind.value, kind.label, sums) for kind, sums in found.types],
        places=[_line(one.code, one.name, one.sums, one.hall_id) for one in found.places],
    )


@router.get("/summary/items", response=list[CaseFigureOut])
def list_items(
    request: HttpRequest, place: str = "", hall: str = "", since: str = "", until: str = ""
) -> list[CaseFigureOut]:
    """List how cases of each item stand, as ``/summary`` of the same area; most received first."""
    by, area = _asked(request, place, hall, since, until)
    return [_line(str(one.item_id), one.name, one.sums) for one in item_lines(by, area)]


@router.get("/summary/cases", response=Page[ListedCaseOut])
def list_cases(request: HttpRequest, page: PageParameters, wanted: Query[ListedCasesQuery]) -> Any:
    """List the cases of a hall that a figure counts, the latest first; nothing of who applied."""
    _, area = _asked(request, "", wanted.hall, wanted.since, wanted.until)
    rows = listed_cases(area, shown=wanted.shown, case_type=wanted.case_type, channel=wanted.channel, item=wanted.item)
    return page_of(rows, page)


def _asked(request: HttpRequest, place: str, hall: str, since: str, until: str) -> tuple[Actor, SummaryArea]:
    by = cast("Actor", request.auth)  # type: ignore[attr-defined]
    require_anywhere(by, READ)
    first, last = chosen_months({"from": since, "to": until}, timezone.localdate())
    return by, area_of(by, place=place, hall=hall, first=first, last=last)


def _line(code: str, name: str, sums: CaseSums, hall_id: UUID | None = None) -> CaseFigureOut:
    return CaseFigureOut(code=code, name=name, hall_id=hall_id, sums=_sums(sums))


def _sums(sums: CaseSums) -> CaseSumsOut:
    return CaseSumsOut(**{name: sums.of(name) for name in (*MEASURES, *TIMES, *CHANNELS)})
