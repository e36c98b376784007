"""What every request of staff asks for is found by an index, however many people the province has."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from province.halls.models import Hall
from province.people.models import Account
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db

PEOPLE = 20_000
_MANY = """
INSERT INTO people_account (id, created_at, password, username, name, sounds, is_active, session_round)
SELECT gen_random_uuid(), now(), '', 'many' || n, '众人', '', true, 0 FROM generate_series(1, %(people)s) AS n;
INSERT INTO people_position (id, created_at, account_id, role, hall_id, reach_prefix, reach, title)
SELECT gen_random_uuid(), now(), id, 'editor', %(hall_id)s, '420582', 'hall', '' FROM people_account
WHERE username LIKE 'many%%';
INSERT INTO people_substitution (id, created_at, position_id, substitute_id, from_on, to_on)
SELECT gen_random_uuid(), now(), p.id, p.account_id, current_date, current_date FROM people_position AS p
WHERE p.reach_prefix = '420582' AND p.role = 'editor' AND p.title = '';
INSERT INTO sign_in_signinsession
    (id, created_at, account_id, factor, proved_at, last_seen_at, idle_minutes, address, agent, auth_hash)
SELECT gen_random_uuid(), now(), id, 'password', now(), now(), 60, '127.0.0.1', '', '' FROM people_account
WHERE username LIKE 'many%%';
"""
TABLES = ("people_account", "people_position", "people_substitution", "sign_in_signinsession")


def _read_whole(plan: Mapping[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for below in plan.get("Plans", ()):
        yield from _read_whole(below)


class TestRequestOfStaff:
    def test_reads_none_of_the_peoples_tables_whole(self, north: Hall) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_MANY, {"people": PEOPLE, "hall_id": str(north.pk)})
            cursor.execute(f"ANALYZE {', '.join(TABLES)}")
        browser = client_of("li", "north.yizhan.localhost")
        assert browser.get("/desk/").status_code == 200
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/desk/articles/").status_code == 200
        assert Account.objects.count() > PEOPLE
        wholes = {
            table: query["sql"]
            for query in asked.captured_queries
            if query["sql"].startswith("SELECT") and any(f'"{table}"' in query["sql"] for table in TABLES)
            for table in _read_whole(_plan_of(query["sql"]))
            if table in TABLES
        }
        assert wholes == {}


def _plan_of(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()
    found: dict[str, Any] = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return found
