"""The sites of all halls as one real HTTP server that answers, by host and address, rightly, wrongly, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from django.utils import timezone
from django.utils.html import escape

from province.content.models import Push
from province.content.states import LookedAt

# the halls' numbers, which their sites give in every answer
NUMBERS = {"north.yizhan.localhost": "1", "south.yizhan.localhost": "2", "village.yizhan.localhost": "3"}
PLACES = {"": LookedAt.HOME, "p": LookedAt.ARTICLE, "c": LookedAt.COLUMN, "feed.atom": LookedAt.FEED}


@dataclass(frozen=True, slots=True)
class Page:
    """``status`` 0: the connection is closed without a word."""

    status: int = 200
    body: str = ""
    location: str = ""


@dataclass(slots=True)
class Line:
    """An entry of a list."""

    path: str
    title: str
    day: str = field(default_factory=lambda: timezone.localdate().isoformat())


def listed(push: Push, title: str = "") -> Line:
    return Line(f"/p/{push.pk}/", title or push.shown.title)


def lists_of(lines: list[Line], *, more: str = "") -> dict[LookedAt, Page]:
    """Home, column, feed and search as sites draw them, with these lines and, behind them, ``more``."""
    items = "".join(
        f'<li><a href="{one.path}">{escape(one.title)}</a><time datetime="{one.day}"></time></li>' for one in lines
    )
    section = f'<section><a class="more" href="/c/news/">更多</a><ul class="lines">{items}</ul></section>'
    entries = "".join(
        f"<entry><title>{escape(one.title)}</title><published>{one.day}T08:00:00+08:00</published>"
        f'<link href="https://site.example{one.path}"/></entry>'
        for one in lines
    )
    return {
        LookedAt.HOME: Page(body=f"<main>{section}</main>"),
        LookedAt.COLUMN: Page(body=f'<main><ul class="lines">{items}</ul>{more}</main>'),
        LookedAt.FEED: Page(body=f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'),
        LookedAt.SEARCH: Page(body=f'<main><ol class="hits">{items}</ol></main>'),
    }


class Sites(ThreadingHTTPServer):
    """Every host answers alike (``pages``), unless told otherwise (``of_host``)."""

    pages: dict[LookedAt, Page]
    of_host: dict[tuple[str, LookedAt], Page]
    numbers: dict[str, str]
    seen: list[tuple[str, str]]
    before_answer: Callable[[], None] | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages, self.of_host, self.seen, self.numbers = lists_of([]), {}, [], dict(NUMBERS)
        self.pages[LookedAt.ARTICLE] = Page(404)

    def shows(self, push: Push) -> None:
        """The push's page, and its name in every list."""
        self.pages = lists_of([listed(push)])
        self.pages[LookedAt.ARTICLE] = Page(body=f'<meta name="yizhan-version" content="{push.shown_id}">')

    def lacks(self, article: Page) -> None:
        """This for the push's page, and its name in no list."""
        self.pages = {**lists_of([Line("/a/1/", "别的文章")]), LookedAt.ARTICLE: article}

    def set(self, slug: str, place: LookedAt, page: Page) -> None:
        self.of_host[f"{slug}.yizhan.localhost", place] = page

    def closes(self, slug: str) -> None:
        for place in LookedAt:
            self.set(slug, place, Page(0))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Sites  # type: ignore[assignment]
    timeout: ClassVar[int] = 5

    def do_GET(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        self.server.seen.append((host, self.path))
        if self.server.before_answer:
            self.server.before_answer()
        place = PLACES.get(self.path.split("/")[1], LookedAt.SEARCH)
        page = self.server.of_host.get((host, place), self.server.pages[place])
        if page.status == 0:
            self.close_connection = True
            return
        self.send_response(page.status)
        if number := self.server.numbers.get(host):
            self.send_header("X-Hall", number)
        if page.location:
            self.send_header("Location", page.location)
        body = page.body.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass
