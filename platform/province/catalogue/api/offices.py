"""Departments and reviewing offices."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.catalogue.models import Department, Office
from province.catalogue.operations.departments import arrange_department, rename_department
from province.catalogue.operations.offices import arrange_office, retire_office
from province.catalogue.queries.departments import department_with_id, departments
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.reviews import office_with_code, offices
from province.catalogue.schemas.offices import DepartmentIn, DepartmentNameIn, DepartmentOut, OfficeIn, OfficeOut
from province.rights.actors import Actor

router = Router(tags=["catalogue"])


def _actor(request: HttpRequest) -> Actor:
    """The actor who asks, if the catalogue is open to them."""
    actor = cast("Actor", request.auth)  # type: ignore[attr-defined]
    check_reader(actor)
    return actor


@router.get("/departments", response=Page[DepartmentOut])
def list_departments(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    _actor(request)
    return page_of(departments(), page)


@router.post("/departments", response=DepartmentOut)
@idempotent
def put_department(request: HttpRequest, data: DepartmentIn) -> tuple[int, DepartmentOut]:
    """Make the department of this name, or say whose unit writes its items."""
    made: Department = arrange_department(by=_actor(request), name=data.name, unit_id=data.unit_id)
    return 200, DepartmentOut.from_orm(made)


@router.patch("/departments/{uuid:department_id}", response=DepartmentOut)
@idempotent
def rename(request: HttpRequest, department_id: UUID, data: DepartmentNameIn) -> tuple[int, DepartmentOut]:
    """Rename it, also in the drafts of its items; what is published keeps the words that were reviewed."""
    found = department_with_id(department_id)
    return 200, DepartmentOut.from_orm(rename_department(by=_actor(request), department=found, name=data.name))


@router.get("/offices", response=list[OfficeOut])
def list_offices(request: HttpRequest) -> list[Office]:
    """List the offices that decide on what is submitted now."""
    _actor(request)
    return list(offices())


@router.put("/offices/{code}", response=OfficeOut)
@idempotent
def put_office(request: HttpRequest, code: str, data: OfficeIn) -> tuple[int, OfficeOut]:
    """Make the office, or change it."""
    return 200, OfficeOut.from_orm(arrange_office(by=_actor(request), code=code, **data.model_dump()))


@router.delete("/offices/{code}", response=OfficeOut)
@idempotent
def retire(request: HttpRequest, code: str) -> tuple[int, OfficeOut]:
    """Retire the office: it decides on nothing that is submitted from now on."""
    return 200, OfficeOut.from_orm(retire_office(by=_actor(request), office=office_with_code(code)))
