"""The mode in which somebody reads pages: the usual one, or that for old people (长者模式).

One word in a cookie of the whole domain: who chose it at one host has chosen it at all of them. It says nothing about
anybody, and whatever else it may hold counts as nothing. A host outside the domain has a cookie of its own: links from
other sites lead by way of its ``/mode/`` (``province.halls.queries.carried_modes``).
"""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_COOKIE: Final = "mode"
_ELDER: Final = "elder"
_KEPT: Final = timedelta(days=365)


def mode_of(request: HttpRequest) -> str:
    """Return ``elder``, or nothing for the usual mode."""
    return _ELDER if request.COOKIES.get(_COOKIE) == _ELDER else ""


def keep_mode(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser remember the mode that the address asks for (``?to=elder``; anything else is the usual one)."""
    host = request.META.get("HTTP_HOST", "").partition(":")[0].lower()
    # a host outside the domain can set a cookie for itself alone
    domain = settings.BASE_DOMAIN if f".{host}".endswith(f".{settings.BASE_DOMAIN}") else None
    if request.GET.get("to") == _ELDER:
        response.set_cookie(
            _COOKIE,
            _ELDER,
            max_age=_KEPT,
            domain=domain,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(_COOKIE, domain=domain, samesite="Lax")
