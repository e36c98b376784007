"""Who reads, as far as counting needs to know it: whether it is a reader at all, and from which search they came.
Nothing of it says who they are."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest

# what calls itself a program is no reader
_PROGRAM: Final = re.compile(r"bot\b|spider|crawl|curl|python|monitor|yizhan", re.IGNORECASE)
_SEARCHES: Final = re.compile(r"/(?:search|[a-z]+/find)/")


def is_reader(request: HttpRequest) -> bool:
    """Whether a page is read by somebody: not fetched ahead, nor by a program that says so."""
    is_asked = request.method == "GET" and "HTTP_SEC_PURPOSE" not in request.META
    return is_asked and not _PROGRAM.search(request.META.get("HTTP_USER_AGENT", ""))


def searched_before(request: HttpRequest) -> str:
    """The words of the search on this very host from whose results somebody comes, else "". Browsers tell the page
    before (``Referrer-Policy: same-origin``); no page bears a mark for it."""
    came_from = request.META.get("HTTP_REFERER", "")
    if "q=" not in came_from:
        return ""
    try:
        parts = urlsplit(came_from)
        is_here = parts.netloc.lower() == request.META.get("HTTP_HOST", "").lower()
        if not is_here or not _SEARCHES.fullmatch(parts.path):
            return ""
        words: str = parse_qs(parts.query, max_num_fields=20).get("q", [""])[0]
        return words.replace("\0", "").strip()
    except ValueError:
        return ""
