"""Where it is safe to send somebody: on the host where they are, on the province's, or on a hall's."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.addresses import is_page_here
from province.console.addresses import address_of
from province.halls.queries.halls import is_halls_host


def is_safe_destination(request: HttpRequest, address: str) -> bool:
    """Whether somebody may be sent there after signing in: on this host, or at a hall's as readers reach it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_whole_here = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    if is_page_here(address) or (parts.netloc and is_whole_here):
        return True
    host = parts.hostname or ""
    if not address.startswith(f"{address_of(host)}/") or not url_has_allowed_host_and_scheme(address, {parts.netloc}):
        return False
    return host == settings.BASE_DOMAIN or is_halls_host(host)


def destination_of(request: HttpRequest) -> str:
    """``next``, if it is safe; otherwise the place where people of this host work."""
    asked = request.GET.get("next", "")
    if asked and is_safe_destination(request, asked):
        return asked
    return str(request.workplace.address)  # type: ignore[attr-defined]  # set with the host
