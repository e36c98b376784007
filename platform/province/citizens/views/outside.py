"""There and back: citizens sign in by an account elsewhere."""

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation.errors import Conflict, DomainError, Invalid, NotFound
from province.citizens.connectors.outside import Errand, code_parameter
from province.citizens.models import Citizen, OutsideIdentity
from province.citizens.operations.outside import link_outside, sign_in_from_outside, way_out, who_came_back
from province.citizens.queries.citizens import actor_of_citizen
from province.citizens.views.entry import let_citizen_in
from province.console.access import client_address
from province.console.addresses import province_address

# of the session: the question under way, and the account that came back and is nobody's yet
_ERRAND, _PENDING = "outside_errand", "outside_pending"
_FOR = 600  # seconds


@dataclass(frozen=True, slots=True)
class PendingLink:
    """An account elsewhere that waits to be linked by a code to the phone."""

    provider: OutsideIdentity.Provider
    subject_hash: str


@never_cache
@require_GET
def go(request: HttpRequest, provider: str) -> HttpResponse:
    """Send the browser to the platform, with a question that only this browser can have the answer to."""
    named = _named(provider)
    verifier = secrets.token_urlsafe(48)
    errand = Errand(
        return_to=province_address() + reverse("citizen-outside-back", args=[provider]),
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=verifier,
        challenge=base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("="),
        is_inside="MicroMessenger" in request.headers.get("User-Agent", ""),
    )
    try:
        address = way_out(provider=named, errand=errand)
    except NotFound:
        raise
    except DomainError as refusal:
        return _refused(request, refusal, request.GET.get("next", ""))
    request.session[_ERRAND] = {
        "provider": provider,
        "since": timezone.now().timestamp(),
        "next": request.GET.get("next", ""),
        **asdict(errand),
    }
    response = HttpResponse(status=HttpResponseRedirect.status_code)
    response["Location"] = address
    return response


@never_cache
@require_GET
def back(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the browser back: in, where the account is known; otherwise to the form, to be linked by a code once. Each
    question is good for one answer."""
    named = _named(provider)
    kept: dict[str, Any] = request.session.pop(_ERRAND, {})
    destination = str(kept.pop("next", ""))
    try:
        is_own = kept.pop("provider", "") == provider and kept.pop("since", 0) > timezone.now().timestamp() - _FOR
        errand = Errand(**kept) if is_own else None
        if errand is None or not secrets.compare_digest(errand.state.encode(), request.GET.get("state", "").encode()):
            message = f"这次登录等得太久，或者在另一个窗口里重新开始过。请再点一次“{named.label}登录”。"
            raise Invalid(message)
        code = request.GET.get(code_parameter(named), "")
        subject_hash = who_came_back(provider=named, code=code, errand=errand)
        citizen = sign_in_from_outside(subject_hash=subject_hash, address=client_address(request))
    except NotFound:
        raise
    except DomainError as refusal:
        return _refused(request, refusal, destination)
    if citizen is None:
        request.session[_PENDING] = [provider, subject_hash, timezone.now().timestamp()]
        return redirect(_form(destination))
    return let_citizen_in(request, citizen, named.value, destination)


def pending_of(request: HttpRequest) -> PendingLink | None:
    """The account elsewhere that this browser came back with within the last minutes, and that waits to be linked."""
    kept = request.session.get(_PENDING)
    if not kept or kept[2] < timezone.now().timestamp() - _FOR:
        return None
    return PendingLink(OutsideIdentity.Provider(kept[0]), kept[1])


def link_pending(request: HttpRequest, citizen: Citizen) -> str:
    """Link what waits to who has just proved to have the phone; returns what people are told, "" for nothing."""
    pending = pending_of(request)
    request.session.pop(_PENDING, None)
    if pending is None:
        return ""
    try:
        by = actor_of_citizen(citizen)
        link_outside(by=by, citizen=citizen, provider=pending.provider, subject_hash=pending.subject_hash)
    except Conflict as refusal:
        return refusal.message
    return f"{pending.provider.label}已绑定，下次可以直接用它登录。"


def refusal_of(request: HttpRequest) -> str:
    """What went wrong on the way back, said once."""
    return str(request.session.pop("outside_refusal", ""))


def _refused(request: HttpRequest, refusal: DomainError, destination: str) -> HttpResponse:
    request.session["outside_refusal"] = refusal.message
    return redirect(_form(destination))


def _form(destination: str) -> str:
    query = f"?{urlencode({'next': destination})}" if destination else ""
    return f"{reverse('citizen-sign-in')}{query}"


def _named(provider: str) -> OutsideIdentity.Provider:
    try:
        return OutsideIdentity.Provider(provider)
    except ValueError as error:
        raise NotFound("没有这种登录方式。") from error
