"""How much one may ask for: by account and by address, each hall by itself."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import structlog
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from config import environment
from foundation import limits
from foundation.limits import WINDOW, seconds_to_wait
from province.people.models import Account
from province.rights.permissions import PERMISSIONS
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.races import at_once

pytestmark = pytest.mark.django_db

PROVINCE, NORTH, SOUTH = "yizhan.localhost", "north.yizhan.localhost", "south.yizhan.localhost"


@pytest.fixture(autouse=True)
def _within_one_minute() -> None:
    """No window ends between two requests of a test."""
    left = WINDOW - time.time() % WINDOW
    if left < 10:
        time.sleep(left)


@pytest.fixture
def address() -> str:
    """One that no other test counts."""
    return f"2001:db8:{uuid4().fields[1]:x}:{uuid4().fields[2]:x}::1"


def client_at(host: str, address: str, username: str = "") -> Client:
    client = Client(headers={"host": host}, REMOTE_ADDR=address, raise_request_exception=False)
    if username:
        client.force_login(Account.objects.get(username=username))
    return client


class TestSecondsToWait:
    def test_counts_to_the_last_one_allowed(self) -> None:
        whose = uuid4()
        assert [bool(seconds_to_wait("test", whose, most=3)) for _ in range(5)] == [False] * 3 + [True] * 2
        assert 0 < seconds_to_wait("test", whose, most=3) <= WINDOW
        assert seconds_to_wait("test", uuid4(), most=3) == 0

    def test_counts_those_at_once_each_by_itself(self) -> None:
        whose = uuid4()
        waits = at_once(*(lambda: seconds_to_wait("test", whose, most=5) for _ in range(12)))
        assert sum(not one for one in waits) == 5


class TestRateLimits:
    @pytest.fixture(autouse=True)
    def _limits(self, settings: Settings) -> None:
        settings.RATE_LIMITS = {"sign-in": (0, 4), "search": (3, 5), "writes": (3, 5), "api": (3, 5), "papers": (0, 2)}

    def test_refuse_people_in_plain_words(self, address: str) -> None:
        client = client_at(PROVINCE, address)
        answers = [client.post("/sign-in/", {"username": "nobody", "password": "x"}) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [422] * 4 + [429]
        assert "操作太频繁" in answers[-1].text
        assert 0 < int(answers[-1].headers["Retry-After"]) <= WINDOW

    def test_refuse_programs_with_a_problem_document(self, address: str) -> None:
        client = client_at(NORTH, address)
        answers = [client.get("/api/hall/v1/portal/articles") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert answers[-1].headers["Content-Type"] == "application/problem+json"
        assert answers[-1].json()["status"] == 429

    def test_count_an_account_wherever_it_sits(self, settings: Settings) -> None:
        places = [f"2001:db8::{number}:{uuid4().fields[1]:x}" for number in range(4)]
        statuses = [client_at(PROVINCE, place, "qian").get("/console/search/?q=x").status_code for place in places]
        assert statuses == [200] * 3 + [429]

    def test_count_a_program_by_its_key(self) -> None:
        keys = [
            issue_token(
                by=person("zhou"), account=Account.objects.get(username="zhou"), name=name, scopes=[*PERMISSIONS]
            )
            for name in ("一", "二")
        ]
        statuses = [
            client_at(SOUTH, f"2001:db8::{uuid4().fields[1]:x}")
            .get("/api/hall/v1/portal/articles", headers={"authorization": f"Bearer {key}"})
            .status_code
            for key in (keys[0],) * 4 + (keys[1],)
        ]
        assert statuses == [200] * 3 + [429, 200]

    def test_count_each_hall_by_itself(self, address: str) -> None:
        def search(host: str) -> int:
            return client_at(host, address).get("/search/?q=%E5%8C%BB%E4%BF%9D").status_code

        assert [search(NORTH) for _ in range(6)] == [200] * 5 + [429]
        assert search(SOUTH) == 200

    def test_count_papers_which_are_written_when_asked_for(self, address: str) -> None:
        client = client_at(NORTH, address)
        form = f"/services/{uuid4()}/forms/none/blank.pdf"
        assert [client.get(form).status_code for _ in range(3)] == [404, 404, 429]

    def test_count_the_search_for_items_with_the_sites_own(self, address: str) -> None:
        client = client_at(NORTH, address)
        paths = ("/services/find/?q=x", "/search/?q=x") * 3
        assert [client.get(path).status_code for path in paths] == [200] * 5 + [429]

    def test_count_one_address_as_one_however_many_sessions(self, address: str) -> None:
        statuses = [client_at(NORTH, address).post("/subscription/", {}).status_code for _ in range(6)]
        assert statuses[-1] == 429
        assert 429 not in statuses[:-1]

    def test_leave_readers_alone(self, address: str) -> None:
        client = client_at(NORTH, address)
        assert {client.get(path).status_code for path in ("/", "/map/") for _ in range(10)} == {200}

    def test_are_not_got_round_by_claiming_another_address(self, address: str) -> None:
        client = client_at(NORTH, address)
        claims = [f"198.51.100.{number}" for number in range(6)]
        statuses = [client.get("/search/?q=x", headers={"x-forwarded-for": claim}).status_code for claim in claims]
        assert statuses == [200] * 5 + [429]

    def test_believe_the_proxy_in_front(self, settings: Settings, address: str) -> None:
        settings.PROXY_ADDRESSES = environment.networks("PROXY_ADDRESSES", "127.0.0.1 10.0.0.0/8")
        proxy = client_at(NORTH, "127.0.0.1")

        def search(passed_on: str) -> int:
            return proxy.get("/search/?q=x", headers={"x-forwarded-for": passed_on}).status_code

        # what the reader claims stands before what the proxies saw
        assert [search(f"198.51.100.{number}, {address}, 10.1.1.1") for number in range(6)] == [200] * 5 + [429]
        assert search(f"{address}, 2001:db8::77, 10.1.1.1") == 200


class TestValkeyThatIsAway:
    @pytest.fixture(autouse=True)
    def _away(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        settings.RATE_LIMITS = {"search": (1, 1)}
        away: dict[str, Any] = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:9/0"}
        settings.CACHES = {"default": away}
        monkeypatch.setattr(limits, "_away_until", 0.0)
        yield
        caches.close_all()

    def test_closes_no_site_and_is_noted_once(self, address: str) -> None:
        with structlog.testing.capture_logs() as logs:
            statuses = [client_at(NORTH, address).get("/search/?q=x").status_code for _ in range(4)]
        assert statuses == [200] * 4
        assert [line["event"] for line in logs].count("limits_not_counted") == 1


class TestVariable:
    @pytest.mark.parametrize("wrong", ["search", "search=1", "search=a/b", "nothing=1/2", "search=-1/2"])
    def test_that_makes_no_sense_stops_the_program(self, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RATE_LIMITS", wrong)
        with pytest.raises(environment.ImproperlyConfigured, match="RATE_LIMITS"):
            environment.limits("RATE_LIMITS", {"search": (1, 2)})

    def test_changes_what_it_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RATE_LIMITS", "search=5/0")
        assert environment.limits("RATE_LIMITS", {"search": (1, 2), "api": (3, 4)}) == {"search": (5, 0), "api": (3, 4)}
        monkeypatch.setenv("RATE_LIMITS", "off")
        assert environment.limits("RATE_LIMITS", {"search": (1, 2)}) == {"search": (0, 0)}

    def test_names_proxies_by_address_or_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PROXY_ADDRESSES", "the-proxy")
        with pytest.raises(environment.ImproperlyConfigured, match="PROXY_ADDRESSES"):
            environment.networks("PROXY_ADDRESSES", "")
