"""A part that is away: a page with a request number, never a trace; and work goes on by itself when it is back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.machine.conftest import Machine
from tests.machine.test_kills import EVENT
from tests.servers import NO_TLS, wait_until

HOST = {"Host": "yizhan.localhost"}


def _get(machine: Machine, path: str, **headers: str) -> httpx.Response:
    address = f"http://127.0.0.1:{machine.port('WEB')}{path}"
    return httpx.get(address, headers=HOST | headers, timeout=120, verify=NO_TLS)


@contextmanager
def _without(machine: Machine, part: str) -> Iterator[None]:
    """Stopped, and started again; afterwards the site must be ready without anybody's help."""
    machine.supervisor.stop(part)
    yield
    machine.supervisor.start(part)
    # else the next test would think that it has stopped
    machine.await_running(part)
    wait_until(lambda: _get(machine, "/readyz").status_code == 200, what=f"readiness after {part} came back")


class TestDatabaseAway:
    def test_gives_a_page_with_a_request_number(self, machine: Machine) -> None:
        with _without(machine, "postgres"):
            for host in ("yizhan.localhost", "somewhere.yizhan.localhost"):
                answer = _get(machine, "/", Host=host)
                assert answer.status_code == 503
                assert answer.headers["X-Request-ID"] in answer.text
                assert int(answer.headers["Retry-After"]) > 0
                assert not re.search(r"Traceback|psycopg2|OperationalError", answer.text)
        assert _get(machine, "/").status_code == 200

    def test_gives_the_api_a_problem(self, machine: Machine) -> None:
        with _without(machine, "postgres"):
            answer = _get(machine, "/api/province/v1/halls/divisions", Authorization="Bearer yz_unknown")
            assert answer.status_code == 503
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json()["request_id"] == answer.headers["X-Request-ID"]

    def test_leaves_the_process_alive_and_not_ready(self, machine: Machine) -> None:
        with _without(machine, "postgres"):
            assert _get(machine, "/healthz", Host="any.name").status_code == 200
            answer = _get(machine, "/readyz", Host="any.name")
            assert (answer.status_code, answer.json()["faults"]) == (503, {"database": "数据库连接不上"})
            assert "yizhan_database_up 0.0" in _get(machine, "/metrics").text

    def test_lets_the_relay_go_on_when_it_is_back(self, machine: Machine) -> None:
        failures = machine.failures()
        with _without(machine, "postgres"):
            pass
        with machine.database() as connection, connection.cursor() as cursor:
            cursor.execute(EVENT, [0])
        waiting = "SELECT id FROM events_eventdelivery WHERE state = 'waiting'"
        machine.await_rows(waiting, lambda found: not found, what="the relay's work")
        assert machine.failures() == failures


class TestBrokerAway:
    def test_is_named_and_the_worker_comes_back_by_itself(self, machine: Machine) -> None:
        failures = machine.failures()
        with _without(machine, "valkey"):
            assert _get(machine, "/readyz").json()["faults"] == {"broker": "消息队列连接不上"}
            assert _get(machine, "/").status_code == 200
        wait_until(lambda: machine.doctor()["worker_runs"]["state"] == "ok", what="the worker's return")
        assert machine.failures() == failures


class TestStoreAway:
    def test_is_named_and_pages_go_on(self, machine: Machine) -> None:
        with _without(machine, "s3"):
            assert _get(machine, "/readyz").json()["faults"] == {"store": "对象存储连接不上"}
            assert _get(machine, "/").status_code == 200


class TestMetrics:
    @pytest.mark.parametrize(
        "line",
        [
            r'^yizhan_requests_total\{method="GET",status="200"\} \d',
            r'^yizhan_request_seconds_bucket\{le="0.03"\}',
            r'^yizhan_event_deliveries\{state="dead"\} 0',
            r"^yizhan_due_times_late 0",
            r'^yizhan_halls\{state="live"\} \d',
            r'^yizhan_pushes\{state="withdrawn"\} \d',
            r'^yizhan_channel_deliveries\{state="waiting"\} 0',
        ],
    )
    def test_has(self, machine: Machine, line: str) -> None:
        _get(machine, "/healthz")
        assert re.search(line, _get(machine, "/metrics", Host="any.name").text, re.MULTILINE)
