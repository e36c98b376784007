"""Pages in the site's layout that are one person's: what they fill in, and what is said to them alone."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from foundation.errors import NotFound
from province.citizens.access import IdentityNeeded
from province.console.access import ProofNeeded
from tenants.shell.layouts.site import closed_answer, hall_of, missing_page
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import CITIZENS, CitizenRoutes

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]

# of the session of a host: ids of what somebody without an account has asked for or looked up there
_LOOKED_UP: Final = "looked_up"
_MOST_LOOKED_UP: Final = 20


def own_page[**P](view: View[P]) -> View[P]:
    """A page that is no reader's but one person's: never kept, by nobody; closed where the hall is, but for what goes
    on while it is suspended."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = closed_answer(request)
        if response is None:
            try:
                response = view(request, *args, **kwargs)
            except NotFound as error:
                response = missing_page(request, error)
            except (ProofNeeded, IdentityNeeded) as error:
                # back to the page of the form; what was typed there is little, and none of it may wait in an address
                routes = citizen_routes(request)
                asks = routes.confirm if isinstance(error, ProofNeeded) else routes.identity
                response = redirect(f"{reverse(asks)}?{urlencode({'next': request.path})}")
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def citizen_routes(request: HttpRequest) -> CitizenRoutes:
    """Where citizens sign in at this hall. Raises NotFound for a hall where they cannot."""
    found = shown_at(CITIZENS, hall_of(request))
    if not found:
        raise NotFound("本站没有个人页面。")
    return found[0]


def may_see(request: HttpRequest, key: UUID) -> bool:
    """Whether somebody has shown in this session that it is theirs."""
    return str(key) in request.session.get(_LOOKED_UP, ())


def let_see(request: HttpRequest, key: UUID) -> None:
    """From now on in this session; of many, the first are forgotten."""
    known = [one for one in request.session.get(_LOOKED_UP, ()) if one != str(key)]
    request.session[_LOOKED_UP] = [*known, str(key)][-_MOST_LOOKED_UP:]


def is_from_this_site(request: HttpRequest) -> bool:
    """Whether a page of this very host sent it, as browsers say: for what is sent from kept pages, which can hold
    nobody's token."""
    host = request.META["HTTP_HOST"]
    return (
        request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        and request.headers.get("Origin", f"//{host}").partition("//")[2] == host
    )
