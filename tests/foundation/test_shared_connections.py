"""Threads of the web server leave their connections to each other: as many as are worked on at once, and no trace of a
hall, a transaction or a dead server goes along."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings

from foundation.shared_connections.base import DatabaseWrapper, LeftConnections
from tests.servers import PASSWORD


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Iterator[LeftConnections]:
    found = LeftConnections()
    monkeypatch.setattr(DatabaseWrapper, "left", found)
    yield found
    while taken := found.take():
        taken[0].close()


def thread() -> Any:
    """The connection of a further thread."""
    return connections.create_connection("default")


def ask(wrapper: Any, question: str) -> Any:
    with wrapper.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def end_session(pid: int) -> None:
    facts = settings.DATABASES["default"]
    session = psycopg2.connect(host=facts["HOST"], port=facts["PORT"], user="postgres", password=PASSWORD)
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    finally:
        session.close()


@pytest.mark.usefixtures("fresh_database")
class TestLeftConnections:
    def test_are_taken_by_the_next_thread_which_enters_its_own_hall(self, left: LeftConnections) -> None:
        first, second, third = thread(), thread(), thread()
        first.set_schema("hall_000001")
        pid = ask(first, "SELECT pg_backend_pid()")
        first.touched_schemas.add("hall_000001")
        assert ask(second, "SELECT pg_backend_pid()") != pid
        first.close_if_unusable_or_obsolete()
        assert len(left) == 1
        third.set_schema("hall_000002")
        assert ask(third, "SELECT pg_backend_pid()") == pid
        assert ask(third, "SELECT current_schema()") == "hall_000002"
        # what it has touched counts on
        assert third.touched_schemas == {"hall_000001"}
        for one in (second, third):
            one.close()
        # the last that was left comes first
        assert ask(first, "SELECT pg_backend_pid()") == pid
        first.close()

    def test_are_not_left_in_the_middle_of_something(self, left: LeftConnections) -> None:
        begun, failed, worn = thread(), thread(), thread()
        ask(begun, "SELECT 1")
        begun.set_autocommit(False)
        ask(begun, "SELECT 1")
        ask(failed, "SELECT 1")
        failed.errors_occurred = True
        ask(worn, "SELECT 1")
        worn.touched_schemas |= {"hall_000001", "hall_000002"}
        with override_settings(SCHEMAS_PER_CONNECTION=1):
            for one in (begun, failed, worn):
                one.close()
        assert len(left) == 0

    def test_of_a_server_that_is_gone_cost_nobody_a_failure(self, left: LeftConnections) -> None:
        one = thread()
        pid = ask(one, "SELECT pg_backend_pid()")
        one.close()
        end_session(pid)
        assert ask(one, "SELECT pg_backend_pid()") != pid
        assert len(left) == 0
        one.close()

    def test_are_closed_when_nobody_took_them_for_long(
        self, left: LeftConnections, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, other = thread(), thread()
        ask(one, "SELECT 1")
        ask(other, "SELECT 1")
        raw = one.connection
        one.close()
        monkeypatch.setattr("foundation.shared_connections.base._MOST_IDLE", -1.0)
        other.close()
        assert raw.closed
        assert len(left) == 1

    def test_are_kept_by_their_thread_where_nobody_asked_for_sharing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(DatabaseWrapper, "left", None)
        one = thread()
        ask(one, "SELECT 1")
        raw = one.connection
        one.close_if_unusable_or_obsolete()
        assert one.connection is raw
        one.close()
        assert raw.closed
