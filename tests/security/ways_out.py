"""Where an answer may send a browser: never to a host that is not ours, whatever an address or a header says."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from tests.isolation.asking import PROVINCE

ELSEWHERE = (
    *("https://evil.example/", "//evil.example/", "\\\\evil.example/", "/\\evil.example/", "https:evil.example"),
    *(
        "javascript:alert(1)",
        "data:text/html,x",
        "\thttps://evil.example/",
        "///evil.example",
        "https://yizhan.localhost@evil.example/",
    ),
    *("https://yizhan.localhost.evil.example/", "http://north.yizhan.localhost.evil.example/", "%2f%2fevil.example"),
)
# what pages read of an address, to go back to, and a value for it
NAMES = ("next", "back", "from", "to", "url", "return", "redirect_uri")
VALUE = ELSEWHERE[1]
# where the page was, which a fragment's answer may go back to
HEADERS = {"referer": ELSEWHERE[0], "hx-current-url": ELSEWHERE[0], "hx-request": "true"}


def ways_out(answer: Any) -> list[str]:
    """Where an answer sends the browser, if not to a host of ours."""
    names = ("Location", "HX-Redirect", "HX-Location", "Refresh")
    addresses = (answer.headers.get(name, "").rpartition("url=")[2] for name in names)
    return [address for address in addresses if _is_elsewhere(address)]


def _is_elsewhere(address: str) -> bool:
    # browsers take a backslash for a slash
    parts = urlsplit(address.strip().replace("\\", "/"))
    host = parts.hostname or ""
    is_ours = host == PROVINCE or host.endswith(f".{PROVINCE}") or parts.netloc == urlsplit(settings.S3_ENDPOINT).netloc
    return bool(address) and (parts.scheme not in {"", "http", "https"} or bool(parts.netloc and not is_ours))
