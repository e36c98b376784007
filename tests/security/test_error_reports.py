"""A fault in every program of ours, with a citizen's own words in all that it holds, and what the service that collects
errors then receives."""

import json
from collections.abc import Iterator
from importlib.metadata import version
from itertools import pairwise
from uuid import uuid4

import httpx
import pytest
from celery import Celery
from django.db import connection

from config.sentry import without_persons
from province.citizens.access import CITIZEN_IN_SESSION
from province.citizens.models import Citizen
from province.halls.models import Hall
from tests.factories.citizens import make_citizen, make_sign_in, number_of, phone_of
from tests.factories.sign_in import NORTH
from tests.host_sessions import session_at
from tests.personal import found_among, name_of
from tests.programs import Collector, Programs, collecting, running
from tests.roles import as_owner
from tests.servers import wait_until

NAME, PHONE, NUMBER = name_of(7), phone_of(7), number_of(7)
# as people type them: in forms, addresses, headers, and a cookie of somebody else's
TYPED = {"query": "龘我的地址靐", "referrer": "zp000001pz", "agent": "zp000002pz", "cookie": "zp000003pz"}
MARKERS = {NAME, PHONE, NUMBER, *TYPED.values()}
REQUEST = "abcdef012345"


@pytest.fixture
def sentry() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


def reports(sentry: Collector) -> list[dict[str, object]]:
    """The events in the envelopes that came so far."""
    found = []
    for _, body in list(sentry.got):
        lines = [json.loads(line) for line in body.splitlines() if line.startswith(b"{")]
        found += [event for head, event in pairwise(lines) if head.get("type") == "event"]
    return found


def signed_in(programs: Programs) -> httpx.Client:
    session = session_at(NORTH)
    session[CITIZEN_IN_SESSION] = str(make_sign_in(make_citizen(7)).pk)
    # a word of theirs in the session as well
    session["draft"] = NAME
    session.create()
    browser = programs.browser(NORTH)
    browser.cookies["sessionid"] = str(session.session_key)
    browser.cookies["other"] = TYPED["cookie"]
    browser.headers.update({"Referer": f"http://x/{TYPED['referrer']}/{NUMBER}", "User-Agent": TYPED["agent"]})
    return browser


def prove(browser: httpx.Client) -> httpx.Response:
    """A form that the page takes and the database refuses, quoting the whole row."""
    token = browser.cookies["csrftoken"]
    form = {"name": NAME, "number": NUMBER, "csrfmiddlewaretoken": token}
    return browser.post(
        "/me/proof/", params={"q": TYPED["query"], "from": PHONE}, data=form, headers={"X-CSRFToken": token}
    )


@pytest.mark.usefixtures("fresh_database")
class TestReport:
    def test_of_every_program_says_where_and_nothing_of_whom(self, sentry: Collector, north: Hall) -> None:
        with (
            running(SENTRY_DSN=f"http://key@{sentry.address}/1", LOG_LEVEL="DEBUG") as programs,
            signed_in(programs) as browser,
        ):
            assert browser.get("/me/proof/").status_code == 200
            with as_owner(), connection.cursor() as cursor:
                cursor.execute("ALTER TABLE citizens_citizen ADD CONSTRAINT nobody CHECK (level < 1) NOT VALID")
            failed = prove(browser)
            assert failed.status_code == 500
            self._fail_the_relay(north)
            self._fail_the_worker(programs)
            wait_until(lambda: len(self._by_program(sentry)) == 3, what="a report of each program", seconds=120)
            found = self._by_program(sentry)
            # a page that waits for no answer of the service, and a second one behind it
            sentry.may_answer.clear()
            assert [prove(browser).status_code for _ in range(2)] == [500, 500]
            sentry.may_answer.set()
            sentry.leave()
            assert prove(browser).status_code == 500
            logs = "\n".join(programs.log(name) for name in programs.logs)
            of_the_web = [json.loads(one) for one in programs.log("web").splitlines() if one.startswith("{")]
        assert {event["release"] for event in found.values()} == {f"yizhan@{version('yizhan')}"}
        numbers = {name: event["tags"]["request_id"] for name, event in found.items()}
        assert numbers == {"web": failed.headers["X-Request-ID"], "relay": REQUEST, "worker": REQUEST}
        assert {event["tags"]["hall"] for event in found.values()} == {north.schema_name}
        assert found["web"]["tags"]["account_id"] == str(Citizen.objects.get().pk)
        assert found["web"]["request"] == {"method": "POST", "url": f"http://{NORTH}/me/proof/"}
        logged = next(one for one in of_the_web if one.get("request_id") == failed.headers["X-Request-ID"])
        assert (logged["hall"], logged["account_id"]) == (north.schema_name, str(Citizen.objects.get().pk))
        everything = sentry.bodies()
        # the reports are of what went wrong, and say it
        for said in ("violates check constraint", "ValidationError", "badly formed", "prove_identity"):
            assert said in everything, said
        session = browser.cookies["sessionid"]
        assert found_among({*MARKERS, session, browser.cookies["csrftoken"]}, everything) == set()
        assert found_among({PHONE, NUMBER, session}, logs) == set()

    def _fail_the_relay(self, north: Hall) -> None:
        """By an event that no release of ours wrote, from a request with this number."""
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH emitted AS (INSERT INTO events_event (kind, subject_id, hall_id, payload, origin)"
                " VALUES ('people.handed_over', %s, NULL, %s, %s) RETURNING id)"
                " INSERT INTO events_eventdelivery (event_id, subscriber, state, attempts, last_error)"
                " SELECT id, 'content.take_over_manuscripts', 'waiting', 0, '' FROM emitted",
                [
                    str(uuid4()),
                    json.dumps({"leaver_id": NAME, "successor_id": f"{PHONE} {NUMBER}"}),
                    json.dumps({"request_id": REQUEST, "hall": north.schema_name}),
                ],
            )

    def _fail_the_worker(self, programs: Programs) -> None:
        app = Celery(broker=programs.variables["BROKER_URL"])
        hall = Hall.objects.get(slug="north").schema_name
        app.send_task(
            "content.verify_push",
            args=[f"{NAME} {PHONE} {NUMBER}"],
            headers={"yizhan_origin": {"request_id": REQUEST, "hall": hall}},
        )
        app.close()

    def _by_program(self, sentry: Collector) -> dict[str, dict]:  # type: ignore[type-arg]
        """The first report of each: what it is about says whose it is."""
        found: dict[str, dict] = {}  # type: ignore[type-arg]
        for event in reports(sentry):
            place = json.dumps(event)
            name = "worker" if "verify_push" in place else "relay" if "_hand_over" in place else "web"
            found.setdefault(name, event)
        return found


class TestCutMessage:
    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ("invalid literal for int(): '张三'", "invalid literal for int(): '…'"),
            ("no session 'k2x9f0c1d8'", "no session '…'"),
            ('null value in column "name"\nDETAIL:  Failing row contains (1, zhang)', 'null value in column "name"'),
        ],
    )
    def test_names_what_is_wrong_and_not_with_whom(self, said: str, kept: str) -> None:
        event = {"exception": {"values": [{"type": "ValueError", "value": said}]}, "user": {"id": "zhang"}}
        report = without_persons(event, {})  # type: ignore[arg-type]
        assert report["exception"]["values"][0]["value"] == kept
        assert "zhang" not in json.dumps(report)
