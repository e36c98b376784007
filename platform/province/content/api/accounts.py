"""Media accounts and what was delivered to them, over HTTP."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import OutcomeOut, Page, PageParameters, idempotent, page_of
from province.console.access import require_fresh
from province.content.operations.account_imports import import_accounts
from province.content.operations.accounts import change_account, close_account, confirm_account, file_account
from province.content.operations.contacts import export_contacts, reveal_contact
from province.content.operations.credentials import set_credential
from province.content.operations.deliveries import finish_by_hand, retry_delivery
from province.content.operations.many_deliveries import act_on_deliveries
from province.content.queries.accounts import (
    account_with_id,
    accounts_table,
    deliveries_table,
    delivery_with_id,
    signing_key,
)
from province.content.schemas.accounts import (
    AccountContactOut,
    AccountFacts,
    CloseIn,
    ContactOut,
    CredentialIn,
    CredentialOut,
    DeliveriesIn,
    DeliveryOut,
    ImportOut,
    MediaAccountIn,
    MediaAccountOut,
    SigningKeyOut,
)

router = Router(tags=["accounts"])

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXCEL_BODY = {
    "requestBody": {"required": True, "content": {_WORKBOOK: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/", response=Page[MediaAccountOut])
def list_accounts(
    request: HttpRequest, page: PageParameters, search: str = "", platform: str = "", state: str = "", under: str = ""
) -> Any:
    """``under``: the digits of a division."""
    return page_of(accounts_table(by=_actor(request), search=search, platform=platform, state=state, under=under), page)


@router.post("/", response={201: MediaAccountOut})
@idempotent
def file(request: HttpRequest, body: MediaAccountIn) -> Any:
    return 201, MediaAccountOut.model_validate(file_account(by=_actor(request), **body.model_dump()))


@router.post("/contacts", response=list[AccountContactOut])
@idempotent
def list_contacts(request: HttpRequest, search: str = "", platform: str = "", state: str = "") -> Any:
    """List in full whom one calls about the accounts; this leaves an entry in the audit."""
    require_fresh(request)
    rows = export_contacts(by=_actor(request), search=search, platform=platform, state=state)
    return 200, [
        AccountContactOut(account_id=account.pk, contact_name=name, contact_phone=phone)
        for account, (name, phone) in rows
    ]


@router.post("/import", response=ImportOut, openapi_extra=_EXCEL_BODY)
@idempotent
def take_in(request: HttpRequest) -> Any:
    """The body is an .xlsx; good rows go in, every bad one is reported."""
    return 200, ImportOut.model_validate(import_accounts(by=_actor(request), file=BytesIO(request.body)))


@router.get("/deliveries", response=Page[DeliveryOut])
def list_deliveries(
    request: HttpRequest,
    page: PageParameters,
    state: str = "",
    act: str = "",
    account_id: UUID | None = None,
    push_id: UUID | None = None,
) -> Any:
    """List deliveries; those that were given up are ``state=dead``."""
    wanted = deliveries_table(by=_actor(request), state=state, act=act, account_id=account_id, push_id=push_id)
    return page_of(wanted, page)


@router.post("/deliveries/{uuid:delivery_id}/retry", response=DeliveryOut)
@idempotent
def retry(request: HttpRequest, delivery_id: UUID) -> Any:
    by = _actor(request)
    return 200, DeliveryOut.model_validate(retry_delivery(by=by, delivery=delivery_with_id(by, delivery_id)))


@router.post("/deliveries/{uuid:delivery_id}/done", response=DeliveryOut)
@idempotent
def finish(request: HttpRequest, delivery_id: UUID) -> Any:
    """Say that somebody has done by hand what the platform lets no program do."""
    by = _actor(request)
    return 200, DeliveryOut.model_validate(finish_by_hand(by=by, delivery=delivery_with_id(by, delivery_id)))


@router.post("/deliveries/acts", response=list[OutcomeOut])
@idempotent
def act_on_many(request: HttpRequest, body: DeliveriesIn) -> Any:
    """Try many dead deliveries again, or say that those to be done by hand are done; each by itself. Answers what came
    of each: who is refused does not stop the others."""
    outcomes = act_on_deliveries(by=_actor(request), delivery_ids=body.ids, act=body.act)
    return 200, [OutcomeOut.model_validate(one) for one in outcomes]


@router.get("/{uuid:account_id}", response=MediaAccountOut)
def show(request: HttpRequest, account_id: UUID) -> Any:
    return account_with_id(_actor(request), account_id)


@router.patch("/{uuid:account_id}", response=MediaAccountOut)
@idempotent
def change(request: HttpRequest, account_id: UUID, body: AccountFacts) -> Any:
    by = _actor(request)
    facts = body.model_dump(exclude_unset=True, exclude_none=True)
    return _account(change_account(by=by, account=account_with_id(by, account_id), **facts))


@router.post("/{uuid:account_id}/confirm", response=MediaAccountOut)
@idempotent
def confirm(request: HttpRequest, account_id: UUID) -> Any:
    by = _actor(request)
    return _account(confirm_account(by=by, account=account_with_id(by, account_id)))


@router.post("/{uuid:account_id}/close", response=MediaAccountOut)
@idempotent
def close(request: HttpRequest, account_id: UUID, body: CloseIn) -> Any:
    by = _actor(request)
    return _account(close_account(by=by, account=account_with_id(by, account_id), reason=body.reason))


@router.get("/{uuid:account_id}/signing-key", response=SigningKeyOut)
def show_signing_key(request: HttpRequest, account_id: UUID) -> Any:
    """Show the key with which the other side checks our signatures."""
    by = _actor(request)
    return {"key": signing_key(by=by, account=account_with_id(by, account_id))}


@router.post("/{uuid:account_id}/contact", response=ContactOut)
@idempotent
def show_contact(request: HttpRequest, account_id: UUID) -> Any:
    """Show in full whom one calls about the account; this leaves an entry in the audit."""
    require_fresh(request)
    by = _actor(request)
    name, phone = reveal_contact(by=by, account=account_with_id(by, account_id))
    return 200, ContactOut(contact_name=name, contact_phone=phone)


@router.put("/{uuid:account_id}/credential", response=CredentialOut)
@idempotent
def put_credential(request: HttpRequest, account_id: UUID, body: CredentialIn) -> Any:
    """Set by what the platform lets us act for the account. The secret is never shown again."""
    by = _actor(request)
    kept = set_credential(by=by, account=account_with_id(by, account_id), **body.model_dump())
    return 200, CredentialOut.model_validate(kept)


def _account(account: Any) -> tuple[int, MediaAccountOut]:
    return 200, MediaAccountOut.model_validate(account)


def _actor(request: HttpRequest) -> Any:
    """The actor whom the API has recognised."""
    return request.auth  # type: ignore[attr-defined]
