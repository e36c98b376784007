"""A hall's host as a client of the province's sign-in: there, and back with a code."""

import base64
import hashlib
import json
import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation.errors import NotSignedIn
from province.console.access import hall_of
from province.console.addresses import address_of, province_address
from province.halls.access import destination_of
from province.sign_in.models import SignInSession
from province.sign_in.operations.oidc import exchange
from province.sign_in.queries.oidc import HALLS, read_id_token
from province.sign_in.queries.sessions import valid_session
from province.sign_in.views.entry import tie

_COOKIE = f"{settings.COOKIE_PREFIX}signing-in"
_SALT = "sign_in.signing-in"
_FOR = 600  # seconds: as long as the province waits for a second factor


@never_cache
@require_GET
def go(request: HttpRequest) -> HttpResponse:
    """Send the browser to the province's host, with a question that only this browser can have the answer to."""
    destination = destination_of(request)
    if request.user.is_authenticated:
        return redirect(destination)
    asked = {
        "state": secrets.token_urlsafe(16),
        "nonce": secrets.token_urlsafe(16),
        "verifier": secrets.token_urlsafe(48),
        "destination": destination,
    }
    challenge = base64.urlsafe_b64encode(hashlib.sha256(asked["verifier"].encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": HALLS,
        "redirect_uri": _back_address(request),
        "scope": "openid",
        "state": asked["state"],
        "nonce": asked["nonce"],
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    authorize = reverse("oidc-authorize", urlconf=settings.ROOT_URLCONF)
    response = redirect(f"{province_address()}{authorize}?{urlencode(query)}")
    response.set_cookie(
        _COOKIE,
        signing.dumps(asked, salt=_SALT),
        max_age=_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Take the browser back with the code, which is exchanged in this process by the same rules as any client's."""
    try:
        asked = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_FOR)
    except signing.BadSignature:
        asked = {}
    session = None
    if asked and secrets.compare_digest(asked["state"], request.GET.get("state", "")):
        session = _session_for(request, asked)
    if session is None:
        error = NotSignedIn("这次登录没有完成，可能等得太久，或者在另一个窗口里重新开始过。请再登录一次。")
        page = {"error": error, "hall": hall_of(request)}
        return render(request, "sign_in/not_completed.html", page, status=400)
    tie(request, session)
    response = redirect(asked["destination"])
    response.delete_cookie(_COOKIE)
    return response


def _session_for(request: HttpRequest, asked: dict[str, str]) -> SignInSession | None:
    """The sign-in that the code stands for, or None."""
    body = {
        "grant_type": "authorization_code",
        "client_id": HALLS,
        "code": request.GET.get("code", ""),
        "redirect_uri": _back_address(request),
        "code_verifier": asked["verifier"],
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    _, answer, status = exchange(body=urlencode(body), headers=headers, is_hall=True)
    if status != HttpResponse.status_code:
        return None
    import jwt  # noqa: PLC0415 - loaded where a token is read

    try:
        claims = read_id_token(json.loads(answer)["id_token"], audience=HALLS, nonce=asked["nonce"])
    except jwt.InvalidTokenError:
        return None
    return valid_session(claims["sid"])


def _back_address(request: HttpRequest) -> str:
    host = request.get_host().partition(":")[0].lower()
    return f"{address_of(host)}{reverse('sign-in-back')}"
