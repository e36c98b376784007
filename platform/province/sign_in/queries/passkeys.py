"""Where passkeys answer."""

from django.conf import settings


def has_passkeys(host: str) -> bool:
    """Whether passkeys answer there: at the province's host, to whose name they are bound, and at hosts below it."""
    return host == settings.BASE_DOMAIN or host.endswith(f".{settings.BASE_DOMAIN}")
