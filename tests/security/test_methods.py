"""Ways of asking that nothing here answers, or that must not change what is meant."""

import json
import logging

import pytest
from django.test import Client

from config.logs import JsonFormatter
from province.people.models import Account

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


class TestLogLine:
    def test_is_one_whatever_was_sent(self) -> None:
        record = logging.LogRecord(
            "x", logging.WARNING, "", 0, "Not Found: %s", ('/a\n{"event": "made up"}\r\n',), None
        )
        line = JsonFormatter().format(record)
        assert "\n" not in line
        assert json.loads(line)["event"].startswith("Not Found")
