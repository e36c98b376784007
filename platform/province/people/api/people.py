"""Accounts over HTTP: who there is, who comes, who goes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from foundation.api import Page, PageParameters, idempotent, page_of
from province.console.access import require_fresh
from province.halls.queries.halls import prefix_of_hall
from province.people.api.asking import actor, position_facts, reader
from province.people.operations.accounts import close_account, reopen_account
from province.people.operations.activation import issue_activation
from province.people.operations.hand_over import hand_over
from province.people.operations.people import admit_person, appoint_person
from province.people.queries.accounts import account_with_id
from province.people.queries.people import (
    account_in_sight,
    people_table,
    rights_of,
)
from province.people.schemas import (
    AccountIn,
    AccountOut,
    ActivationOut,
    GrantOut,
    HandOverIn,
    HandOverOut,
    PeopleQuery,
    RightOut,
)

router = Router()


@router.get("/accounts", response=Page[AccountOut])
def list_accounts(request: HttpRequest, page: PageParameters, wanted: Query[PeopleQuery]) -> Any:
    return page_of(people_table(by=reader(request), **wanted.dict()), page)


@router.post("/accounts", response={201: ActivationOut})
def admit(request: HttpRequest, body: AccountIn) -> Any:
    """A new account with its first position. Not repeatable by Idempotency-Key: the code would have to be kept."""
    require_fresh(request)
    account, code = admit_person(
        by=actor(request),
        username=body.username,
        name=body.name,
        hall_id=body.hall_id,
        prefix=prefix_of_hall(body.hall_id),
        **position_facts(request, body),
    )
    return Status(201, {"account": account, "activation_code": code})


@router.post("/accounts/appoint", response={201: AccountOut})
@idempotent
def appoint(request: HttpRequest, body: AccountIn) -> Any:
    """The first position of somebody who has an account already and no position anywhere. Who does not know user name
    and name learns nothing: 404 in the same words whatever is wrong."""
    require_fresh(request)
    account = appoint_person(
        by=actor(request),
        username=body.username,
        name=body.name,
        hall_id=body.hall_id,
        prefix=prefix_of_hall(body.hall_id),
        **position_facts(request, body),
    )
    return 201, AccountOut.model_validate(account_with_id(account.pk))


@router.get("/accounts/{uuid:account_id}", response=AccountOut)
def show_account(request: HttpRequest, account_id: UUID) -> Any:
    return account_in_sight(reader(request), account_id)


@router.get("/accounts/{uuid:account_id}/rights", response=list[RightOut])
def show_rights(request: HttpRequest, account_id: UUID) -> Any:
    """What the person may do, and by which positions."""
    account = account_in_sight(reader(request), account_id)
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
    account = account_in_sight(reader(request), account_id)
    close_account(by=actor(request), account=account)
    return 200, _account(request, account_id)


@router.post("/accounts/{uuid:account_id}/reopen", response=AccountOut)
@idempotent
def reopen(request: HttpRequest, account_id: UUID) -> Any:
    require_fresh(request)
    account = account_in_sight(reader(request), account_id)
    reopen_account(by=actor(request), account=account)
    return 200, _account(request, account_id)


@router.post("/accounts/{uuid:account_id}/activation", response=ActivationOut)
def renew_activation(request: HttpRequest, account_id: UUID) -> Any:
    """A new code with which the owner sets a password. Not repeatable by Idempotency-Key."""
    require_fresh(request)
    account = account_in_sight(reader(request), account_id)
    return {"account": account, "activation_code": issue_activation(by=actor(request), account=account)}


@router.post("/accounts/{uuid:account_id}/hand-over", response=HandOverOut)
@idempotent
def hand_all_over(request: HttpRequest, account_id: UUID, body: HandOverIn) -> Any:
    """Every position goes to the successor, and the account is closed."""
    require_fresh(request)
    by = reader(request)
    moved = hand_over(
        by=by,
        account=account_in_sight(by, account_id),
        successor=account_in_sight(by, body.successor_id),
        reason=body.reason,
    )
    return 200, HandOverOut(moved=moved)


def _account(request: HttpRequest, account_id: UUID) -> AccountOut:
    return AccountOut.model_validate(account_in_sight(actor(request), account_id))
