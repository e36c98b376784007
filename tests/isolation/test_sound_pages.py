"""Every page there is, as the person sees it whose it is, laid out by a browser and looked at by axe.

Nobody lists the pages: the routes do. The browser gets what a handler in this very process answers, from halls with
something of everything. A twelfth of the pages always, by their addresses, and a citizen's own; all in a soak.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from playwright.sync_api import Route as Asked

from province.citizens.operations.citizens import reveal_citizen
from tests.browsing import AXE
from tests.conftest import person
from tests.isolation.asking import PROVINCE, Requester
from tests.isolation.filled import Filled
from tests.isolation.routes import Route, routes_of
from tests.isolation.untouched import undone
from tests.journeys.looks import PHONE_AND_DESK, faults_of
from tests.soak import SOAK
from tests.tenants.citizen_pages.test_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

_SHARES = 12
# what a browser asks for beside the page
_BESIDE = {"stylesheet", "script", "image", "font", "manifest"}


class Answers:
    """What the open page is, and what it asks for beside it."""

    def __init__(self) -> None:
        self._strangers = Client(raise_request_exception=False)
        self._known: dict[str, Any] = {}
        self.page: Any = None

    def give(self, asked: Asked) -> None:
        request = asked.request
        parts = urlsplit(request.url)
        if request.resource_type == "document":
            asked.fulfill(
                status=200, content_type=self.page.headers["Content-Type"], body=self.page.content, headers={}
            )
        elif request.resource_type in _BESIDE and (parts.hostname or "").endswith(PROVINCE):
            asked.fulfill(status=200, **self._beside(parts.hostname or "", parts.path))
        else:
            asked.abort()

    def _beside(self, host: str, path: str) -> dict[str, Any]:
        if path not in self._known:
            answer = self._strangers.get(path, headers={"host": host})
            self._known[path] = {
                "content_type": answer.headers.get("Content-Type", ""),
                "body": b"".join(answer) if answer.status_code == 200 else b"",
            }
        found: dict[str, Any] = self._known[path]
        return found


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", service_workers="block")
    context.add_init_script(AXE)
    yield context.new_page()
    context.close()


# whoever of these may see a page shows it, the first first
PEOPLE = {"hall": ("sun", "he"), "province": ("zhao", "an")}
OF_CITIZENS = ("/me/", "/cases/", "/licences/", "/forms/", "/engagement/", "/progress/")
# so many pages at least
MOST, SOME = {"hall": 170, "province": 110, "citizens": 12}, {"hall": 6, "province": 4, "citizens": 1}

type Ask = Callable[[str], Any]


def is_looked_at(route: Route) -> bool:
    is_chosen = SOAK or route.template == "/me/" or crc32(route.template.encode()) % _SHARES == 0
    return is_chosen and not route.is_api


def is_page(answer: Any) -> bool:
    is_html = answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return is_html and answer.status_code == 200 and b"<html" in answer.content[:1_000]


def faults_in(
    routes: Iterable[Route], at: Filled, host: str, asks: Sequence[Ask], window: Page
) -> tuple[int, list[str]]:
    """How many pages were looked at, and what is wrong with them. A page that nobody of those who ask gets is none."""
    answers, faults, looked = Answers(), [], 0
    window.route("**/*", answers.give)
    for route in filter(is_looked_at, routes):
        path = at.path(route)
        answers.page = next((answer for ask in asks if is_page(answer := ask(path))), None)
        if answers.page is None:
            continue
        window.goto(f"http://{host}{path}")
        faults += [f"{route.template} {fault}" for fault in faults_of(window, *PHONE_AND_DESK)]
        looked += 1
    return looked, faults


class TestPage:
    @pytest.mark.soak
    @pytest.mark.parametrize("host", ["hall", "province"])
    def test_has_no_serious_fault(self, host: str, filled: dict[str, Filled], window: Page) -> None:
        at, requester = filled["north"], Requester()
        where = at.host if host == "hall" else PROVINCE
        for who in PEOPLE[host]:
            requester.sign_in(who)
        asks = [partial(requester, where, who, "get") for who in PEOPLE[host]]
        looked, faults = faults_in(routes_of(host), at, where, asks, window)
        assert not faults, "\n".join(faults)
        assert looked >= (MOST if SOAK else SOME)[host]

    @pytest.mark.soak
    def test_of_citizens_has_none(self, filled: dict[str, Filled], window: Page) -> None:
        """What is their own, as the one sees it whom a clerk has looked up."""
        at = filled["north"]
        citizen = at.things["mandate"].citizen
        with undone():
            reveal_citizen(by=person("hua"), hall_id=at.hall.pk, citizen=citizen, field="number", reason="核对材料")
            client = signed_in(citizen, at.host)
            client.raise_request_exception = False
            routes = [one for one in routes_of("hall") if one.template.startswith(OF_CITIZENS)]
            looked, faults = faults_in(routes, at, at.host, [client.get], window)
        assert not faults, "\n".join(faults)
        assert looked >= (MOST if SOAK else SOME)["citizens"]
