"""班次 at the desk."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.said import say_made
from province.people.queries.units import unit_choices
from tenants.duty.forms import ShiftForm
from tenants.duty.layouts import at_keeping
from tenants.duty.operations.shifts import change_shift, create_shift, use_shift
from tenants.duty.queries.shifts import duty_shifts, shift_with_id
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk

_PLACE: Final = "duty"


@at_keeping
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    units = {"None": "全厅"} | dict(unit_choices(desk.hall.pk))
    shifts = [(one, units.get(str(one.unit_id), "（已撤销的部门）")) for one in duty_shifts()]
    return desk_page(request, desk, "duty/desk/shifts.html", {"place": _PLACE, "shifts": shifts})


@at_keeping
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = ShiftForm(request.POST or None, units=unit_choices(desk.hall.pk))
    if made := form.carry_out(lambda _: create_shift(by=desk.by, hall=desk.hall, facts=form.facts())):
        said = f"已添加班次“{made.name}”，可以排班了。"
        say_made(request, said, address=reverse("desk-duty-shift", args=[made.pk]))
        return redirect("desk-duty-shifts")
    context = {"place": _PLACE, "form": form}
    return desk_page(request, desk, "duty/desk/shift.html", context, status=422 if form.errors else 200)


@at_keeping
@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, desk: Desk, shift_id: UUID) -> HttpResponse:
    found = shift_with_id(shift_id)
    form = ShiftForm(request.POST or None, units=unit_choices(desk.hall.pk), shift=found)
    if changed := form.carry_out(
        lambda filled: change_shift(
            by=desk.by, hall=desk.hall, shift_id=shift_id, revision=filled["revision"] or 0, facts=form.facts()
        )
    ):
        messages.success(request, f"已保存“{changed.name}”；已经排的人没有变。")
        return redirect("desk-duty-shifts")
    context = {"place": _PLACE, "form": form, "found": found}
    return desk_page(request, desk, "duty/desk/shift.html", context, status=422 if form.errors else 200)


@at_keeping
@require_POST
def use(request: HttpRequest, desk: Desk, shift_id: UUID, verb: str) -> HttpResponse:
    """Take it out of use (``end``), or put it back (``use``)."""
    is_in_use = verb == "use"
    return act_and_return(
        request,
        lambda: use_shift(by=desk.by, hall=desk.hall, shift_id=shift_id, is_in_use=is_in_use),
        said="已启用，可以排班了。" if is_in_use else "已停用，不再排班；以前排的还看得到。",
        to="desk-duty-shift",
        args=(shift_id,),
    )
