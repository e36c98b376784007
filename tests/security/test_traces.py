"""One trace from a page to the worker's last statement, as a collector receives it; and what it says of nobody."""

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from config import environment
from foundation.events.models import Event
from province.citizens.access import CITIZEN_IN_SESSION
from province.halls.models import Hall
from province.people.models import Account
from province.sign_in.events import SIGNED_OUT
from province.sign_in.models import OidcClient, OidcGrant, SignInSession
from tests.factories.citizens import make_citizen, make_sign_in, number_of, phone_of
from tests.factories.sign_in import NORTH, PROVINCE
from tests.host_sessions import session_at
from tests.personal import found_among, name_of
from tests.programs import Collector, Programs, collecting, running
from tests.servers import wait_until

TOKEN = "a" * 32
TYPED = {"龘查什么靐", "zp000004pz", "zp000005pz"}
MARKERS = {name_of(8), phone_of(8), number_of(8), *TYPED}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting(b"") as collector:
        yield collector


def spans(collector: Collector) -> list[Any]:
    """All that were received, read as OpenTelemetry's own definition has them."""
    # a process that writes no traces does not find it (config/environment.py)
    if sys.modules.get("opentelemetry", ...) is None:
        del sys.modules["opentelemetry"]
    definition = import_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    found = []
    for path, body in list(collector.got):
        assert path == "/v1/traces"
        for resource in definition.ExportTraceServiceRequest.FromString(body).resource_spans:
            found += [span for scope in resource.scope_spans for span in scope.spans]
    return found


def facts(span: Any) -> dict[str, str]:
    return {one.key: one.value.string_value or str(one.value.int_value) for one in span.attributes}


def browser_with(programs: Programs, host: str, session: str) -> httpx.Client:
    browser = programs.browser(host)
    browser.cookies["sessionid"] = session
    browser.cookies["csrftoken"] = TOKEN
    browser.headers.update({"X-CSRFToken": TOKEN, "Referer": "http://x/zp000004pz", "User-Agent": "zp000005pz"})
    return browser


def someone_with_a_client() -> Client:
    """A clerk who is signed in, and has been let into another department's system by it."""
    client = Client(HTTP_HOST=PROVINCE)
    client.force_login(Account.objects.get(username="zhao"))
    OidcClient.objects.create(
        client_id="hr", name="人事系统", secret_digest="x", redirect_uris=[], scopes=["openid"],
        backchannel_logout_uri="https://127.0.0.1:9/signed-out",
    )  # fmt: skip
    now = timezone.now()
    OidcGrant.objects.create(
        client_id="hr", session=SignInSession.objects.get(), code_digest="x", redirect_uri="https://x/",
        challenge="c", scopes=["openid"], code_expires_at=now, redeemed_at=now,
    )  # fmt: skip
    return client


@pytest.mark.usefixtures("fresh_database")
class TestTrace:
    def test_goes_from_a_page_to_the_worker_and_names_nobody(self, collector: Collector, north: Hall) -> None:
        clerk = someone_with_a_client()
        session = session_at(NORTH)
        session[CITIZEN_IN_SESSION] = str(make_sign_in(make_citizen(8)).pk)
        session.create()
        with running(
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{collector.address}",
            OTEL_EXPORTER_OTLP_HEADERS="authorization=Basic%20abc",
            OTEL_BSP_SCHEDULE_DELAY="100",
        ) as programs:
            with browser_with(programs, PROVINCE, clerk.cookies["sessionid"].value) as staff:
                left = staff.post("/sign-out/")
                assert left.status_code == 302
            wait_until(lambda: "task sign_in.send_sign_outs" in self._names(collector), what="the worker's span")
            with browser_with(programs, NORTH, str(session.session_key)) as citizen:
                self._go_about(citizen)
                # the collector keeps all waiting, refuses, and is gone: pages are answered all the same
                collector.may_answer.clear()
                assert [citizen.get("/me/").status_code for _ in range(3)] == [200] * 3
                collector.status = 500
                collector.may_answer.set()
                assert citizen.get("/me/").status_code == 200
                collector.leave()
                assert citizen.get("/me/").status_code == 200
                logs = "\n".join(programs.log(name) for name in programs.logs)
        self._check_whole(collector, left.headers["X-Request-ID"])
        everything = b"".join(body for _, body in collector.got).decode("utf-8", "replace")
        assert {one["authorization"] for one in collector.heads} == {"Basic abc"}
        names = self._names(collector)
        assert {"POST /me/proof/", "SELECT", "UPDATE"} <= names
        assert north.schema_name in {facts(one).get("yizhan.hall") for one in spans(collector)}
        cookies = {str(session.session_key), clerk.cookies["sessionid"].value}
        assert found_among({*MARKERS, *cookies, "127.0.0.1"}, everything) == set()
        assert found_among({phone_of(8), number_of(8)}, logs) == set()

    def _go_about(self, citizen: httpx.Client) -> None:
        assert citizen.get("/search/", params={"q": "龘查什么靐"}).status_code == 200
        form = {"name": name_of(8), "number": number_of(8)}
        assert citizen.post("/me/proof/", params={"next": "/龘查什么靐"}, data=form).status_code == 302
        citizen.post("/progress/", data={"number": number_of(8), "tail": phone_of(8)[-4:]})
        assert citizen.post("/me/export/", data={"format": "json"}).status_code in {200, 302, 403}

    def _check_whole(self, collector: Collector, number: str) -> None:
        """Of the clerk's: page, event and task hang together, and each has statements below it."""
        (event,) = Event.objects.filter(kind=SIGNED_OUT.name)
        trace = event.origin["traceparent"].split("-")[1]
        whole = [one for one in spans(collector) if one.trace_id.hex() == trace]
        page, delivery, task = (
            next(one for one in whole if one.name == name)
            for name in ("POST /sign-out/", "event sign_in.send_sign_outs", "task sign_in.send_sign_outs")
        )
        assert (page.parent_span_id, delivery.parent_span_id, task.parent_span_id) == (
            *(b"", page.span_id, delivery.span_id),
        )
        assert {facts(one)["yizhan.request_id"] for one in (page, delivery, task)} == {number}
        assert event.origin["request_id"] == number
        for span in (page, delivery):
            below = [facts(one).get("db.query.text", "") for one in whole if one.parent_span_id == span.span_id]
            assert any(text.lstrip().startswith(("INSERT", "UPDATE", "WITH")) for text in below), span.name

    def _names(self, collector: Collector) -> set[str]:
        return {one.name for one in spans(collector)}


class TestHeaders:
    def test_are_read_as_opentelemetry_writes_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("X_HEADERS", "authorization=Basic%20abc, x-scope=1=2")
        assert environment.headers("X_HEADERS") == {"authorization": "Basic abc", "x-scope": "1=2"}
        environment.known.discard("X_HEADERS")
