"""Positions, substitutes and what they allow, over HTTP."""
# ruff: noqa: ARG001 - ninja hands every endpoint its request

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.errors import NotFound
from province.console.access import require_fresh
from province.halls.queries.halls import prefix_of_hall
from province.people.api.asking import actor, position_facts, reader
from province.people.operations.positions import give_position, take_position
from province.people.operations.substitutes import end_substitution, name_substitute
from province.people.queries.accounts import account_with_id
from province.people.queries.people import (
    account_in_sight,
    position_in_sight,
    substitution_in_sight,
    who_may,
)
from province.people.schemas import (
    AccountOut,
    HolderOut,
    PermissionOut,
    PositionIn,
    PositionOut,
    SubstitutionIn,
    SubstitutionOut,
)
from province.rights.permissions import PERMISSIONS

router = Router()


@router.post("/accounts/{uuid:account_id}/positions", response={201: PositionOut})
@idempotent
def give(request: HttpRequest, account_id: UUID, body: PositionIn) -> Any:
    """Give the account a position. A repeat changes nothing."""
    require_fresh(request)
    account = account_with_id(account_id)
    position = give_position(
        by=actor(request),
        account=account,
        hall_id=body.hall_id,
        reach_prefix=prefix_of_hall(body.hall_id),
        **position_facts(request, body),
    )
    return 201, PositionOut.model_validate(position)


@router.delete("/positions/{uuid:position_id}", response=AccountOut)
@idempotent
def take(request: HttpRequest, position_id: UUID) -> Any:
    """Take the position. Answers with the account as it is without it."""
    require_fresh(request)
    position = position_in_sight(reader(request), position_id)
    take_position(by=actor(request), position=position)
    return 200, AccountOut.model_validate(account_with_id(position.account_id))


@router.post("/positions/{uuid:position_id}/substitutions", response={201: SubstitutionOut})
@idempotent
def substitute(request: HttpRequest, position_id: UUID, body: SubstitutionIn) -> Any:
    require_fresh(request)
    by = reader(request)
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
    by = reader(request)
    ended = end_substitution(by=by, substitution=substitution_in_sight(by, substitution_id))
    return 200, SubstitutionOut.model_validate(ended)


@router.get("/permissions", response=list[PermissionOut])
def list_permissions(request: HttpRequest) -> Any:
    return list(PERMISSIONS.values())


@router.get("/permissions/{name}/holders", response=Page[HolderOut])
def list_holders(request: HttpRequest, name: str, page: PageParameters, hall_id: UUID | None = None) -> Any:
    """The positions that carry the permission; with a hall, those that reach it."""
    if name not in PERMISSIONS:
        raise NotFound("没有这项权限。")
    return page_of(who_may(by=reader(request), permission=name, hall_id=hall_id, prefix=prefix_of_hall(hall_id)), page)
