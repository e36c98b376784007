"""People, positions, departments and roles over HTTP. A hall is addressed by its id (``/halls`` tells it)."""
# ruff: noqa: ARG001 - ninja hands every endpoint its request

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.errors import NotFound
from province.console.access import require_fresh
from province.halls.queries.halls import prefix_of_hall
from province.people.operations.accounts import close_account, reopen_account
from province.people.operations.activation import issue_activation
from province.people.operations.hand_over import hand_over
from province.people.operations.people import admit_person
from province.people.operations.positions import give_position, take_position
from province.people.operations.roles import change_role, create_role, retire_role
from province.people.operations.substitutes import end_substitution, name_substitute
from province.people.operations.units import create_unit, move_unit, order_unit, rename_unit, retire_unit
from province.people.queries.accounts import account_with_id
from province.people.queries.people import (
    account_in_sight,
    own_role_in_sight,
    people_table,
    position_in_sight,
    rights_of,
    substitution_in_sight,
    who_may,
)
from province.people.queries.roles import own_roles_for, permissions_of, ready_roles_for, role_with_key
from province.people.queries.units import unit_in_sight, units_of
from province.people.schemas import (
    AccountIn,
    AccountOut,
    ActivationOut,
    GrantOut,
    HandOverIn,
    HandOverOut,
    HolderOut,
    OrderIn,
    PeopleQuery,
    PermissionOut,
    PositionIn,
    PositionOut,
    ReadyRoleOut,
    RightOut,
    RoleChangeIn,
    RoleIn,
    RoleOut,
    SubstitutionIn,
    SubstitutionOut,
    UnitChangeIn,
    UnitIn,
    UnitOut,
)
from province.rights.permissions import PERMISSIONS
from province.rights.queries import has_anywhere, require
from province.rights.roles import READY_ROLES

router = Router(tags=["people"])


# -- people


@router.get("/accounts", response=Page[AccountOut])
def list_accounts(request: HttpRequest, page: PageParameters, wanted: Query[PeopleQuery]) -> Any:
    return page_of(people_table(by=_reader(request), **wanted.dict()), page)


@router.post("/accounts", response={201: ActivationOut})
def admit(request: HttpRequest, body: AccountIn) -> Any:
    """A new account with its first position. Not repeatable by Idempotency-Key: the code would have to be kept."""
    require_fresh(request)
    account, code = admit_person(
        by=_actor(request),
        username=body.username,
        name=body.name,
        hall_id=body.hall_id,
        prefix=prefix_of_hall(body.hall_id),
        **_facts(request, body),
    )
    return Status(201, {"account": account, "activation_code": code})


@router.get("/accounts/{uuid:account_id}", response=AccountOut)
def show_account(request: HttpRequest, account_id: UUID) -> Any:
    return account_in_sight(_reader(request), account_id)


@router.get("/accounts/{uuid:account_id}/rights", response=list[RightOut])
def show_rights(request: HttpRequest, account_id: UUID) -> Any:
    """What the person may do, and by which positions."""
    account = account_in_sight(_reader(request), account_id)
    return [
        RightOut(
            permission=right.permission.name,
            label=right.permission.label,
            because=[
                GrantOut(
                    position_id=grant.position_id,
                    role=grant.role,
                    hall_id=grant.hall_id,
                    reach=grant.reach,
                    acting_for=acting_for,
                )
                for grant, acting_for in right.grants
            ],
        )
        for right in rights_of(account)
    ]


@router.post("/accounts/{uuid:account_id}/close", response=AccountOut)
@idempotent
def close(request: HttpRequest, account_id: UUID) -> Any:
    require_fresh(request)
    account = account_in_sight(_reader(request), account_id)
    close_account(by=_actor(request), account=account)
    return 200, _account(request, account_id)


@router.post("/accounts/{uuid:account_id}/reopen", response=AccountOut)
@idempotent
def reopen(request: HttpRequest, account_id: UUID) -> Any:
    require_fresh(request)
    account = account_in_sight(_reader(request), account_id)
    reopen_account(by=_actor(request), account=account)
    return 200, _account(request, account_id)


@router.post("/accounts/{uuid:account_id}/activation", response=ActivationOut)
def renew_activation(request: HttpRequest, account_id: UUID) -> Any:
    """A new code with which the owner sets a password. Not repeatable by Idempotency-Key."""
    require_fresh(request)
    account = account_in_sight(_reader(request), account_id)
    return {"account": account, "activation_code": issue_activation(by=_actor(request), account=account)}


@router.post("/accounts/{uuid:account_id}/hand-over", response=HandOverOut)
@idempotent
def hand_all_over(request: HttpRequest, account_id: UUID, body: HandOverIn) -> Any:
    """Every position goes to the successor, and the account is closed."""
    require_fresh(request)
    by = _reader(request)
    moved = hand_over(
        by=by,
        account=account_in_sight(by, account_id),
        successor=account_in_sight(by, body.successor_id),
        reason=body.reason,
    )
    return 200, HandOverOut(moved=moved)


# -- positions


@router.post("/accounts/{uuid:account_id}/positions", response={201: PositionOut})
@idempotent
def give(request: HttpRequest, account_id: UUID, body: PositionIn) -> Any:
    """Give the account a position. A repeat changes nothing."""
    require_fresh(request)
    account = account_with_id(account_id)
    position = give_position(
        by=_actor(request),
        account=account,
        hall_id=body.hall_id,
        reach_prefix=prefix_of_hall(body.hall_id),
        **_facts(request, body),
    )
    return 201, PositionOut.model_validate(position)


@router.delete("/positions/{uuid:position_id}", response=AccountOut)
@idempotent
def take(request: HttpRequest, position_id: UUID) -> Any:
    """Take the position. Answers with the account as it is without it."""
    require_fresh(request)
    position = position_in_sight(_reader(request), position_id)
    take_position(by=_actor(request), position=position)
    return 200, AccountOut.model_validate(account_with_id(position.account_id))


@router.post("/positions/{uuid:position_id}/substitutions", response={201: SubstitutionOut})
@idempotent
def substitute(request: HttpRequest, position_id: UUID, body: SubstitutionIn) -> Any:
    require_fresh(request)
    by = _reader(request)
    found = name_substitute(
        by=by,
        position=position_in_sight(by, position_id),
        substitute=account_in_sight(by, body.substitute_id),
        from_on=body.from_on,
        to_on=body.to_on,
    )
    return 201, SubstitutionOut.model_validate(found)


@router.delete("/substitutions/{uuid:substitution_id}", response=SubstitutionOut)
@idempotent
def end_substitute(request: HttpRequest, substitution_id: UUID) -> Any:
    require_fresh(request)
    by = _reader(request)
    ended = end_substitution(by=by, substitution=substitution_in_sight(by, substitution_id))
    return 200, SubstitutionOut.model_validate(ended)


# -- who may do what


@router.get("/permissions", response=list[PermissionOut])
def list_permissions(request: HttpRequest) -> Any:
    return list(PERMISSIONS.values())


@router.get("/permissions/{name}/holders", response=Page[HolderOut])
def list_holders(request: HttpRequest, name: str, page: PageParameters, hall_id: UUID | None = None) -> Any:
    """The positions that carry the permission; with a hall, those that reach it."""
    if name not in PERMISSIONS:
        raise NotFound("没有这项权限。")
    return page_of(who_may(by=_reader(request), permission=name, hall_id=hall_id, prefix=prefix_of_hall(hall_id)), page)


# -- departments


@router.get("/units", response=Page[UnitOut])
def list_units(request: HttpRequest, page: PageParameters, hall_id: UUID | None = None) -> Any:
    """List the departments in use, of that hall or of the province."""
    return page_of(units_of(_reader(request), hall_id, prefix_of_hall(hall_id)), page)


@router.post("/units", response={201: UnitOut})
@idempotent
def add_unit(request: HttpRequest, body: UnitIn) -> Any:
    by = _reader(request)
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
    by = _reader(request)
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
    by = _reader(request)
    unit = unit_in_sight(by, unit_id)
    ordered = order_unit(by=by, unit=unit, is_up=body.is_up, prefix=prefix_of_hall(unit.hall_id))
    return 200, UnitOut.model_validate(ordered)


@router.post("/units/{uuid:unit_id}/retire", response=UnitOut)
@idempotent
def end_unit(request: HttpRequest, unit_id: UUID) -> Any:
    by = _reader(request)
    unit = unit_in_sight(by, unit_id)
    return 200, UnitOut.model_validate(retire_unit(by=by, unit=unit, prefix=prefix_of_hall(unit.hall_id)))


# -- roles


@router.get("/roles/ready", response=list[ReadyRoleOut])
def list_ready_roles(request: HttpRequest, hall_id: UUID | None = None) -> Any:
    """List the ready-made roles that can be had in that hall, or at the province."""
    _reader(request)
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
    require(_actor(request), "people.read", hall_id=hall_id, prefix=prefix or None)
    return page_of(own_roles_for(hall_id), page)


@router.post("/roles", response={201: RoleOut})
@idempotent
def add_role(request: HttpRequest, body: RoleIn) -> Any:
    require_fresh(request)
    role = create_role(
        by=_actor(request),
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
    by = _reader(request)
    role = own_role_in_sight(by, role_id)
    changed = change_role(
        by=by, role=role, name=body.name, permissions=body.permissions, prefix=prefix_of_hall(role.hall_id)
    )
    return 200, RoleOut.model_validate(changed)


@router.post("/roles/{uuid:role_id}/retire", response=RoleOut)
@idempotent
def end_role(request: HttpRequest, role_id: UUID) -> Any:
    require_fresh(request)
    by = _reader(request)
    role = own_role_in_sight(by, role_id)
    return 200, RoleOut.model_validate(retire_role(by=by, role=role, prefix=prefix_of_hall(role.hall_id)))


def _account(request: HttpRequest, account_id: UUID) -> AccountOut:
    return AccountOut.model_validate(account_in_sight(_actor(request), account_id))


def _facts(request: HttpRequest, body: PositionIn) -> dict[str, Any]:
    return {
        "role": role_with_key(body.role, body.hall_id),
        "unit": unit_in_sight(_reader(request), body.unit_id) if body.unit_id else None,
        "title": body.title,
        "reach": body.reach,
    }


def _reader(request: HttpRequest) -> Any:
    """The actor whom the API has recognised, if they may see people at all."""
    by = _actor(request)
    if not has_anywhere(by, "people.read"):
        require(by, "people.read")
    return by


def _actor(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]
