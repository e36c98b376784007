"""What the pages of signed-in citizens share: whose they are, their layout, and how acts are told."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from foundation.addresses import is_page_here
from foundation.errors import DomainError, NotFound, NotSignedIn, Unavailable
from province.citizens.access import citizen_of_request
from province.citizens.models import Citizen
from tenants.shell.layouts.own import citizen_routes, own_page
from tenants.shell.layouts.site import closed_answer, site_page

type CitizenView[**P] = Callable[Concatenate[HttpRequest, Citizen, P], HttpResponse]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_citizen[**P](view: CitizenView[P]) -> View[P]:
    """Hand the view the citizen who is signed in; everybody else signs in first and comes back."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        citizen = citizen_of_request(request)
        if citizen is None:
            routes = citizen_routes(request)
            back = request.path if request.method == "GET" else reverse(routes.home)
            return redirect(f"{reverse(routes.sign_in)}?{urlencode({'next': back})}")
        return view(request, citizen, *args, **kwargs)

    return own_page(answer)


def citizen_of_caller(request: HttpRequest) -> Citizen:
    """Who is signed in at this host, for their own program. Raises NotSignedIn; Unavailable where the hall is suspended
    and what was asked for does not go on meanwhile; NotFound where its site is not open at all."""
    citizen = citizen_of_request(request)
    if citizen is None:
        raise NotSignedIn("请先登录。")
    closed = closed_answer(request)
    if closed is not None and closed.status_code == Unavailable.status:
        raise Unavailable("本厅暂停服务，现在不收新的申请；已经收下的办件照常办理。")
    if closed is not None:
        raise NotFound("本站现在没有开放。")
    return citizen


def citizen_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return site_page(request, template, {"is_me": True} | context, status=status, is_own=True)


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
    return redirect(citizen_routes(request).home)


def onward(request: HttpRequest) -> str:
    """``next``, if it lies on this host; otherwise 我的."""
    asked = request.GET.get("next", "")
    return asked if is_page_here(asked) else reverse(citizen_routes(request).home)
