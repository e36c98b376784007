"""Keys of programs, where one is signed in, and the systems that sign their people in here, over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from foundation.api import Page, PageParameters, idempotent, page_of
from province.console.access import require_fresh
from province.people.queries.accounts import account_with_id
from province.rights.queries import require
from province.sign_in.access import sign_in_of
from province.sign_in.models import OidcClient
from province.sign_in.operations.clients import add_client, change_client, revoke_client, rotate_client_secret
from province.sign_in.operations.sessions import end_other_sessions, end_session
from province.sign_in.operations.tokens import issue_token, revoke_token
from province.sign_in.queries.oidc import client_with_id, clients
from province.sign_in.queries.sessions import own_open_sessions, own_session
from province.sign_in.queries.tokens import token_in_use, tokens_in_use
from province.sign_in.schemas import (
    ClientAddressesIn,
    ClientIn,
    ClientOut,
    ClientSecretOut,
    EndedSessionsOut,
    IssuedOut,
    SignInSessionOut,
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


# -- where one is signed in: by the session of a browser, a key has no sign-ins


@router.get("/sessions", response=list[SignInSessionOut])
def list_sessions(request: HttpRequest) -> Any:
    """List one's own open sign-ins, the last seen first."""
    return own_open_sessions(by=_actor(request))


@router.delete("/sessions", response=EndedSessionsOut)
@idempotent
def end_others(request: HttpRequest) -> tuple[int, EndedSessionsOut]:
    """End all one's own sign-ins but the present one."""
    by, present = _actor(request), sign_in_of(request)
    account = account_with_id(by.id)
    ended = end_other_sessions(by=by, account=account, kept_id=present.pk if present else None)
    return 200, EndedSessionsOut(ended=ended)


@router.delete("/sessions/{uuid:session_id}", response=SignInSessionOut)
@idempotent
def end_one(request: HttpRequest, session_id: UUID) -> tuple[int, SignInSessionOut]:
    """End one of one's own sign-ins, on the province's host and on all halls' hosts."""
    by = _actor(request)
    session = own_session(by=by, session_id=session_id)
    end_session(by=by, session=session)
    return 200, SignInSessionOut.from_orm(own_session(by=by, session_id=session_id))


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
