"""The provider's endpoints, at the province's host."""

import hashlib
from dataclasses import asdict
from datetime import timedelta

from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import Invalid
from province.console.access import is_preview
from province.people.queries.actors import actor_of
from province.sign_in.access import lead_on, sign_in_of
from province.sign_in.models import SignInSession
from province.sign_in.operations.oidc import authorize as authorize_client
from province.sign_in.operations.oidc import exchange
from province.sign_in.operations.sessions import end_session
from province.sign_in.queries.oidc import (
    SignOutRequest,
    claims_of,
    discovery,
    grant_with_token,
    public_keys,
    read_sign_out,
)

_LONGEST_QUERY = 4_000
# seconds; no sign-in is older
_LONGEST_AGE = 365 * 24 * 3600
_SIGN_OUT_SALT = "sign_in.signing-out"
_SIGN_OUT_FOR = 600  # seconds


@require_GET
def configuration(_: HttpRequest) -> JsonResponse:
    return JsonResponse(discovery())


@require_GET
def keys(_: HttpRequest) -> JsonResponse:
    return JsonResponse(public_keys(), headers={"Cache-Control": "public, max-age=300"})


@never_cache
@require_GET
def authorize(request: HttpRequest) -> HttpResponse:
    """Send people who are not signed in to the sign-in page first, and those whose last proof is older than the client
    takes (``prompt=login``, ``max_age`` in seconds) to the question for another one; they come back here."""
    session = sign_in_of(request)
    is_enough = session is not None and _is_enough(request, session)
    if "none" in request.GET.get("prompt", "").split():
        session = session if is_enough else None
    elif not is_enough:
        first = reverse("sign-in" if session is None else "confirm")
        return redirect(f"{first}?{urlencode({'next': _once_proved(request)[:_LONGEST_QUERY]})}")
    return _sent_to(authorize_client(session=session, query=request.META.get("QUERY_STRING", "")))


def _is_enough(request: HttpRequest, session: SignInSession) -> bool:
    """Whether the person's last proof is as young as the client asks (OpenID Connect Core, 3.1.2.1)."""
    if "login" in request.GET.get("prompt", "").split():
        return False
    seconds = request.GET.get("max_age", "")
    if not seconds.isdecimal():
        return True
    return timezone.now() - session.proved_at <= timedelta(seconds=min(int(seconds[:9]), _LONGEST_AGE))


def _once_proved(request: HttpRequest) -> str:
    """The address of this request without what asks for a proof whatever its age, and would ask again after it."""
    query = request.GET.copy()
    prompts = [one for one in query.get("prompt", "").split() if one != "login"]
    query.pop("prompt", None)
    if prompts:
        query["prompt"] = " ".join(prompts)
    if query.get("max_age", "").strip("0") == "":
        query.pop("max_age", None)
    return f"{request.path}?{query.urlencode()}"


@csrf_exempt
@never_cache
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code for tokens. For programs alone: they prove themselves with their secret, and no cookie is looked
    at."""
    headers = {"Authorization": request.headers.get("Authorization", "")}
    if request.headers.get("Content-Type"):
        headers["Content-Type"] = request.headers["Content-Type"]
    answer_headers, body, status = exchange(body=request.POST.urlencode(), headers=headers)
    return HttpResponse(body, status=status, headers=answer_headers)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    grant = None
    if kind.lower() == "bearer":
        grant = grant_with_token(hashlib.sha256(bearer.encode()).hexdigest())
    if grant is None:
        return JsonResponse(
            {"error": "invalid_token"}, status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
        )
    return JsonResponse(claims_of(grant.session.account, grant.scopes))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """A client sends somebody here to sign out (RP-Initiated Logout 1.0).

    The token that it got for the very sign-in that is open here is proof enough; otherwise the person is asked. A form
    of another host comes without our cookies: it is led on to a reading of the same, which has them.
    """
    if request.method == "POST":
        asked = read_sign_out(request.POST)
        return redirect(f"{reverse('oidc-sign-out')}?{urlencode({'asked': _sealed(asked)})}")
    asked = _opened(request.GET["asked"]) if "asked" in request.GET else read_sign_out(request.GET)
    session = sign_in_of(request)
    if session is None:
        return _after_sign_out(request, asked)
    if str(session.pk) != asked.sid or is_preview(request):
        return render(request, "sign_in/sign_out.html", {"asked": _sealed(asked), "name": session.account.name})
    return _sign_out(request, session, asked)


@never_cache
@require_POST
def confirm_sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out: the person has confirmed it."""
    asked = _opened(request.POST.get("asked", ""))
    session = sign_in_of(request)
    return _sign_out(request, session, asked) if session else _after_sign_out(request, asked)


def _sign_out(request: HttpRequest, session: SignInSession, asked: SignOutRequest) -> HttpResponse:
    end_session(by=actor_of(session.account), session=session)
    logout(request)
    return _after_sign_out(request, asked)


def _after_sign_out(request: HttpRequest, asked: SignOutRequest) -> HttpResponse:
    if not asked.return_to:
        return render(request, "sign_in/signed_out.html")
    return lead_on(request, asked.return_to) if request.method == "POST" else _sent_to(asked.return_to)


def _sent_to(address: str) -> HttpResponse:
    """Redirect to an address that was compared to the letter, of any scheme."""
    response = HttpResponse(status=HttpResponseRedirect.status_code)
    response["Location"] = address
    return response


def _sealed(asked: SignOutRequest) -> str:
    return signing.dumps(asdict(asked), salt=_SIGN_OUT_SALT)


def _opened(sealed: str) -> SignOutRequest:
    try:
        return SignOutRequest(**signing.loads(sealed, salt=_SIGN_OUT_SALT, max_age=_SIGN_OUT_FOR))
    except signing.BadSignature as error:
        raise Invalid("这次退出等得太久了，请回到原来的系统再退出一次。") from error
