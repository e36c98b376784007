"""Authorization codes with PKCE, for staff and citizens alike: oauthlib keeps the protocol, this file the rows. What is
particular to staff is in ``oidc``, to citizens in province/citizens."""

import hashlib
import re
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, override
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from oauthlib.common import Request
from oauthlib.oauth2 import AuthorizationEndpoint, BearerToken, FatalClientError, TokenEndpoint
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError, UnsupportedCodeChallengeMethodError
from oauthlib.openid import RequestValidator
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant

from foundation.errors import Invalid
from province.console.addresses import address_of, province_address
from province.halls.queries.halls import is_halls_host
from province.sign_in.models import CodeGrant
from province.sign_in.operations.oidc_keys import signed

CODE_FOR = timedelta(seconds=60)
TOKEN_FOR = timedelta(minutes=10)
ID_TOKEN_SECONDS = 300
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
# the column's width
_LONGEST_NONCE = 500
# oauthlib refuses plain http; whether there is TLS outside is the web server's matter
_ANY_TLS_ADDRESS = "https://provider/"


@dataclass(frozen=True, slots=True)
class HallsClient:
    """All halls' hosts as one client, which any of them may be."""

    client_id: str
    scopes: tuple[str, ...] = ("openid",)


class CodeValidator(RequestValidator):  # type: ignore[misc]  # oauthlib is untyped
    """What oauthlib asks: which client, which address, which code. An heir says whose sign-ins they are."""

    grants: ClassVar[type[CodeGrant]]
    # from a grant to the person who signed in
    person: ClassVar[str]
    # all halls' hosts, of which each calls in this process and has no secret
    halls: ClassVar[HallsClient]
    # route of a hall's host where the browser comes back with a code
    halls_route: ClassVar[str]
    scopes: ClassVar[frozenset[str]] = frozenset({"openid"})

    def __init__(self, *, session: models.Model | None = None, is_hall: bool = False) -> None:
        super().__init__()
        self._session = session
        self._is_hall = is_hall
        self._grant: Any = None

    # -- what an heir says

    def client_called(self, client_id: str) -> Any | None:
        """The client that is no hall, or None."""
        raise NotImplementedError

    def is_open(self, session: Any) -> bool:
        """Whether the sign-in still lets in."""
        raise NotImplementedError

    def claims_of(self, session: Any, scopes: list[str]) -> dict[str, Any]:
        """Who it is."""
        raise NotImplementedError

    def has_hall(self, host: str) -> bool:
        """Whether a hall answers at this host name to which people may go on."""
        return is_halls_host(host)

    def note_entry(self, session: Any, client: Any) -> None:
        """Note that somebody goes on to the client."""

    # -- the authorization request

    @override
    def validate_client_id(self, client_id: str, request: Request, *_: Any, **__: Any) -> bool:
        request.client = self.halls if client_id == self.halls.client_id else self.client_called(client_id)
        return request.client is not None

    @override
    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Request, *_: Any, **__: Any) -> bool:
        if request.client is self.halls:
            return self._is_halls_address(redirect_uri)
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
        return "openid" in scopes and set(scopes) <= {*client.scopes, "openid"} <= self.scopes

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
        assert self._session is not None  # noqa: S101 - authorize_by() is called without one only to be refused
        models.QuerySet(self.grants).create(
            client_id=client_id,
            session=self._session,
            code_digest=digest(code["code"]),
            redirect_uri=request.redirect_uri,
            challenge=request.code_challenge,
            nonce=request.nonce or "",
            scopes=request.scopes,
            code_expires_at=timezone.now() + CODE_FOR,
        )
        self.note_entry(self._session, request.client)

    # -- the token request

    @override
    def client_authentication_required(self, request: Request, *_: Any, **__: Any) -> bool:
        return not self._is_hall

    @override
    def authenticate_client_id(self, client_id: str, request: Request, *_: Any, **__: Any) -> bool:
        """Let in a hall's host, which calls in this process and has no secret."""
        request.client = self.halls
        return client_id == self.halls.client_id

    @override
    def validate_grant_type(self, client_id: str, grant_type: str, *_: Any, **__: Any) -> bool:
        return grant_type == "authorization_code"

    @override
    def validate_code(self, client_id: str, code: str, client: Any, request: Request, *_: Any, **__: Any) -> bool:
        grant: Any = (
            # the sign-in, too: one that ends at this moment is seen as ended, or its end sees this code as redeemed
            models.QuerySet(self.grants)
            .select_for_update(of=("self", "session"))
            .select_related(f"session__{self.person}")
            .filter(code_digest=digest(code), client_id=client_id)
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
        if grant.code_expires_at <= now or not self.is_open(grant.session):
            return False
        self._grant = grant
        request.user = getattr(grant.session, self.person)
        request.scopes = list(grant.scopes)
        return True

    @override
    def get_code_challenge(self, code: str, request: Request) -> str:
        return str(self._held.challenge)

    @override
    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return "S256"

    @override
    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, request: Request, *_: Any, **__: Any
    ) -> bool:
        return bool(redirect_uri == self._held.redirect_uri)

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
            | self.claims_of(session, self._held.scopes)
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
        self._held.token_digest = digest(token["access_token"])
        self._held.token_expires_at = timezone.now() + TOKEN_FOR
        self._held.save(update_fields=["token_digest", "token_expires_at"])

    @override
    def invalidate_authorization_code(self, client_id: str, code: str, request: Request, *_: Any, **__: Any) -> None:
        """Do nothing: the code was used up when it was looked up."""

    @override
    def is_origin_allowed(self, client_id: str, origin: str, request: Request, *_: Any, **__: Any) -> bool:
        return False

    def _is_halls_address(self, redirect_uri: str) -> bool:
        """``https://<a hall's host>`` with the path of the route, to the letter."""
        try:
            host = urlsplit(redirect_uri).hostname or ""
        except ValueError:
            return False
        back = reverse(self.halls_route, urlconf=settings.EVERY_HALL_URLCONF)
        return redirect_uri == f"{address_of(host)}{back}" and self.has_hall(host)

    @property
    def _held(self) -> Any:
        assert self._grant is not None  # noqa: S101 - asked only after validate_code has said yes
        return self._grant


@transaction.atomic
def authorize_by(validator: CodeValidator, *, query: str) -> str:
    """Where the browser goes on to: back to the client, with a code or with what was wrong.

    ``query`` as the browser sent it. Raises Invalid where client or address is unknown: then nobody is sent anywhere.
    """
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
def exchange_by(validator: CodeValidator, *, body: str, headers: dict[str, str]) -> tuple[dict[str, str], str, int]:
    """Headers, JSON and status that answer a token request. A code is good once, whatever comes of it."""
    bearer = BearerToken(
        validator, token_generator=lambda _: secrets.token_urlsafe(32), expires_in=int(TOKEN_FOR.total_seconds())
    )
    grant = AuthorizationCodeGrant(validator, refresh_token=False)
    endpoint = TokenEndpoint("authorization_code", bearer, {"authorization_code": grant})
    answered: tuple[dict[str, str], str, int] = endpoint.create_token_response(
        _ANY_TLS_ADDRESS, body=body, headers=headers
    )
    return answered


def _check_request(request: Request) -> dict[str, str]:
    """Refuse a plain challenge, which shows the verifier to anyone who sees the address (RFC 9700, 2.1.1), one that is
    no hash in base64url (RFC 7636, 4.2), a nonce that is too long to keep, and an age that is no number."""
    if request.code_challenge is not None and request.code_challenge_method != "S256":
        raise UnsupportedCodeChallengeMethodError(request=request)
    if request.code_challenge is not None and not _CHALLENGE.fullmatch(request.code_challenge):
        raise InvalidRequestError("code_challenge is no SHA-256 hash in base64url", request=request)
    if request.max_age and not str(request.max_age).isdecimal():
        raise InvalidRequestError("max_age is no number of seconds", request=request)
    if len(request.nonce or "") > _LONGEST_NONCE:
        raise InvalidRequestError(f"nonce is longer than {_LONGEST_NONCE} characters", request=request)
    return {}


def digest(text: str) -> str:
    """Under which a code, a token or a secret is kept."""
    return hashlib.sha256(text.encode()).hexdigest()
