"""Whole pages, kept under the generations that they were made from (docs/architecture.md).

A page's key says all that the page depends on: hall, host, address, reading mode, the day (what is read most stands
first on a home page), whether the doors are open, the generations, and the release of the code. The generations were
read before the page's content was, so whatever becomes stale lies under a key that nobody asks for any more: nothing
is ever purged. An ETag is the key itself, so a reader who has the page is answered without it.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.utils import timezone

from foundation.design.modes import mode_of
from foundation.design.reading import is_reader, searched_before
from foundation.lru_cache import SharedLruCache
from province.halls.models import Hall
from tenants.shell.queries.apps import shown_at
from tenants.shell.queries.opening import calendar_of_page, is_open
from tenants.shell.slots import SITE

# in each process; browsers take pages packed: some 4,000 of them
MOST_BYTES = 24 * 1024 * 1024
# what a kept page costs beyond its body
_FRAME_BYTES = 2_000
# of the query, what pages depend on; the rest (campaign marks and the like) changes nothing
_PARAMETERS = ("before", "page")
# what a reader has chosen on the page of an item: the handling item, and answers
_CHOSEN = re.compile(r"do|q[0-9A-Za-z]{1,2}", re.ASCII)
_WORTH_PACKING = 1_024
_PACKING = 4
_VARY = "Cookie, Accept-Encoding"


@dataclass(frozen=True, slots=True)
class KeptPage:
    content: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        return len(self.content) + _FRAME_BYTES


class KeptPages(SharedLruCache[str, KeptPage]):
    """Pages by key; sizes are bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(most_bytes, lambda page: page.size)


class PageCache:
    """Answers readers of a hall's site from kept pages, and keeps those that views mark with ``is_kept``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages = KeptPages()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.hall is None or request.method not in {"GET", "HEAD"}:  # type: ignore[attr-defined]
            return self.get_response(request)
        key = page_key(request)
        etag = f'W/"{key}"'
        if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
            _tell_read(request)
            return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": "no-cache", "Vary": _VARY})
        takes_packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        place = f"{key}z" if takes_packed else key
        page = self.pages.get(place)
        if page is None:
            response = self.get_response(request)
            if not _may_be_kept(response):
                return response
            _tell_read(request)
            response["ETag"] = etag
            if takes_packed and len(response.content) > _WORTH_PACKING:
                response.content = gzip.compress(response.content, _PACKING, mtime=0)
                response["Content-Encoding"] = "gzip"
            response["Content-Length"] = str(len(response.content))
            self.pages.put(place, KeptPage(response.content, tuple(response.items())))
            return response
        _tell_read(request)
        return HttpResponse(page.content, headers=dict(page.headers))


def page_key(request: HttpRequest) -> str:
    """All that a page depends on, as one short word."""
    hall, now = request.hall, timezone.now()  # type: ignore[attr-defined]
    generations: str = request.generations  # type: ignore[attr-defined]
    asked = request.GET if request.META.get("QUERY_STRING") else QueryDict()
    parts = (
        hall.schema_name,
        request.META.get("HTTP_HOST", "").lower(),
        request.path,
        *(asked.get(name, "") for name in _PARAMETERS),
        *((name, asked.getlist(name)) for name in sorted(asked) if _CHOSEN.fullmatch(name)),
        mode_of(request),
        timezone.localdate(now),
        is_open(hall, now, calendar_of_page(hall, generations)),
        generations,
        release(),
    )
    # quoted, so that no part can pass for two
    return hashlib.blake2b(repr(parts).encode(), digest_size=15).hexdigest()


@cache
def release() -> str:
    """Changes whenever the code could make another page out of the same content."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in ("config", "platform", "tenants"):
        for source in sorted((settings.ROOT / folder).rglob("*")):
            if source.suffix in {".py", ".html", ".xml", ".css", ".js", ".svg"}:
                digest.update(_stamp(source))
    return digest.hexdigest()


def _stamp(source: Path) -> bytes:
    return f"{source}{source.stat().st_mtime_ns}".encode()


def _tell_read(request: HttpRequest) -> None:
    """Kept pages never reach their views, so what is read is told from here."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    parts = shown_at(SITE, hall)
    if not is_reader(request):
        return
    for part in parts:
        if part.tell_read:
            part.tell_read(hall, request.path)
    if words := searched_before(request):
        for part in parts:
            if part.tell_opened:
                part.tell_opened(hall, words)


def _may_be_kept(response: HttpResponse) -> bool:
    """Views say so; whatever sets a cookie speaks to one reader alone."""
    return (
        getattr(response, "is_kept", False)
        and response.status_code == HttpResponse.status_code
        and not response.cookies
    )
