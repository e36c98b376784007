"""The departments of a hall, or of the province."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import DomainError, NotFound
from province.console.access import actor_of_request
from province.people.forms import UnitForm
from province.people.models import Unit
from province.people.operations.units import create_unit, move_unit, order_unit, rename_unit, retire_unit
from province.people.queries.places import Place, place_with_code
from province.people.queries.units import unit_tree, unit_with_id
from province.people.views.places import chosen_place
from province.rights.actors import Actor
from province.rights.queries import may


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "people.read")
    place = chosen_place(request, by, "people.read").place
    return _page(request, by, place, UnitForm(place=place))


@require_POST
def new_unit(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "people.manage")
    place = place_with_code(by, "people.manage", request.POST.get("hall", "")[:12])
    form = UnitForm(request.POST, place=place)
    if form.is_valid():
        try:
            unit = create_unit(
                by=by,
                name=form.cleaned_data["name"],
                hall_id=place.hall_id,
                prefix=place.prefix,
                parent=_parent(form.cleaned_data["parent"], place),
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, f"已建立“{unit.name}”。")
            return redirect(f"{reverse('console-units')}?hall={place.code}#unit-{unit.pk}")
    return _page(request, by, place, form)


@require_POST
def change_unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """``act``: up, down, retire; otherwise its name and its place in the tree as the form says."""
    by = actor_of_request(request, "people.manage")
    place = place_with_code(by, "people.manage", request.POST.get("hall", "")[:12])
    unit = _unit(unit_id, place)
    act = request.POST.get("act", "")
    try:
        if act in {"up", "down"}:
            order_unit(by=by, unit=unit, is_up=act == "up", prefix=place.prefix)
        elif act == "retire":
            retire_unit(by=by, unit=unit, prefix=place.prefix)
            messages.success(request, f"“{unit.name}”已撤销。")
        else:
            form = UnitForm(request.POST, place=place)
            if not form.is_valid():
                raise NotFound("请填写部门名称，并从列表里选择上级部门。")
            rename_unit(by=by, unit=unit, name=form.cleaned_data["name"], prefix=place.prefix)
            move_unit(by=by, unit=unit, parent=_parent(form.cleaned_data["parent"], place), prefix=place.prefix)
            messages.success(request, f"“{form.cleaned_data['name']}”已保存。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return _back(place)


def _unit(unit_id: UUID, place: Place) -> Unit:
    unit = unit_with_id(unit_id)
    if unit.hall_id != place.hall_id:
        raise NotFound("没有这个部门。")
    return unit


def _parent(key: str, place: Place) -> Unit | None:
    return _unit(UUID(key), place) if key else None


def _back(place: Place) -> HttpResponse:
    return redirect(f"{reverse('console-units')}?hall={place.code}")


def _page(request: HttpRequest, by: Actor, place: Place, form: UnitForm) -> HttpResponse:
    where: dict[str, Any] = {"hall_id": place.hall_id, "prefix": place.prefix or None}
    # whose reach is a department sees that part of the tree
    rows = [row for row in unit_tree(place.hall_id) if may(by, "people.read", unit_id=row.unit.pk, **where)]
    context = {
        "tab": "units",
        "place": place,
        "choice": chosen_place(request, by, "people.read"),
        "may_manage": may(by, "people.manage", **where),
        "rows": [(row, _form_of(row.unit, place)) for row in rows],
        "form": form,
    }
    return render(request, "people/units.html", context, status=422 if form.errors else 200)


def _form_of(unit: Unit, place: Place) -> UnitForm:
    initial = {"name": unit.name, "parent": str(unit.parent_id or "")}
    return UnitForm(place=place, initial=initial, auto_id=f"unit_{unit.pk}_%s")
