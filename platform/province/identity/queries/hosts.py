"""Our own host names, and where it is safe to send somebody."""

from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

_STANDARD_PORT = {"http": 80, "https": 443}


def address_of(host: str) -> str:
    """``https://dangyang.example.cn``: how a host of ours is reached from outside, without a slash at the end."""
    port = settings.PUBLIC_PORT
    is_standard = port == _STANDARD_PORT[settings.PUBLIC_SCHEME]
    return f"{settings.PUBLIC_SCHEME}://{host}{'' if is_standard else f':{port}'}"


def province_address() -> str:
    """The province's host, where people sign in."""
    return address_of(settings.BASE_DOMAIN)


def has_passkeys(host: str) -> bool:
    """Whether passkeys answer there: at the province's host, to whose name they are bound, and at hosts below it."""
    return host == settings.BASE_DOMAIN or host.endswith(f".{settings.BASE_DOMAIN}")


def is_halls_host(host: str) -> bool:
    """Whether a hall answers there. Halls stand above identity, so the settings name the table."""
    domains = apps.get_model(settings.TENANT_DOMAIN_MODEL).objects
    return bool(domains.filter(domain=host).exists())


def is_safe_destination(request: HttpRequest, address: str) -> bool:
    """Whether somebody may be sent there after signing in: on this host, or at a hall's as readers reach it."""
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return True
    parts = urlsplit(address)
    host = parts.hostname or ""
    if not address.startswith(f"{address_of(host)}/") or not url_has_allowed_host_and_scheme(address, {parts.netloc}):
        return False
    return host == settings.BASE_DOMAIN or is_halls_host(host)
