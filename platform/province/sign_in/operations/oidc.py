"""The OpenID Connect provider: authorization code with PKCE. oauthlib keeps the protocol, this file the rows."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, override
from urllib.parse import unquote_plus, urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from oauthlib.common import Request
from oauthlib.oauth2 import AuthorizationEndpoint, BearerToken, FatalClientError, TokenEndpoint
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError, UnsupportedCodeChallengeMethodError
from oauthlib.openid import RequestValidator
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant

from foundation.errors import Invalid
from province.audit.operations import record_act
from province.console.addresses import address_of, province_address
from province.halls.queries.halls import is_halls_host
from province.rights.actors import Actor
from province.sign_in.models import OidcClient, OidcGrant, SignInSession
from province.sign_in.operations.oidc_keys import signed
from province.sign_in.queries.oidc import HALLS, SCOPES, claims_of
from province.sign_in.queries.sessions import is_valid

CODE_FOR = timedelta(seconds=60)
TOKEN_FOR = timedelta(minutes=10)
ID_TOKEN_SECONDS = 300
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
# the column's width
_LONGEST_NONCE = 500
# oauthlib refuses plain http; whether there is TLS outside is the web server's matter
_ANY_TLS_ADDRESS = "https://provider/"


@dataclass(frozen=True, slots=True)
class _Halls:
    """All halls' hosts as one client, which any of them may be."""

    client_id: str = HALLS
    scopes: tuple[str, ...] = ("openid",)


@transaction.atomic
def authorize(*, session: SignInSession | None, query: str) -> str:
    """Where the browser goes on to: back to the client, with a code or with what was wrong.

    ``query`` as the browser sent it. ``session`` None: nobody is signed in and the client asked for silence. Raises
    Invalid where client or address is unknown: then nobody is sent anywhere.
    """
    validator = _Validator(session=session)
    grant = AuthorizationCodeGrant(validator, pre_auth=[_check_request])
    endpoint = AuthorizationEndpoint("code", BearerToken(validator), {"code": grant})
    try:
        headers, _, _ = endpoint.create_authorization_response(f"{_ANY_TLS_ADDRESS}?{query}")
    except (FatalClientError, ValueError) as refusal:
        # ValueError: what is no query at all
        raise Invalid("发起登录的系统没有登记，或它的回调地址与登记的不一致。请联系该系统的管理员。") from refusal
    location: str = headers["Location"]
    return location


@transaction.atomic
def exchange(*, body: str, headers: dict[str, str], is_hall: bool = False) -> tuple[dict[str, str], str, int]:
    """Headers, JSON and status that answer a token request. A code is good once, whatever comes of it."""
    validator = _Validator(is_hall=is_hall)
    bearer = BearerToken(
        validator, token_generator=lambda _: secrets.token_urlsafe(32), expires_in=int(TOKEN_FOR.total_seconds())
    )
    grant = AuthorizationCodeGrant(validator, refresh_token=False)
    endpoint = TokenEndpoint("authorization_code", bearer, {"authorization_code": grant})
    answered: tuple[dict[str, str], str, int] = endpoint.create_token_response(
        _ANY_TLS_ADDRESS, body=body, headers=headers
    )
    return answered


class _Validator(RequestValidator):  # type: ignore[misc]  # oauthlib is untyped
    """What oauthlib asks: which client, which address, which code."""

    def __init__(self, *, session: SignInSession | None = None, is_hall: bool = False) -> None:
        super().__init__()
        self._session = session
        self._is_hall = is_hall
        self._grant: OidcGrant | None = None

    # -- the authorization request

    @override
    def validate_client_id(self, client_id: str, request: Request, *_: Any, **__: Any) -> bool:
        request.client = _Halls() if client_id == HALLS else _client_called(client_id)
        return request.client is not None

    @override
    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Request, *_: Any, **__: Any) -> bool:
        if client_id == HALLS:
            return _is_halls_address(redirect_uri)
        return redirect_uri in request.client.redirect_uris

    @override
    def get_default_redirect_uri(self, *_: Any, **__: Any) -> None:
        """There is none: clients name their address each time."""

    @override
    def validate_response_type(self, client_id: str, response_type: str, *_: Any, **__: Any) -> bool:
        return response_type == "code"

    @override
    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Request, *_: Any, **__: Any
    ) -> bool:
        return "openid" in scopes and set(scopes) <= {*client.scopes, "openid"} <= {*SCOPES}

    @override
    def get_default_scopes(self, *_: Any, **__: Any) -> list[str]:
        return ["openid"]

    @override
    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return True

    @override
    def validate_silent_login(self, request: Request) -> bool:
        return self._session is not None

    @override
    def validate_silent_authorization(self, request: Request) -> bool:
        return True

    @override
    def validate_user_match(self, id_token_hint: str, scopes: Any, claims: Any, request: Request) -> bool:
        return True

    @override
    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Request, *_: Any, **__: Any
    ) -> None:
        assert self._session is not None  # noqa: S101 - authorize() is called without one only to be refused
        OidcGrant.objects.create(
            client_id=client_id,
            session=self._session,
            code_digest=_digest(code["code"]),
            redirect_uri=request.redirect_uri,
            challenge=request.code_challenge,
            nonce=request.nonce or "",
            scopes=request.scopes,
            code_expires_at=timezone.now() + CODE_FOR,
        )
        account = self._session.account
        if client_id != HALLS:
            record_act(
                by=Actor(account.id, account.name, ()),
                act="sign_in.enter_client",
                object_type="client",
                object_id=request.client.pk,
            )

    # -- the token request

    @override
    def client_authentication_required(self, request: Request, *_: Any, **__: Any) -> bool:
        return not self._is_hall

    @override
    def authenticate_client(self, request: Request, *_: Any, **__: Any) -> bool:
        client_id, secret = _basic(request.headers.get("Authorization", ""))
        if not client_id:
            client_id, secret = request.client_id or "", request.client_secret or ""
        client = _client_called(client_id)
        # compared also where there is none: the time says nothing
        known = client.secret_digest if client else _digest("")
        if not hmac.compare_digest(_digest(secret), known) or client is None or not secret:
            return False
        if request.client_id and request.client_id != client.client_id:
            return False
        request.client = client
        return True

    @override
    def authenticate_client_id(self, client_id: str, request: Request, *_: Any, **__: Any) -> bool:
        """Let in a hall's host, which calls in this process and has no secret."""
        request.client = _Halls()
        return client_id == HALLS

    @override
    def validate_grant_type(self, client_id: str, grant_type: str, *_: Any, **__: Any) -> bool:
        return grant_type == "authorization_code"

    @override
    def validate_code(self, client_id: str, code: str, client: Any, request: Request, *_: Any, **__: Any) -> bool:
        grant = (
            # the sign-in, too: one that ends at this moment is seen as ended, or its end sees this code as redeemed
            OidcGrant.objects.select_for_update(of=("self", "session"))
            .select_related("session__account")
            .filter(code_digest=_digest(code), client_id=client_id)
            .first()
        )
        if grant is None:
            return False
        now = timezone.now()
        if grant.redeemed_at is not None:
            # somebody else has seen the code: what was given for it is taken back (RFC 6749, 4.1.2)
            grant.token_expires_at = now
            grant.save(update_fields=["token_expires_at"])
            return False
        grant.redeemed_at = now
        grant.save(update_fields=["redeemed_at"])
        if grant.code_expires_at <= now or not is_valid(grant.session):
            return False
        self._grant = grant
        request.user = grant.session.account
        request.scopes = list(grant.scopes)
        return True

    @override
    def get_code_challenge(self, code: str, request: Request) -> str:
        return self._held.challenge

    @override
    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return "S256"

    @override
    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, request: Request, *_: Any, **__: Any
    ) -> bool:
        return redirect_uri == self._held.redirect_uri

    @override
    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> str | None:
        return self._held.nonce or None

    @override
    def get_id_token(self, token: Any, token_handler: Any, request: Request) -> None:
        """oauthlib begins it, ``finalize_id_token`` ends it."""

    @override
    def finalize_id_token(self, id_token: dict[str, Any], token: Any, token_handler: Any, request: Request) -> str:
        session = self._held.session
        claims = (
            id_token
            | claims_of(session.account, self._held.scopes)
            | {
                "iss": province_address(),
                "exp": int(time.time()) + ID_TOKEN_SECONDS,
                "auth_time": int(session.proved_at.timestamp()),
                "sid": str(session.pk),
            }
        )
        return signed(claims)

    @override
    def save_bearer_token(self, token: dict[str, Any], request: Request, *_: Any, **__: Any) -> None:
        self._held.token_digest = _digest(token["access_token"])
        self._held.token_expires_at = timezone.now() + TOKEN_FOR
        self._held.save(update_fields=["token_digest", "token_expires_at"])

    @override
    def invalidate_authorization_code(self, client_id: str, code: str, request: Request, *_: Any, **__: Any) -> None:
        """Do nothing: the code was used up when it was looked up."""

    @override
    def is_origin_allowed(self, client_id: str, origin: str, request: Request, *_: Any, **__: Any) -> bool:
        return False

    @property
    def _held(self) -> OidcGrant:
        assert self._grant is not None  # noqa: S101 - asked only after validate_code has said yes
        return self._grant


def _check_request(request: Request) -> dict[str, str]:
    """Refuse a plain challenge, which shows the verifier to anyone who sees the address (RFC 9700, 2.1.1), one that is
    no hash in base64url (RFC 7636, 4.2), a nonce that is too long to keep, and an age that is no number."""
    if request.code_challenge and request.code_challenge_method != "S256":
        raise UnsupportedCodeChallengeMethodError(request=request)
    if request.code_challenge and not _CHALLENGE.fullmatch(request.code_challenge):
        raise InvalidRequestError("code_challenge is no SHA-256 hash in base64url", request=request)
    if request.max_age and not str(request.max_age).isdecimal():
        raise InvalidRequestError("max_age is no number of seconds", request=request)
    if len(request.nonce or "") > _LONGEST_NONCE:
        raise InvalidRequestError(f"nonce is longer than {_LONGEST_NONCE} characters", request=request)
    return {}


def _client_called(client_id: str) -> OidcClient | None:
    return OidcClient.objects.filter(client_id=client_id, revoked_at=None).first()


def _is_halls_address(redirect_uri: str) -> bool:
    """``https://<a hall's host>/sign-in/back/``, to the letter."""
    try:
        host = urlsplit(redirect_uri).hostname or ""
    except ValueError:
        return False
    back = reverse("sign-in-back", urlconf=settings.EVERY_HALL_URLCONF)
    return redirect_uri == f"{address_of(host)}{back}" and is_halls_host(host)


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


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
