"""The sign-in behind a request; what its browser was asked to do with a passkey, kept in the session until it answers
(each question is good once); and a hall's host as a client of the province's sign-in: there, and back with a code."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import iri_to_uri

from province.console.addresses import address_of, province_address
from province.sign_in.models import SignInSession
from province.sign_in.models.sessions import device_of
from province.sign_in.operations.webauthn import Question
from province.sign_in.queries.oidc import read_id_token

_MAKING, _PROOF = "passkey_making", "passkey_proof"
_LONGEST_NAME = 40


def sign_in_of(request: HttpRequest) -> SignInSession | None:
    """The sign-in behind this request (config/middleware.py has looked it up), or None."""
    return getattr(request, "sign_in", None) or None


def ask_to_make(request: HttpRequest, question: Question) -> dict[str, Any]:
    """The question, as the browser's authenticator takes it."""
    options, request.session[_MAKING] = question
    return options


def ask_to_sign(request: HttpRequest, question: Question) -> dict[str, Any]:
    """The question, as the browser's authenticator takes it."""
    options, request.session[_PROOF] = question
    return options


def made_by(request: HttpRequest) -> dict[str, Any]:
    """``name`` (as its owner called it, or after the device), ``state`` and ``answer`` for ``add_passkey``."""
    name = request.POST.get("name", "").strip()[:_LONGEST_NAME] or device_of(request.headers.get("User-Agent", ""))
    return {"name": name, "state": request.session.pop(_MAKING, {}), "answer": _parsed(request.POST.get("answer", ""))}


def signed_by(request: HttpRequest, field: str = "answer") -> dict[str, Any]:
    """``state`` and ``answer`` for ``check_passkey`` and its like."""
    return {"state": request.session.pop(_PROOF, {}), "answer": _parsed(request.POST.get(field, ""))}


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


_READ_FOR = 5  # seconds


def lead_on(request: HttpRequest, destination: str, said: str = "") -> HttpResponse:
    """A page that leads on by itself. A form's answer may not be redirected to another host: browsers ask the page's
    CSP (form-action) along all redirects. ``said``: something that people should have the time to read first."""
    response = render(request, "sign_in/onward.html", {"destination": destination, "said": said})
    response["Refresh"] = f"{_READ_FOR if said else 0}; url={iri_to_uri(destination)}"
    return response


@dataclass(frozen=True, slots=True)
class Door:
    """A way from halls' hosts to the province's sign-in: as which client, by which routes there and back, and how a
    code is exchanged in this process."""

    client_id: str
    authorize_route: str
    back_route: str
    exchange: Callable[..., tuple[dict[str, str], str, int]]

    @property
    def cookie(self) -> str:
        return f"{settings.COOKIE_PREFIX}signing-in-{self.client_id}"


_SALT = "sign_in.signing-in"
_FOR = 600  # seconds: as long as the province waits for a second factor


def set_out(request: HttpRequest, door: Door, *, destination: str, **more: str) -> HttpResponse:
    """Send the browser to the province's host, with a question that only this browser can have the answer to.
    ``more``: further parameters of the authorization request."""
    asked = {
        "state": secrets.token_urlsafe(16),
        "nonce": secrets.token_urlsafe(16),
        "verifier": secrets.token_urlsafe(48),
        "destination": destination,
    }
    challenge = base64.urlsafe_b64encode(hashlib.sha256(asked["verifier"].encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": door.client_id,
        "redirect_uri": _back_address(request, door),
        "scope": "openid",
        "state": asked["state"],
        "nonce": asked["nonce"],
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **more,
    }
    authorize = reverse(door.authorize_route, urlconf=settings.ROOT_URLCONF)
    response = redirect(f"{province_address()}{authorize}?{urlencode(query)}")
    response.set_cookie(
        door.cookie,
        signing.dumps(asked, salt=_SALT),
        max_age=_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@dataclass(frozen=True, slots=True)
class CameBack:
    """``sid``: the sign-in that the code stands for, "" where the province said that nobody is signed in."""

    sid: str
    destination: str


def came_back(request: HttpRequest, door: Door) -> CameBack | None:
    """What the browser brings from the province's host; None where it is not the answer to this browser's question, or
    worth nothing. The code is exchanged by the same rules as any client's."""
    try:
        asked = signing.loads(request.COOKIES.get(door.cookie, ""), salt=_SALT, max_age=_FOR)
    except signing.BadSignature:
        return None
    if not secrets.compare_digest(asked["state"].encode(), request.GET.get("state", "").encode()):
        return None
    if request.GET.get("error") == "login_required":
        return CameBack("", asked["destination"])
    body = {
        "grant_type": "authorization_code",
        "client_id": door.client_id,
        "code": request.GET.get("code", ""),
        "redirect_uri": _back_address(request, door),
        "code_verifier": asked["verifier"],
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    _, answer, status = door.exchange(body=urlencode(body), headers=headers)
    if status != HttpResponse.status_code:
        return None
    import jwt  # noqa: PLC0415 - loaded where a token is read

    try:
        claims = read_id_token(json.loads(answer)["id_token"], audience=door.client_id, nonce=asked["nonce"])
    except jwt.InvalidTokenError:
        return None
    return CameBack(claims["sid"], asked["destination"])


def _back_address(request: HttpRequest, door: Door) -> str:
    host = request.get_host().partition(":")[0].lower()
    return f"{address_of(host)}{reverse(door.back_route)}"
