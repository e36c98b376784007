"""Our own addresses, as people reach them from outside."""

from django.conf import settings

_STANDARD_PORT = {"http": 80, "https": 443}


def address_of(host: str) -> str:
    """``https://dangyang.example.cn``: how a host of ours is reached from outside, without a slash at the end."""
    port = settings.PUBLIC_PORT
    is_standard = port == _STANDARD_PORT[settings.PUBLIC_SCHEME]
    return f"{settings.PUBLIC_SCHEME}://{host}{'' if is_standard else f':{port}'}"


def province_address() -> str:
    """The province's host, where people sign in."""
    return address_of(settings.BASE_DOMAIN)
