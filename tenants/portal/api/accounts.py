"""The hall's registered media accounts (新媒体备案)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.content.operations import accounts
from tenants.portal.layouts import desk_of_request
from tenants.portal.queries.accounts import account_at_desk, accounts_at_desk
from tenants.portal.schemas import AccountChangeIn, HallAccountOut, NewAccountIn, ReasonIn

router = Router(tags=["accounts"])


@router.get("", response=Page[HallAccountOut])
def list_accounts(request: HttpRequest, page: PageParameters, search: str = "") -> dict[str, Any]:
    """List the accounts of this hall and of the halls below it."""
    return page_of(accounts_at_desk(desk_of_request(request), search=search), page)


@router.post("", response={201: HallAccountOut})
@idempotent
def file_account(request: HttpRequest, data: NewAccountIn) -> tuple[int, HallAccountOut]:
    desk = desk_of_request(request)
    account = accounts.file_account(by=desk.by, code=desk.hall.division.code, **data.model_dump(exclude_unset=True))
    return 201, HallAccountOut.from_orm(account)


@router.patch("/{uuid:account_id}", response=HallAccountOut)
@idempotent
def change_account(request: HttpRequest, account_id: UUID, data: AccountChangeIn) -> tuple[int, HallAccountOut]:
    """The province confirms the change."""
    desk = desk_of_request(request)
    account = account_at_desk(desk, account_id)
    changed = accounts.change_account(by=desk.by, account=account, **data.model_dump(exclude_unset=True))
    return 200, HallAccountOut.from_orm(changed)


@router.post("/{uuid:account_id}/close", response=HallAccountOut)
@idempotent
def close_account(request: HttpRequest, account_id: UUID, data: ReasonIn) -> tuple[int, HallAccountOut]:
    """Close the account for good."""
    desk = desk_of_request(request)
    closed = accounts.close_account(by=desk.by, account=account_at_desk(desk, account_id), reason=data.reason)
    return 200, HallAccountOut.from_orm(closed)
