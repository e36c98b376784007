"""Ways of asking that nothing here answers, or that must not change what is meant."""

import json
import logging

import pytest
from django.test import Client

from config.logs import JsonFormatter
from foundation.idempotency.models import IdempotencyKey
from province.halls.models import Hall
from province.people.models import Account
from tests.personal import all_logs

pytestmark = pytest.mark.django_db

PROVINCE, NORTH = "yizhan.localhost", "north.yizhan.localhost"


class TestTrace:
    @pytest.mark.parametrize("method", ["TRACE", "CONNECT", "DEBUG"])
    def test_is_not_answered(self, method: str) -> None:
        for host, path in (
            (NORTH, "/"),
            (NORTH, "/desk/"),
            (PROVINCE, "/sign-in/"),
            (NORTH, "/api/hall/v1/portal/articles"),
        ):
            client = Client(headers={"host": host, "x-secret": "echo"}, raise_request_exception=False)
            answer = client.generic(method, path)
            assert answer.status_code in {302, 401, 403, 405}
            assert "echo" not in answer.text


class TestParameterSentTwice:
    def test_does_not_decide_for_whom(self) -> None:
        """The hall is the host's, whatever a query or form says of it."""
        client = Client(headers={"host": NORTH})
        client.force_login(Account.objects.get(username="sun"))
        for query in (
            "hall=1&hall=2",
            "hall_id=2",
            "schema=hall_000002&schema=hall_000001",
            "host=south.yizhan.localhost",
        ):
            assert client.get(f"/desk/?{query}").headers["X-Hall"] == "1"
        assert client.get("/desk/", headers={"x-forwarded-host": "south.yizhan.localhost"}).headers["X-Hall"] == "1"


class TestHost:
    @pytest.mark.parametrize(
        "host",
        [
            f"evil.example:80@{NORTH}",
            f"{NORTH}@evil.example",
            f"{NORTH}:80:90",
            f"{NORTH}/evil.example",
            f"{NORTH}#evil.example",
            f"{NORTH} evil.example",
            f"{NORTH}:{'0' * 70}",
            f"{NORTH}:80x",
            f"evil_example.{NORTH}",
            f"[{NORTH}]",
            "",
        ],
    )
    def test_that_is_no_name_and_port_is_no_place(self, host: str) -> None:
        """What is read here as a hall's, a canonical link or a redirect must not read as somebody else's."""
        for path in ("/", "/sign-in/"):
            answer = Client(headers={"host": host}, raise_request_exception=False).get(path)
            assert answer.status_code == 404
            assert "evil" not in answer.text

    @pytest.mark.parametrize("host", [f"{NORTH}:80", f"{NORTH}.", NORTH.upper()])
    def test_may_bear_a_port_a_dot_and_capitals(self, host: str) -> None:
        assert Client(headers={"host": host}).get("/").status_code == 200


class TestIdempotencyKey:
    def test_belongs_to_a_hall_and_an_account_whatever_the_host_header_is(self, north: Hall) -> None:
        for username, host in (("sun", NORTH), ("sun", f"{NORTH}:80"), ("li", NORTH)):
            client = Client(headers={"host": host, "idempotency-key": "k1"})
            client.force_login(Account.objects.get(username=username))
            client.post("/api/hall/v1/services/hall-defaults/fill", {}, content_type="application/json")
        accounts = Account.objects.filter(username__in=["sun", "li"])
        assert set(IdempotencyKey.objects.values_list("owner", flat=True)) == {
            f"{north.pk}:{one.pk}" for one in accounts
        }


class TestNulInAText:
    @pytest.mark.parametrize(
        "path",
        [
            "/desk/?q=%00",
            "/desk/articles/?q=a%00b",
            "/desk/columns/%00/edit/",
            "/api/hall/v1/portal/articles?search=%00",
        ],
    )
    def test_is_refused_and_no_fault_of_ours(self, path: str) -> None:
        client = Client(headers={"host": NORTH}, raise_request_exception=False)
        client.force_login(Account.objects.get(username="sun"))
        assert client.get(path).status_code in {404, 422}

    def test_of_a_form_or_a_document_is_refused_too(self) -> None:
        client = Client(headers={"host": NORTH}, raise_request_exception=False)
        client.force_login(Account.objects.get(username="sun"))
        assert client.post("/desk/columns/new/", {"code": "x", "name": "a\0b"}).status_code == 422
        for name in ("a\0b", "\ud800"):
            answer = client.post(
                "/api/hall/v1/portal/columns", json.dumps({"code": "x", "name": name}), content_type="application/json"
            )
            assert answer.status_code in {400, 422}


class TestNestedJson:
    """Deeper than it can be read, and no longer than what anybody may send."""

    @pytest.mark.parametrize(
        ("host", "path"), [(PROVINCE, "/sign-in/"), (PROVINCE, "/me/sign-in/")], ids=["staff", "citizens"]
    )
    def test_is_no_answer_of_a_passkey_and_no_fault_of_ours(self, host: str, path: str) -> None:
        client = Client(headers={"host": host}, raise_request_exception=False)
        assert client.post(path, {"answer": "[" * 100_000}).status_code in {200, 422}

    def test_is_refused_by_the_api(self) -> None:
        client = Client(headers={"host": NORTH}, raise_request_exception=False)
        client.force_login(Account.objects.get(username="sun"))
        for deep in (900, 100_000):
            answer = client.post(
                "/api/hall/v1/portal/columns",
                f'{{"code": "x", "name": {"[" * deep}{"]" * deep}}}',
                content_type="application/json",
            )
            assert answer.status_code in {400, 422}


class TestRefusal:
    def test_is_in_the_log_with_its_number(self) -> None:
        with all_logs(logging.WARNING) as lines:
            answer = Client(headers={"host": NORTH}).get("/nowhere/")
        assert answer.status_code == 404
        kept = [json.loads(line) for line in lines]
        assert [one["message"] for one in kept if one.get("request_id") == answer.headers["X-Request-ID"]] == [
            "Not Found: /nowhere/"
        ]


class TestLogLine:
    def test_is_one_whatever_was_sent(self) -> None:
        record = logging.LogRecord(
            "x", logging.WARNING, "", 0, "Not Found: %s", ('/a\n{"event": "made up"}\r\n',), None
        )
        line = JsonFormatter().format(record)
        assert "\n" not in line
        assert json.loads(line)["message"].startswith("Not Found")
