"""Texts that are meant to run, through the editor's save and into pages, in a real browser: nothing does.

The browser is told to forget our content security policy, which would stop most of them on its own: what holds here
is the cleaning alone.
"""

from collections.abc import Iterator, Sequence
from itertools import batched

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route

from foundation import schemas
from province.halls.models import Hall
from province.people.models import Account
from tenants.portal.models import Article
from tenants.portal.states import ArticleState
from tests.factories.sites import make_article, make_columns
from tests.security.payloads import PAYLOADS

HOST = "north.yizhan.localhost"
TOGETHER = 100
_WATCH = """
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => ranSomething(`${name} at ${location}`);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a");
  if (link && !/^\\s*(javascript|data|vbscript):/i.test(link.href)) event.preventDefault();
}, true);
document.addEventListener("submit", (event) => event.preventDefault(), true);
"""
# somebody goes over everything in the text with mouse and keyboard
_TOUCH = """
for (const one of document.querySelectorAll("main *, [contenteditable] *")) {
  for (const name of ["mouseover", "mouseenter", "mousemove", "pointerenter", "pointermove", "wheel", "cut", "drag"])
    one.dispatchEvent(new Event(name, { bubbles: true }));
  one.focus?.();
  one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}
"""


@pytest.fixture
def hall(live_site: str) -> Hall:
    found = Hall.objects.get(slug="north")
    make_columns(found)
    return found


@pytest.fixture
def editor(hall: Hall) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(Account.objects.get(username="sun"))
    return client


@pytest.fixture
def ran() -> list[str]:
    """What ran, and what was fetched from elsewhere."""
    return []


@pytest.fixture
def context(browser: Browser, editor: Client, ran: list[str]) -> Iterator[BrowserContext]:
    """Signed in as the editor is."""
    made = browser.new_context(bypass_csp=True)
    made.set_default_timeout(30_000)
    made.expose_binding("ranSomething", lambda _, what: ran.append(what))
    made.add_init_script(_WATCH)
    made.on("request", lambda request: ran.append(request.url) if "evil.example" in request.url else None)
    made.add_cookies(
        [{"name": name, "value": one.value, "domain": HOST, "path": "/"} for name, one in editor.cookies.items()]
    )
    yield made
    made.close()


def _saved(editor: Client, draft: Article, body: str) -> str | None:
    """The text as it was kept after the editor's own saving; None where it was refused."""
    with schemas.enter("hall_000001"):
        revision = Article.objects.get(pk=draft.pk).revision
    data = {"title": "稿件", "column": "news", "body": body, "revision": revision}
    answer = editor.post(f"/desk/articles/{draft.pk}/save/", data)
    if answer.status_code != 200:
        assert answer.status_code in {400, 422}, (body, answer.status_code)
        return None
    with schemas.enter("hall_000001"):
        return Article.objects.get(pk=draft.pk).body


def _watch(page: Page) -> None:
    page.wait_for_load_state("load")
    page.evaluate(_TOUCH)
    # what begins by itself: loads that fail, animations, timers
    page.wait_for_timeout(150)


def _batches(texts: Sequence[str]) -> Iterator[str]:
    return ("".join(batch) for batch in batched(texts, TOGETHER, strict=False))


class TestPayloads:
    def test_are_two_hundred(self) -> None:
        assert len(set(PAYLOADS)) >= 200

    def test_run_nowhere(
        self, live_site: str, hall: Hall, editor: Client, context: BrowserContext, ran: list[str]
    ) -> None:
        draft = make_article(hall, "稿件", state=ArticleState.DRAFT)
        answers = {payload: _saved(editor, draft, payload) for payload in PAYLOADS}
        kept = [text for text in answers.values() if text]
        refused = [payload for payload, text in answers.items() if text is None]
        assert len(kept) > 50
        assert len(refused) > 50
        page = context.new_page()
        address = f"http://{HOST}:{live_site.rpartition(':')[2]}"
        for body in _batches(kept):
            # as readers see it, and as the next editor opens it
            shown = make_article(hall, "正文", body=body)
            for path in (f"/a/{shown.pk}/", f"/desk/articles/{shown.pk}/", f"/desk/articles/{shown.pk}/edit/"):
                page.goto(address + path)
                _watch(page)
        for body in _batches(refused):
            # what was refused stands in the form again, to be mended
            answer = editor.post(
                f"/desk/articles/{draft.pk}/edit/", {"title": "稿件", "column": "news", "body": body, "revision": 0}
            )
            assert answer.status_code == 422
            self._shows(page, f"{address}/desk/articles/{draft.pk}/edit/", answer.text)
        assert ran == []

    @staticmethod
    def _shows(page: Page, address: str, html: str) -> None:
        def fulfil(route: Route) -> None:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

        page.route(address, fulfil)
        page.goto(address)
        _watch(page)
        page.unroute(address)

    def test_would_be_seen_if_they_ran(self, live_site: str, context: BrowserContext, ran: list[str]) -> None:
        """The watch itself: the same payloads unclean, where many of them do run."""
        page = context.new_page()
        address = f"http://{HOST}:{live_site.rpartition(':')[2]}/unclean/"
        for payload in ("<img src=x onerror=alert(1)>", "<p onmouseover=alert(1)>近</p>", "<img src=//evil.example/p>"):
            before = len(ran)
            self._shows(page, address, f"<main>{payload}</main>")
            assert len(ran) > before, payload
