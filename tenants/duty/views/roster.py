"""值班表 at the desk: a month to read and to print, the same to write in, a file in and out."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.forms import ids_of
from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS
from province.people.queries.units import unit_choices
from province.rights.queries import may
from tenants.duty.forms import RosterFileForm, RotationForm, posted_cells
from tenants.duty.layouts import at_duty, at_keeping
from tenants.duty.operations.tables import HEADINGS, import_roster, roster_table
from tenants.duty.operations.turns import rotate_turns, write_turns
from tenants.duty.queries.access import KEEP
from tenants.duty.queries.on_duty import turns_at
from tenants.duty.queries.requests import own_turn_ids
from tenants.duty.queries.roster import DutyRosterPage, last_of_month, month_of, roster_of, swaps_between
from tenants.duty.queries.shifts import units_with_shifts
from tenants.duty.states import DutyPart
from tenants.shell.layouts.desk import desk_export, desk_page
from tenants.shell.slots import Desk

_PLACE: Final = "duty"


@at_duty
@require_GET
def month(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A month (``month``: 2026-12) of the hall, or of a department (``unit``)."""
    first, last, unit_id = _asked(request)
    page = roster_of(desk.hall, first, last, unit_id)
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}值班表 {first:%Y-%m}"
        narrowed = [dict(unit_choices(desk.hall.pk)).get(str(unit_id), "")] if unit_id else []
        return desk_export(desk, kind, name, list(HEADINGS), roster_table(page), narrowed=narrowed)
    context = _context(desk, page, first, unit_id) | {
        "swaps": list(swaps_between(first, last)),
        "now": _on_duty_now(page, unit_id),
        "may_keep": may(desk.by, KEEP, hall_id=desk.hall.pk),
        "own": own_turn_ids(desk.by.id, first, last),
    }
    return desk_page(request, desk, "duty/desk/month.html", context)


@at_keeping
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The month with a field for each cell. POST ``act``: save, or rotate."""
    first, last, unit_id = _asked(request)
    page = roster_of(desk.hall, first, last, unit_id)
    is_rotation = request.POST.get("act") == "rotate"
    shifts = [shift for shift, _ in page.shifts]
    rotation = RotationForm(request.POST if is_rotation else None, shifts=shifts, first=first, last=last)
    faults: dict[str, str] = {}
    refused = ""
    if is_rotation:
        changed = rotation.carry_out(
            lambda filled: rotate_turns(
                by=desk.by,
                hall=desk.hall,
                shift_id=UUID(filled["shift_id"]),
                part=DutyPart(filled["part"]),
                names=filled["names"],
                first=filled["first"],
                last=filled["last"],
            )
        )
        if changed is not None:
            messages.success(request, f"已轮流排好 {len(changed)} 班；原来排了人的没有动。")
            return redirect(_address("desk-duty-edit", first, unit_id))
    elif request.method == "POST":
        try:
            done = write_turns(by=desk.by, hall=desk.hall, cells=list(posted_cells(request.POST, page)))
        except DomainError as refusal:
            faults = {one.where: one.message for one in refusal.faults}
            refused = refusal.message
        else:
            messages.success(request, f"已保存，改了 {len(done)} 格。" if done else "没有改动。")
            return redirect(_address("desk-duty", first, unit_id))
    typed = request.POST if refused else {}
    context = _context(desk, page, first, unit_id) | {
        "rows": [
            (day, [(cell, typed.get(cell.key, cell.text), faults.get(cell.key, "")) for cell in day.cells])
            for day in page.dates
        ],
        "problems": _problems(page, faults),
        "refused": refused,
        "rotation": rotation,
    }
    return desk_page(request, desk, "duty/desk/edit.html", context, status=422 if refused or rotation.errors else 200)


@at_keeping
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """POST ``act``: preview, which changes nothing, or import."""
    form = RosterFileForm(request.POST or None, request.FILES or None)
    is_trial = request.POST.get("act") != "import"
    report = form.carry_out(
        lambda filled: import_roster(by=desk.by, hall=desk.hall, file=filled["file"], is_trial=is_trial)
    )
    context = {"place": _PLACE, "form": form, "report": report, "is_trial": is_trial}
    return desk_page(request, desk, "duty/desk/import.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> tuple[date, date, UUID | None]:
    first = month_of(request.GET.get("month", ""))
    return first, last_of_month(first), next(iter(ids_of([request.GET.get("unit", "")])), None)


def _address(route: str, first: date, unit_id: UUID | None) -> str:
    return reverse(route, query={"month": f"{first:%Y-%m}"} | ({"unit": str(unit_id)} if unit_id else {}))


def _context(desk: Desk, page: DutyRosterPage, first: date, unit_id: UUID | None) -> dict[str, Any]:
    units = units_with_shifts(desk.hall.pk)
    return {
        "place": _PLACE,
        "page": page,
        "month": first,
        "before": first - timedelta(days=1),
        "after": last_of_month(first) + timedelta(days=1),
        "unit": str(unit_id or ""),
        "units": units,
        "unit_name": dict(units).get(str(unit_id), ""),
        "today": timezone.localdate(),
        "missing": [cell for day in page.dates if not day.is_past for cell in day.cells if cell.is_empty],
    }


def _on_duty_now(page: DutyRosterPage, unit_id: UUID | None) -> list[tuple[str, str]]:
    """(12 月 1 日的夜班 值班员, 王芳) of who is on duty at this moment."""
    turns = [one for one in turns_at(timezone.now()) if one.shift.unit_id == unit_id]
    return [
        (f"{one.shift.name} {DutyPart(one.part).label}", page.staff.labels.get(one.account_id, one.account_name))
        for one in turns
    ]


def _problems(page: DutyRosterPage, faults: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"message": f"{cell.said}：{faults[cell.key]}", "href": f"#{cell.key}"}
        for day in page.dates
        for cell in day.cells
        if cell.key in faults
    ]
