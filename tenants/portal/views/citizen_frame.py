"""What the pages of signed-in citizens share: whose they are, their frame in the hall's site, and how acts are told."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from foundation.errors import DomainError, NotFound, Unavailable
from province.identity.models import Citizen
from province.identity.queries.citizens import CITIZEN_IN_SESSION, citizen_of_request
from tenants.portal.frames.own import own_page
from tenants.portal.frames.site import site_page

type CitizenView[**P] = Callable[Concatenate[HttpRequest, Citizen, P], HttpResponse]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_citizen[**P](view: CitizenView[P]) -> View[P]:
    """Hand the view the citizen who is signed in; everybody else signs in first and comes back."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        citizen = citizen_of_request(request)
        if citizen is None:
            back = request.path if request.method == "GET" else reverse("citizen-me")
            return redirect(f"{reverse('citizen-sign-in')}?{urlencode({'next': back})}")
        return view(request, citizen, *args, **kwargs)

    return own_page(answer)


def citizen_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return site_page(request, f"portal/site/citizen/{template}", {"is_me": True} | context, status=status, is_own=True)


def begin_citizen_session(request: HttpRequest, citizen: Citizen, *, is_demo: bool = False) -> None:
    """Who has just proved to be this citizen. Under a new key: one planted before signing in is worth nothing. What
    staff have in the session stays theirs."""
    request.session[CITIZEN_IN_SESSION] = {"is_demo": is_demo}
    note_proof(request)
    go_on_as(request, citizen)


def go_on_as(request: HttpRequest, citizen: Citizen) -> None:
    """This session goes on, under a new key, where all others of the account have ended."""
    kept = request.session.get(CITIZEN_IN_SESSION, {})
    request.session.cycle_key()
    request.session[CITIZEN_IN_SESSION] = kept | {"id": str(citizen.pk), "round": citizen.session_round}
    rotate_token(request)


def note_proof(request: HttpRequest) -> None:
    """The citizen has proved just now who they are."""
    kept = request.session.get(CITIZEN_IN_SESSION, {})
    request.session[CITIZEN_IN_SESSION] = kept | {"proved_at": timezone.now().timestamp()}


def end_citizen_session(request: HttpRequest) -> None:
    request.session.pop(CITIZEN_IN_SESSION, None)
    request.session.cycle_key()


def act_and_say(request: HttpRequest, act: Callable[[], object], said: str) -> HttpResponse:
    """Carry out what a button asked for and go back to 我的, with a word about how it went."""
    try:
        act()
    except (NotFound, Unavailable):
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("citizen-me")


def onward(request: HttpRequest) -> str:
    """``next``, if it lies on this host; otherwise 我的."""
    asked = request.GET.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else reverse("citizen-me")


def address_of_request(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def host_of(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0].lower()
