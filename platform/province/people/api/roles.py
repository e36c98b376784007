"""Ready-made and own roles over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.console.access import require_fresh
from province.halls.queries.halls import prefix_of_hall
from province.people.api.asking import actor, reader
from province.people.operations.roles import change_role, create_role, retire_role
from province.people.queries.people import (
    own_role_in_sight,
)
from province.people.queries.roles import own_roles_for, permissions_of, ready_roles_for
from province.people.schemas import (
    ReadyRoleOut,
    RoleChangeIn,
    RoleIn,
    RoleOut,
)
from province.rights.queries import require
from province.rights.roles import READY_ROLES

router = Router()


@router.get("/roles/ready", response=list[ReadyRoleOut])
def list_ready_roles(request: HttpRequest, hall_id: UUID | None = None) -> Any:
    """List the ready-made roles that can be had in that hall, or at the province."""
    reader(request)
    return [
        ReadyRoleOut(
            code=role.value,
            name=role.label,
            reach=READY_ROLES[role].reach,
            permissions=sorted(permissions_of(role)),
        )
        for role in ready_roles_for(hall_id)
    ]


@router.get("/roles", response=Page[RoleOut])
def list_roles(request: HttpRequest, page: PageParameters, hall_id: UUID | None = None) -> Any:
    """List the hall's own roles and the province's."""
    prefix = prefix_of_hall(hall_id)
    require(actor(request), "people.read", hall_id=hall_id, prefix=prefix or None)
    return page_of(own_roles_for(hall_id), page)


@router.post("/roles", response={201: RoleOut})
@idempotent
def add_role(request: HttpRequest, body: RoleIn) -> Any:
    require_fresh(request)
    role = create_role(
        by=actor(request),
        name=body.name,
        permissions=body.permissions,
        hall_id=body.hall_id,
        prefix=prefix_of_hall(body.hall_id),
    )
    return 201, RoleOut.model_validate(role)


@router.put("/roles/{uuid:role_id}", response=RoleOut)
@idempotent
def edit_role(request: HttpRequest, role_id: UUID, body: RoleChangeIn) -> Any:
    """Change the role: people who have it may do what it says now, from their next request on."""
    require_fresh(request)
    by = reader(request)
    role = own_role_in_sight(by, role_id)
    changed = change_role(
        by=by, role=role, name=body.name, permissions=body.permissions, prefix=prefix_of_hall(role.hall_id)
    )
    return 200, RoleOut.model_validate(changed)


@router.post("/roles/{uuid:role_id}/retire", response=RoleOut)
@idempotent
def end_role(request: HttpRequest, role_id: UUID) -> Any:
    require_fresh(request)
    by = reader(request)
    role = own_role_in_sight(by, role_id)
    return 200, RoleOut.model_validate(retire_role(by=by, role=role, prefix=prefix_of_hall(role.hall_id)))
