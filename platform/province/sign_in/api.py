"""Keys of programs over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from foundation.api import Page, PageParameters, idempotent, page_of
from province.console.access import require_fresh
from province.people.queries.accounts import account_with_id
from province.sign_in.operations.tokens import issue_token, revoke_token
from province.sign_in.queries.tokens import token_in_use, tokens_in_use
from province.sign_in.schemas import IssuedOut, TokenIn, TokenOut

router = Router(tags=["sign-in"])


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


def _actor(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]
