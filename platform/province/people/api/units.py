"""Departments over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.halls.queries.halls import prefix_of_hall
from province.people.api.asking import reader
from province.people.operations.units import create_unit, move_unit, order_unit, rename_unit, retire_unit
from province.people.queries.units import unit_in_sight, units_of
from province.people.schemas import (
    OrderIn,
    UnitChangeIn,
    UnitIn,
    UnitOut,
)

router = Router()


@router.get("/units", response=Page[UnitOut])
def list_units(request: HttpRequest, page: PageParameters, hall_id: UUID | None = None) -> Any:
    """List the departments in use, of that hall or of the province."""
    return page_of(units_of(reader(request), hall_id, prefix_of_hall(hall_id)), page)


@router.post("/units", response={201: UnitOut})
@idempotent
def add_unit(request: HttpRequest, body: UnitIn) -> Any:
    by = reader(request)
    unit = create_unit(
        by=by,
        name=body.name,
        hall_id=body.hall_id,
        prefix=prefix_of_hall(body.hall_id),
        parent=unit_in_sight(by, body.parent_id) if body.parent_id else None,
    )
    return 201, UnitOut.model_validate(unit)


@router.patch("/units/{uuid:unit_id}", response=UnitOut)
@idempotent
def change_unit(request: HttpRequest, unit_id: UUID, body: UnitChangeIn) -> Any:
    by = reader(request)
    unit = unit_in_sight(by, unit_id)
    prefix = prefix_of_hall(unit.hall_id)
    given = body.model_fields_set
    if "name" in given:
        unit = rename_unit(by=by, unit=unit, name=body.name, prefix=prefix)
    if "parent_id" in given:
        parent = unit_in_sight(by, body.parent_id) if body.parent_id else None
        unit = move_unit(by=by, unit=unit, parent=parent, prefix=prefix)
    return 200, UnitOut.model_validate(unit)


@router.post("/units/{uuid:unit_id}/order", response=UnitOut)
@idempotent
def reorder_unit(request: HttpRequest, unit_id: UUID, body: OrderIn) -> Any:
    by = reader(request)
    unit = unit_in_sight(by, unit_id)
    ordered = order_unit(by=by, unit=unit, is_up=body.is_up, prefix=prefix_of_hall(unit.hall_id))
    return 200, UnitOut.model_validate(ordered)


@router.post("/units/{uuid:unit_id}/retire", response=UnitOut)
@idempotent
def end_unit(request: HttpRequest, unit_id: UUID) -> Any:
    by = reader(request)
    unit = unit_in_sight(by, unit_id)
    return 200, UnitOut.model_validate(retire_unit(by=by, unit=unit, prefix=prefix_of_hall(unit.hall_id)))
