"""The OpenID Connect provider of staff: authorization code with PKCE, for halls' hosts and registered systems."""

import base64
import binascii
import hmac
from typing import Any, ClassVar, override
from urllib.parse import unquote_plus

from oauthlib.common import Request

from province.audit.operations import record_act
from province.rights.actors import Actor
from province.sign_in.models import OidcClient, OidcGrant, SignInSession
from province.sign_in.operations.codes import CodeValidator, HallsClient, authorize_by, digest, exchange_by
from province.sign_in.queries.oidc import HALLS, SCOPES, claims_of
from province.sign_in.queries.sessions import is_valid


def authorize(*, session: SignInSession | None, query: str) -> str:
    """Where the browser goes on to (``authorize_by``). ``session`` None: nobody is signed in and the client asked for
    silence."""
    return authorize_by(_StaffValidator(session=session), query=query)


def exchange(*, body: str, headers: dict[str, str], is_hall: bool = False) -> tuple[dict[str, str], str, int]:
    """Headers, JSON and status that answer a token request (``exchange_by``)."""
    return exchange_by(_StaffValidator(is_hall=is_hall), body=body, headers=headers)


class _StaffValidator(CodeValidator):
    grants = OidcGrant
    person = "account"
    halls = HallsClient(HALLS)
    halls_route = "sign-in-back"
    scopes: ClassVar[frozenset[str]] = frozenset(SCOPES)

    @override
    def client_called(self, client_id: str) -> OidcClient | None:
        return _client_called(client_id)

    @override
    def is_open(self, session: SignInSession) -> bool:
        return is_valid(session)

    @override
    def claims_of(self, session: SignInSession, scopes: list[str]) -> dict[str, Any]:
        return claims_of(session.account, scopes)

    @override
    def note_entry(self, session: SignInSession, client: Any) -> None:
        if client is not self.halls:
            by = Actor(session.account.id, session.account.name, ())
            record_act(by=by, act="sign_in.enter_client", object_type="client", object_id=client.pk)

    @override
    def authenticate_client(self, request: Request, *_: Any, **__: Any) -> bool:
        client_id, secret = _basic(request.headers.get("Authorization", ""))
        if not client_id:
            client_id, secret = request.client_id or "", request.client_secret or ""
        client = _client_called(client_id)
        # compared also where there is none: the time says nothing
        known = client.secret_digest if client else digest("")
        if not hmac.compare_digest(digest(secret), known) or client is None or not secret:
            return False
        if request.client_id and request.client_id != client.client_id:
            return False
        request.client = client
        return True


def _client_called(client_id: str) -> OidcClient | None:
    return OidcClient.objects.filter(client_id=client_id, revoked_at=None).first()


def _basic(header: str) -> tuple[str, str]:
    """Client id and secret of ``Authorization: Basic …`` (RFC 6749, 2.3.1: both are form-encoded first)."""
    kind, _, packed = header.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
