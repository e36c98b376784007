"""The two roles of the database: how they come to be, also where there was one before, and what they may do."""

import subprocess
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from foundation.embedded_services import postgres
from foundation.errors import Conflict
from province.halls.models import Hall
from province.rights.queries import system_actor
from provisioning.create import create_hall_schema
from provisioning.grants import grant_to_application
from provisioning.models import HallSchema
from provisioning.upgrade import upgrade_halls
from tests.servers import free_port, scratch, wait_until

FORMER, NEW = "of-both-before", "of-the-superuser-now"


@pytest.fixture
def former_server() -> Iterator[int]:
    """The port of a server as it was with one role: the superuser's password is the application's, which owns all."""
    port, data = free_port(), scratch() / "former-postgres"
    postgres.prepare(data, port=port, password=FORMER, durable=False)
    server = subprocess.Popen(
        postgres.command(data), stderr=subprocess.DEVNULL, user=postgres.ensure_os_user(), cwd="/"
    )
    try:
        wait_until(lambda: postgres.is_answering(port=port), what="the former server's start")
        _ask(port, "postgres", FORMER, f"CREATE ROLE yizhan LOGIN CREATEDB PASSWORD '{FORMER}'", database="postgres")
        _ask(port, "postgres", FORMER, "CREATE DATABASE yizhan OWNER yizhan", database="postgres")
        _ask(port, "yizhan", FORMER, "CREATE TABLE kept (a int); INSERT INTO kept VALUES (1)")
        yield port
    finally:
        server.kill()
        server.wait()
        subprocess.run(["rm", "-rf", data], check=True)


def _ask(port: int, role: str, password: str, sql: str, *, database: str = "yizhan") -> Any:
    session = psycopg2.connect(host="127.0.0.1", port=port, user=role, password=password, dbname=database)
    session.autocommit = True
    try:
        with session.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None
    finally:
        session.close()


class TestMakeRolesAndDatabase:
    def test_takes_from_the_application_what_it_owned(self, former_server: int) -> None:
        passwords = {"superuser": NEW, "owner": "of-the-owner", "application": FORMER, "backup": "of-backups"}
        # again changes nothing
        for _ in range(2):
            postgres.make_roles_and_database(port=former_server, former_superuser=FORMER, **passwords)
        assert _ask(
            former_server, postgres.OWNER, "of-the-owner", "SELECT tableowner FROM pg_tables WHERE tablename = 'kept'"
        ) == [(postgres.OWNER,)]
        for sql in ("DROP TABLE kept", "CREATE DATABASE odd", "CREATE TABLE odd (a int)"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                _ask(former_server, postgres.ROLE, FORMER, sql)
        for role in ("postgres", postgres.OWNER):
            with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
                _ask(former_server, role, FORMER, "SELECT 1", database="postgres")


@pytest.mark.django_db
class TestGrantToApplication:
    def test_opens_schemas_from_before_there_were_two_roles(self, north: Hall) -> None:
        role, schema = settings.APPLICATION_ROLE, north.schema_name
        with connection.cursor() as cursor:
            cursor.execute(
                f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}; REVOKE ALL ON SCHEMA {schema} FROM {role}"
            )
        grant_to_application()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_schema_privilege(%s, %s, 'USAGE'), has_table_privilege(%s, %s, 'UPDATE'),"
                " has_table_privilege(%s, %s, 'TRUNCATE')",
                [role, schema, *[role, f"{schema}.portal_article"] * 2],
            )
            assert cursor.fetchone() == (True, True, False)


class TestNameOfASchema:
    """The application may write the row that has it; the owner of all tables puts it into a script."""

    NAME = 'hall_000001"; DROP TABLE public.audit_auditentry; --'

    @pytest.mark.django_db
    def test_that_is_none_runs_nowhere(self, north: Hall) -> None:
        HallSchema.objects.filter(hall=north).update(digest="behind", migrations=[])
        Hall.objects.filter(pk=north.pk).update(schema_name=self.NAME)
        north.refresh_from_db()
        with pytest.raises(Conflict, match="不合规"):
            create_hall_schema(north)
        rollout = upgrade_halls(by=system_actor(), workers=1)
        assert rollout
        assert "不合规" in rollout.steps.get(hall=north).reason
