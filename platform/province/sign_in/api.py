"""Keys of programs, and the systems that sign their people in here, over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from foundation.api import Page, PageParameters, idempotent, page_of
from province.console.access import require_fresh
from province.people.queries.accounts import account_with_id
from province.rights.queries import require
from province.sign_in.models import OidcClient
from province.sign_in.operations.clients import add_client, change_client, revoke_client, rotate_client_secret
from province.sign_in.operations.tokens import issue_token, revoke_token
from province.sign_in.queries.oidc import client_with_id, clients
from province.sign_in.queries.tokens import token_in_use, tokens_in_use
from province.sign_in.schemas import (
    ClientAddressesIn,
    ClientIn,
    ClientOut,
    ClientSecretOut,
    IssuedOut,
    TokenIn,
    TokenOut,
)

router = Router(tags=["sign-in"])


# -- keys of programs


@router.get("/tokens", response=Page[TokenOut])
def list_tokens(request: HttpRequest, page: PageParameters) -> Any:
    """List one's own keys; everybody's for people who manage them."""
    return page_of(tokens_in_use(by=_actor(request)), page)


@router.post("/tokens", response={201: IssuedOut})
def issue(request: HttpRequest, body: TokenIn) -> Any:
    """Make a key, by a person who is signed in: programs make none. Not repeatable by Idempotency-Key: the key would
    have to be kept."""
    require_fresh(request)
    by = _actor(request)
    account = account_with_id(body.account_id or by.id)
    key = issue_token(
        by=by,
        account=account,
        name=body.name,
        scopes=body.scopes,
        expires_at=body.expires_at,
        addresses=body.addresses,
    )
    return Status(201, {"key": key})


@router.delete("/tokens/{uuid:token_id}", response=TokenOut)
@idempotent
def revoke(request: HttpRequest, token_id: UUID) -> Any:
    by = _actor(request)
    token = token_in_use(by=by, token_id=token_id)
    revoke_token(by=by, token=token)
    return 200, TokenOut.model_validate(token)


# -- systems that sign their people in here


@router.get("/clients", response=Page[ClientOut])
def list_clients(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List them, those that were revoked, too."""
    require(_actor(request), "tokens.manage")
    return page_of(clients(), page)


@router.post("/clients", response={201: ClientSecretOut})
def register_client(request: HttpRequest, body: ClientIn) -> Status[ClientSecretOut]:
    """Register a system. Not repeatable by Idempotency-Key: the secret would have to be kept."""
    require_fresh(request)
    made, secret = add_client(by=_actor(request), **body.model_dump())
    return Status(201, ClientSecretOut(client_id=made.client_id, secret=secret))


@router.get("/clients/{client_id}", response=ClientOut)
def show_client(request: HttpRequest, client_id: str) -> OidcClient:
    require(_actor(request), "tokens.manage")
    return client_with_id(client_id)


@router.patch("/clients/{client_id}", response=ClientOut)
@idempotent
def change_addresses(request: HttpRequest, client_id: str, body: ClientAddressesIn) -> tuple[int, ClientOut]:
    """Change where it may send people back to, and where it is told that a sign-in has ended."""
    require_fresh(request)
    return 200, ClientOut.from_orm(change_client(by=_actor(request), client_id=client_id, **body.model_dump()))


@router.post("/clients/{client_id}/secret", response=ClientSecretOut)
def draw_secret(request: HttpRequest, client_id: str) -> ClientSecretOut:
    """Draw a new secret; the old one is worth nothing from now on. Not repeatable by Idempotency-Key."""
    require_fresh(request)
    found, secret = rotate_client_secret(by=_actor(request), client_id=client_id)
    return ClientSecretOut(client_id=found.client_id, secret=secret)


@router.delete("/clients/{client_id}", response=ClientOut)
@idempotent
def end_client(request: HttpRequest, client_id: str) -> tuple[int, ClientOut]:
    """Revoke it: it lets nobody in any more."""
    require_fresh(request)
    return 200, ClientOut.from_orm(revoke_client(by=_actor(request), client_id=client_id))


def _actor(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]
