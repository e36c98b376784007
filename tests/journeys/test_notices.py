"""Readers' browsers and the notices that they asked for: the button, and what the service worker does with a message.

Nothing subscribes for real: that needs a push service outside.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from province.content.models import WebPushSubscription
from province.halls.models import Hall
from tests.browsing import PageAt
from tests.factories.sites import change_hall, make_columns
from tests.servers import wait_until

NORTH = "north.yizhan.localhost"
PUSH_ID = "019ab1de-0000-7000-8000-000000000000"
NEWS = {
    "act": "push",
    "push_id": PUSH_ID,
    "title": "暴雨红色预警",
    "summary": "请避免外出。",
    "url": f"http://{NORTH}/p/{PUSH_ID}/",
}
# a push service's answer; what the site does with it is its own
SUBSCRIBE = """() => {
  const made = { endpoint: "https://push.test/send/abc", keys: { p256dh: "BPk_1-2", auth: "a_b" } };
  PushManager.prototype.subscribe = async (options) => {
    window.asked = options;
    return { toJSON: () => made, unsubscribe: async () => true };
  };
}"""
SHOWN = """navigator.serviceWorker.ready
  .then((registration) => registration.getNotifications())
  .then((shown) => shown.map(({ title, body, tag, data }) => ({ title, body, tag, data })))"""


@pytest.fixture
def browser(whole_browser: Browser) -> Browser:
    return whole_browser


@pytest.fixture(scope="module", autouse=True)
def _columns(file_database: None) -> None:
    make_columns(Hall.objects.get(slug="north"))


@pytest.fixture
def page(page_at: PageAt, north: Hall) -> Page:
    change_hall(north, state="live")
    page = page_at(NORTH)
    page.context.grant_permissions(["notifications"])
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


class TestSubscribeButton:
    def test_hands_the_browsers_subscription_to_the_hall_and_takes_it_back(self, page: Page, north: Hall) -> None:
        page.evaluate(SUBSCRIBE)
        button = page.get_by_role("button", name="订阅通知")
        button.click()
        expect(page.get_by_text("已订阅")).to_be_visible()
        kept = WebPushSubscription.objects.get()
        assert (kept.hall_id, kept.endpoint, kept.p256dh, kept.auth) == (
            *(north.pk, "https://push.test/send/abc"),
            *("BPk_1-2", "a_b"),
        )
        asked = page.evaluate("window.asked")
        assert asked["userVisibleOnly"]
        assert len(asked["applicationServerKey"]) == 87
        expect(button).to_have_attribute("aria-pressed", "true")
        button.click()
        expect(page.get_by_text("已取消订阅")).to_be_visible()
        assert not WebPushSubscription.objects.exists()

    def test_says_so_where_the_browsers_push_service_is_away(self, page: Page) -> None:
        page.get_by_role("button", name="订阅通知").click()
        expect(page.get_by_text("没有成功，请稍后再试")).to_be_visible()
        assert not WebPushSubscription.objects.exists()

    def test_is_not_there_before_the_hall_is_live(self, page: Page, north: Hall) -> None:
        change_hall(north, state="trial")
        page.reload()
        expect(page.get_by_role("button", name="订阅通知")).to_have_count(0)

    def test_is_not_there_without_scripts(self, page_at: PageAt, north: Hall) -> None:
        change_hall(north, state="live")
        expect(page_at(NORTH, javascript=False).locator("[data-notices]")).to_be_hidden()


class TestServiceWorker:
    def test_shows_a_push_and_takes_it_back_with_its_withdrawal(self, page: Page) -> None:
        worker = _Worker(page)
        worker.receives_first(NEWS)
        assert worker.wait_for_notices(1) == [
            {
                "title": "暴雨红色预警",
                "body": "请避免外出。",
                "tag": PUSH_ID,
                "data": {"pathname": f"/p/{PUSH_ID}/"},
            }
        ]
        worker.receives(NEWS | {"title": "暴雨红色预警（更新）"})
        worker.receives(NEWS | {"push_id": "another", "title": "另一条"})
        # the later one of the same push took the place of the earlier
        assert {notice["title"] for notice in worker.wait_for_notices(2)} == {"暴雨红色预警（更新）", "另一条"}
        worker.receives(NEWS | {"act": "withdraw"})
        assert [notice["title"] for notice in worker.wait_for_notices(1)] == ["另一条"]


class _Worker:
    """The site's service worker, and a push service that has something for it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._origin = page.evaluate("location.origin")
        self._devtools: CDPSession = page.context.new_cdp_session(page)
        self._registration = ""
        self._devtools.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._devtools.send("ServiceWorker.enable")
        while not self._registration:
            page.wait_for_timeout(20)

    def receives(self, message: dict[str, str]) -> None:
        self._devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self._origin, "registrationId": self._registration, "data": json.dumps(message)},
        )

    def receives_first(self, message: dict[str, str]) -> None:
        """Delivered again until it has come: what DevTools deliver before the browser has written down a worker that is
        ready they drop, and say nothing of it. A push service comes minutes later."""

        def has_come() -> bool:
            self.receives(message)
            self._page.wait_for_timeout(1_000)
            return bool(self._page.evaluate(SHOWN))

        wait_until(has_come, what="the first notice")

    def wait_for_notices(self, count: int) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = []

        def are_so_many() -> bool:
            shown[:] = self._page.evaluate(SHOWN)
            return len(shown) == count

        wait_until(are_so_many, what=f"{count} notices")
        return shown

    def _note(self, event: dict[str, Any]) -> None:
        for registration in event["registrations"]:
            if registration["scopeURL"].startswith(self._origin):
                self._registration = registration["registrationId"]
