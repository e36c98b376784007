"""A hall's host as a client of the province's sign-in: there, and back with a code."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation.errors import NotSignedIn
from province.console.access import hall_of
from province.halls.access import destination_of
from province.sign_in.access import Door, came_back, set_out
from province.sign_in.operations.oidc import exchange
from province.sign_in.queries.oidc import HALLS
from province.sign_in.queries.sessions import valid_session
from province.sign_in.views.entry import tie

_DOOR = Door(HALLS, "oidc-authorize", "sign-in-back", partial(exchange, is_hall=True))


@never_cache
@require_GET
def go(request: HttpRequest) -> HttpResponse:
    """Send the browser to the province's host."""
    destination = destination_of(request)
    return redirect(destination) if request.user.is_authenticated else set_out(request, _DOOR, destination=destination)


@never_cache
@require_GET
def prove(request: HttpRequest) -> HttpResponse:
    """Send the browser to the province's host, where passkeys answer, for another proof of who it is."""
    return set_out(request, _DOOR, destination=destination_of(request), prompt="login")


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Take the browser back with the code."""
    found = came_back(request, _DOOR)
    session = valid_session(found.sid) if found and found.sid else None
    if found is None or session is None:
        error = NotSignedIn("这次登录没有完成，可能等得太久，或者在另一个窗口里重新开始过。请再登录一次。")
        page = {"error": error, "hall": hall_of(request)}
        return render(request, "sign_in/not_completed.html", page, status=400)
    tie(request, session)
    response = redirect(found.destination)
    response.delete_cookie(_DOOR.cookie)
    return response
