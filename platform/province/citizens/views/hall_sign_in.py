"""A hall's host as a client of the province's sign-in for citizens: there, and back with a code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation.addresses import is_page_here
from foundation.design.modes import mode_of
from foundation.errors import NotFound
from province.citizens.access import citizen_of_request, tie_citizen
from province.citizens.operations.sessions import CITIZENS, enter_hall, exchange_citizen_code
from province.citizens.queries.sessions import open_sign_in
from province.console.access import hall_of
from province.halls.states import SIGNED_IN_AT
from province.sign_in.access import Door, came_back, set_out

_DOOR = Door(CITIZENS, "citizen-authorize", "citizen-back", exchange_citizen_code)


@never_cache
@require_GET
def go(request: HttpRequest) -> HttpResponse:
    """Send the browser to the province's host, which knows whether somebody has signed in already; then it comes back
    at once."""
    _require_open(request)
    asked = request.GET.get("next", "")
    destination = asked if is_page_here(asked) else "/"
    if citizen_of_request(request):
        return redirect(destination)
    # large type goes along, though the other host knows nothing of this site's cookie
    asked_mode = {"mode": mode} if (mode := mode_of(request)) else {}
    return set_out(request, _DOOR, destination=destination, **asked_mode)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Take the browser back with the code."""
    _require_open(request)
    found = came_back(request, _DOOR)
    sign_in = open_sign_in(found.sid) if found and found.sid else None
    if found is None or sign_in is None:
        return render(request, "citizens/not_completed.html", status=400)
    tie_citizen(request, sign_in)
    enter_hall(sign_in=sign_in, hall_id=hall_of(request).pk)
    response = redirect(found.destination)
    response.delete_cookie(_DOOR.cookie)
    return response


def _require_open(request: HttpRequest) -> None:
    if hall_of(request).state not in SIGNED_IN_AT:
        raise NotFound("这个服务厅现在没有开放，请过些时候再来，或到其他服务厅办理。")
