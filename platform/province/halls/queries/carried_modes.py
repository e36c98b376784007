"""The elder mode goes along where somebody goes on from one site of the platform to another.

Hosts of the province's own domain share its cookie (``foundation.design.modes``). A hall with a domain of its own
cannot: there a link leads by way of the other host's own ``/mode/``, which sets its cookie and goes on to the page. No
cookie of a third party, no mark in the address that stays, and nothing but the mode is said.
"""

import re
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from province.halls.models import HallDomain

# a link to another host: what stands before the address, scheme with host and port, host, path with query, the fragment
_LINK: Final = re.compile(
    r"(<a\s[^>]*?href=\")(" + r"https?://([a-z0-9.-]+)(?::\d+)?" + r")(/[^\"#]*|)(#[^\"]*|)\"", re.IGNORECASE
)


def with_carried_mode(html: str, *, mode: str, host: str) -> SafeString:
    """A page of ``host``, with links that carry the mode where a cookie cannot. One query where it links to hosts that
    are not the province's, and none in the usual mode."""
    if mode and (takers := _takers(html, host)):
        html = _LINK.sub(lambda found: _carrying(found, mode) if found[3].lower() in takers else found[0], html)
    return mark_safe(html)  # noqa: S308 - templates have made it


def _takers(html: str, host: str) -> set[str]:
    """The platform's hosts among those that the page links to and that do not share this one's cookie."""
    linked = {found[3].lower() for found in _LINK.finditer(html)} - {host}
    ours = {one for one in linked if _is_below(one)}
    others = linked - ours
    takers = set() if _is_below(host) else ours
    if others:
        takers |= set(HallDomain.objects.filter(domain__in=others).values_list("domain", flat=True))
    return takers


def _is_below(host: str) -> bool:
    return f".{host}".endswith(f".{settings.BASE_DOMAIN}")


def _carrying(found: re.Match[str], mode: str) -> str:
    head, origin, _, path, fragment = found.groups()
    back = quote((path or "/").replace("&amp;", "&"), safe="/")
    return f'{head}{origin}{escape(f"/mode/?to={mode}&back={back}")}{fragment}"'
