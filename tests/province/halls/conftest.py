"""A web server that answers as halls' sites would, for what fetches them."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest
from pytest_django.fixtures import Settings

from province.halls.models import Hall, HallFigures
from tests.servers import answering


class SiteServer:
    """``pages``: host name -> (status, body). Any other host name gets 404."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str]] = {}

    def show(self, host: str, body: str, status: int = 200) -> None:
        self.pages[host] = status, body

    @contextmanager
    def running(self) -> Iterator[str]:
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = pages.get(self.headers["Host"], (404, "没有这个站点。"))
                content = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                pass

        with answering(Handler) as address:
            yield address


@pytest.fixture
def sites(settings: Settings) -> Iterator[SiteServer]:
    server = SiteServer()
    with server.running() as address:
        settings.SITE_FETCH_ADDRESS = address
        yield server


def complete(hall: Hall) -> None:
    """Everything that the checklist asks of the hall's own rows."""
    Hall.objects.filter(pk=hall.pk).update(
        slogan="便民利民",
        organiser="当阳市人民政府",
        site_code="4205820001",
        icp_number="鄂ICP备00000001号",
        police_number="鄂公网安备00000001号",
        address="当阳市长坂路1号",
        phone="0717-3222222",
        opening_hours=[{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "17:30"}],
    )
    columns = {"news": {"name": "要闻动态", "articles": 3, "last_published_at": "2026-11-01T00:00:00+08:00"}}
    HallFigures.objects.filter(hall=hall).update(columns=columns)
    hall.refresh_from_db()
