"""What the pages of signing in share: who knocks, whom they let in, and where that person goes on."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from province.console.access import client_address
from province.people.models import Account
from province.people.queries.accounts import account_with_password_hash
from province.sign_in.access import lead_on
from province.sign_in.models import Factor, SignInSession
from province.sign_in.operations.sessions import begin_session
from province.sign_in.queries.sessions import KEY

_PENDING = "pending_sign_in"
_PENDING_FOR = timedelta(minutes=10)
DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}device"
_DEVICE_SALT = "sign_in.device"
_DEVICE_FOR = timedelta(days=180)
_MOST_ON_A_DEVICE = 12


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody who has given the right password, and not yet a second factor."""

    account: Account
    destination: str


def hold(request: HttpRequest, account: Account, destination: str) -> None:
    """Remember who has given the right password, under a new session key: one planted before is worth nothing."""
    request.session.flush()
    request.session[_PENDING] = {
        "account": str(account.pk),
        "since": timezone.now().timestamp(),
        "hash": account.get_session_auth_hash(),
        "destination": destination,
    }


def pending_of(request: HttpRequest) -> Pending | None:
    """Who has given the right password within the last minutes, if it is still the right one."""
    kept = request.session.get(_PENDING)
    if kept is None or kept["since"] < (timezone.now() - _PENDING_FOR).timestamp():
        return None
    account = account_with_password_hash(UUID(kept["account"]), kept["hash"])
    return Pending(account, kept["destination"]) if account else None


def let_in(request: HttpRequest, account: Account, factor: Factor) -> SignInSession:
    """Begin the sign-in, and tie this host's session to it."""
    agent = request.headers.get("User-Agent", "")
    session = begin_session(account=account, factor=factor, address=client_address(request), agent=agent)
    tie(request, session)
    return session


def tie(request: HttpRequest, session: SignInSession) -> None:
    """Tie this host's session, under a new key, to the sign-in."""
    request.session.flush()
    request.session[KEY] = str(session.pk)
    login(request, session.account)


def onward(request: HttpRequest, destination: str) -> HttpResponse:
    """Redirect to where somebody wanted to go."""
    authorize = reverse("oidc-authorize", urlconf=settings.ROOT_URLCONF)
    is_here = destination.startswith("/") and not destination.startswith(("//", authorize))
    return redirect(destination) if is_here else lead_on(request, destination)


def is_known_device(request: HttpRequest, username: str) -> bool:
    """Whether this account has signed in from this browser before."""
    return _mark_of(username) in _marks(request)


def remember_device(request: HttpRequest, response: HttpResponseBase, account: Account) -> None:
    marks = [_mark_of(account.username), *(mark for mark in _marks(request) if mark != _mark_of(account.username))]
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(marks[:_MOST_ON_A_DEVICE], salt=_DEVICE_SALT),
        max_age=_DEVICE_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        found: list[str] = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=_DEVICE_SALT, max_age=_DEVICE_FOR)
    except signing.BadSignature:
        return []
    return found


def _mark_of(username: str) -> str:
    return hashlib.sha256(f"{_DEVICE_SALT}:{username}".encode()).hexdigest()[:24]
