"""A live web server on the worker's database, and one browser for the whole run."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright

from province.halls.models import HallGeneration
from tests.host_sessions import begin_at
from tests.servers import ROOT, listens, scratch, wait_until
from tests.timing import spent

PROVINCE = "yizhan.localhost"
WHOLE_CHROMIUM = "/usr/bin/chromium"
# without the windows of a browser it opens a page for a quarter of the work
CHROMIUM = shutil.which("chromium-headless-shell") or WHOLE_CHROMIUM
# names below .localhost need none: they lead here by themselves, and count as secure (passkeys, service workers)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# axe reads what a browser says of a colour some ten times an element, and takes a quarter of its time for it: each is
# read once a document
_COLOURS = """{
  const { Color } = axe.commons.color, parse = Color.prototype.parseString, read = new Map();
  Color.prototype.parseString = function (text) {
    if (!read.has(text)) read.set(text, parse.call(new Color(), text));
    const { r, g, b, alpha } = read.get(text);
    return Object.assign(this, { r, g, b, alpha });
  };
}"""
# for every document of a window, and read where one is looked at (tests.journeys.looks): a browser that gets these half
# million letters with each document takes as long for them as for the look
AXE = f"window.setUpAxe = () => {{ {Axe().axe_script} {_COLOURS} }};"


class PageAt(Protocol):
    """Opens a page of its own (own cookies, own storage). ``who``: one of the cast, signed in at this host past our
    pages, where signing in is not what the test asks; ``refuses``: the status (422) with which the server refuses what
    the page sends by itself, as the test asks."""

    def __call__(
        self,
        host: str,
        path: str = "/",
        width: int = 1280,
        *,
        who: str = "",
        elder: bool = False,
        javascript: bool = True,
        refuses: str = "",
    ) -> Page: ...


@contextmanager
def web_server(port: int, **variables: str) -> Iterator[str]:
    """``host:port`` of a web server of our program."""
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        # no test changes them
        "YIZHAN_TEST_KEEPS_STATIC": "1",
        **variables,
    }
    command = [
        *(str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "2"),
        "config.wsgi:application",
    ]
    scratch().mkdir(parents=True, exist_ok=True)
    with (scratch() / f"web-{port}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        with spent("web server"):
            wait_until(lambda: listens(port), what="the web server's start")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def _web_server() -> Iterator[str]:
    with web_server(settings.WEB_PORT) as address:
        yield address


@pytest.fixture
def live_site(request: pytest.FixtureRequest, django_db_setup: None, _web_server: str) -> str:
    """``host:port`` of a web server that works on this test's own fresh database, or on the one that the tests of its
    file share (``file_database``)."""
    request.getfixturevalue("file_database" if "file_database" in request.fixturenames else "fresh_database")
    outdate_pages()
    return _web_server


def outdate_pages() -> None:
    """A web server outlives a test's database, and with it the pages it keeps: generations that no earlier test reached
    make all of them stale."""
    HallGeneration.objects.update(generation=time.time_ns() // 1_000_000)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # it keeps an event loop in this thread, in which Django would refuse its own synchronous queries
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    yield from _launch(playwright, CHROMIUM)


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """For what Chromium does only with its windows: notifications and push."""
    yield from _launch(playwright, WHOLE_CHROMIUM)


def _launch(playwright: Playwright, program: str) -> Iterator[Browser]:
    with spent("browser"):
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture
def page_at(live_site: str, browser: Browser) -> Iterator[PageAt]:
    """Opens ``path`` on ``host`` (``"north.yizhan.localhost"``). No page may leave an error in the console."""
    port = live_site.rpartition(":")[2]
    problems: list[str] = []
    # of pages whose writes are refused as the test asks: the page itself tells of it
    refusing: dict[Page, str] = {}

    def _note(message: ConsoleMessage) -> None:
        url = str(message.location.get("url"))
        # a page that is itself a 404 or 410 is reported as an error too; so is a host without a site, for its icon
        expected = {message.page.url if message.page else "", f"{url.partition('/favicon.ico')[0]}/favicon.ico"}
        # a lost session: the page itself tells of it
        is_sign_in = "status of 401" in message.text
        # a connection that the test cut: likewise
        is_cut = "net::ERR_INTERNET_DISCONNECTED" in message.text
        status = refusing.get(message.page, "") if message.page else ""
        is_refusal = bool(status) and f"status of {status}" in message.text
        if message.type == "error" and url not in expected and not (is_sign_in or is_cut or is_refusal):
            problems.append(f"{url}: {message.text}")

    def _open(
        host: str,
        path: str = "/",
        width: int = 1280,
        *,
        who: str = "",
        elder: bool = False,
        javascript: bool = True,
        refuses: str = "",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(30_000)
        context.add_init_script(AXE)
        if elder:
            context.add_cookies([{"name": "mode", "value": "elder", "domain": host, "path": "/"}])
        if who:
            key = begin_at(host, username=who)
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "domain": host, "path": "/"}])
        page = context.new_page()
        refusing[page] = refuses
        page.on("console", _note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        with spent("pages"):
            page.goto(f"http://{host}:{port}{path}")
        return page

    yield _open
    for context in browser.contexts:
        context.close()
    assert problems == [], problems
