"""Readers who ask for notices: what the site takes from browsers, and what it refuses."""

from typing import Any

import pytest
from django.test import Client

from province.content.models import WebPushSubscription
from province.content.operations import subscriptions
from province.halls.models import Hall
from tests.factories.sites import change_hall

pytestmark = pytest.mark.django_db

HOST = "north.yizhan.localhost"
ENDPOINT = "https://push.test/send/abc"
# as PushSubscription.toJSON writes it
ASKED = {"endpoint": ENDPOINT, "expirationTime": None, "keys": {"p256dh": "BPk_1-2", "auth": "a_b"}}
SCRIPT = {"content_type": "application/json", "headers": {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}}


@pytest.fixture
def site(north: Hall) -> Client:
    change_hall(north, state="live")
    return Client(headers={"host": HOST}, enforce_csrf_checks=True)


def _position(site: Client, path: str, data: Any, **options: Any) -> int:
    return site.post(path, data, **SCRIPT | options).status_code


def _subscribe(site: Client, data: Any = ASKED, **options: Any) -> int:
    return _position(site, "/subscription/", data, **options)


class TestSubscription:
    def test_is_kept_for_the_hall_whose_page_it_was(self, site: Client, north: Hall) -> None:
        assert _subscribe(site) == 204
        kept = WebPushSubscription.objects.get()
        assert (kept.hall_id, kept.prefix) == (north.pk, north.division.prefix)
        assert (kept.endpoint, kept.p256dh, kept.auth) == (ENDPOINT, "BPk_1-2", "a_b")

    def test_said_twice_is_one(self, site: Client) -> None:
        assert [_subscribe(site), _subscribe(site)] == [204, 204]
        assert WebPushSubscription.objects.count() == 1

    def test_ends_for_whoever_knows_its_address(self, site: Client) -> None:
        _subscribe(site)
        assert _position(site, "/subscription/end/", {"endpoint": "https://push.test/other"}) == 204
        assert WebPushSubscription.objects.count() == 1
        assert _position(site, "/subscription/end/", ASKED) == 204
        assert not WebPushSubscription.objects.exists()

    @pytest.mark.parametrize(
        "data",
        [
            *("{", "[]", "null", {}, {"endpoint": ENDPOINT}, {"endpoint": ENDPOINT, "keys": [1]}),
            {"endpoint": "http://push.test/plain", "keys": ASKED["keys"]},
            {"endpoint": ["x"], "keys": ASKED["keys"]},
            {"endpoint": f"{ENDPOINT}\x00", "keys": ASKED["keys"]},
            {"endpoint": f"https://push.test/{'x' * 500}", "keys": ASKED["keys"]},
        ],
    )
    def test_that_is_none_is_refused(self, site: Client, data: Any) -> None:
        assert _subscribe(site, data) == 422
        assert not WebPushSubscription.objects.exists()

    def test_longer_than_any_is_not_read(self, site: Client) -> None:
        assert _subscribe(site, {"endpoint": ENDPOINT, "more": "x" * 5_000}) == 413

    @pytest.mark.parametrize(
        "options",
        [
            {"content_type": "application/x-www-form-urlencoded"},
            {"content_type": "text/plain"},
            {"headers": {"sec-fetch-site": "cross-site"}},
            {"headers": {"sec-fetch-site": "same-site"}},
            {"headers": {"origin": "http://south.yizhan.localhost"}},
            {"headers": {"origin": "null"}},
        ],
    )
    def test_from_another_site_s_page_is_refused(self, site: Client, options: dict[str, Any]) -> None:
        data = "{}" if "content_type" in options else ASKED
        assert _subscribe(site, data, **options) == 403
        assert not WebPushSubscription.objects.exists()

    def test_allows_no_other_site_to_ask_beforehand(self, site: Client) -> None:
        answer = site.options("/subscription/", headers={"origin": "http://evil.test"})
        assert answer.status_code == 405
        assert "Access-Control-Allow-Origin" not in answer.headers

    def test_waits_until_the_hall_is_live(self, site: Client, north: Hall) -> None:
        assert "data-notices" in site.get("/").text
        change_hall(north, state="trial")
        assert "data-notices" not in site.get("/").text
        assert _subscribe(site) == 409
        change_hall(north, state="suspended")
        assert _subscribe(site) == 503

    def test_is_refused_where_too_many_come_at_once(
        self, site: Client, south: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(subscriptions, "MOST_NEW", 2)
        change_hall(south, state="live")
        found = [_subscribe(site, ASKED | {"endpoint": f"{ENDPOINT}{number}"}) for number in range(3)]
        assert found == [204, 204, 429]
        # who is known already, and readers of other halls, are not held up
        assert _subscribe(site, ASKED | {"endpoint": f"{ENDPOINT}1"}) == 204
        host = "south.yizhan.localhost"
        headers = {"host": host, "origin": f"http://{host}"}
        assert _subscribe(Client(), ASKED | {"endpoint": f"{ENDPOINT}3"}, headers=headers) == 204
