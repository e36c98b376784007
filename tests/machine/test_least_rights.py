"""Who holds the application's password can read and write rows, and do nothing else to database and machine."""

import json
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest
from minio.error import S3Error

from foundation.embedded_services.postgres import OWNER, ROLE
from tests.machine.conftest import Machine
from tests.machine.writers import store_of
from tests.servers import ROOT, wait_until

REFUSED = {
    "runs a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "runs a program to read from": "CREATE TEMP TABLE said (line text); COPY said FROM PROGRAM 'id'",
    "reads a file": "CREATE TEMP TABLE said (line text); COPY said FROM '/etc/passwd'",
    "reads a file by a function": "SELECT pg_read_file('/etc/passwd')",
    "makes a large object": "SELECT lo_create(0)",
    "fills a large object": "SELECT lo_from_bytea(0, 'x')",
    "takes in a file": "SELECT lo_import('/etc/passwd')",
    "loads an extension": "CREATE EXTENSION dblink",
    "puts a trigger of its own on a table": (
        "CREATE TRIGGER odd BEFORE INSERT ON halls_hall FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
    ),
    "reads passwords": "SELECT rolname, rolpassword FROM pg_authid",
    "drops the audit's guard": "DROP TRIGGER audit_is_only_added ON audit_auditentry",
    "switches the guard off": "ALTER TABLE audit_auditentry DISABLE TRIGGER audit_is_only_added",
    "switches all guards off": "SET session_replication_role = replica",
    "replaces the guard": (
        "CREATE OR REPLACE FUNCTION public.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NULL; END $$"
    ),
    "changes an entry": "UPDATE audit_auditentry SET act = 'x'",
    "deletes a link": "DELETE FROM audit_auditlink",
    "empties the audit": "TRUNCATE audit_auditentry, audit_auditlink, audit_auditpack, audit_auditday, audit_auditseal",
    "packs links itself": "INSERT INTO audit_auditpack SELECT * FROM audit_auditpack",
    "replaces what packs links": (
        "CREATE OR REPLACE FUNCTION public.pack_audit_links(chain uuid, first_position bigint, last_position bigint)"
        " RETURNS boolean LANGUAGE sql AS 'SELECT true'"
    ),
    "empties the heads": "TRUNCATE audit_audithead",
    "changes a table": "ALTER TABLE halls_hall ADD COLUMN odd int",
    "changes a hall's table": "ALTER TABLE template_village.portal_article ADD COLUMN odd int",
    "drops a schema": "DROP SCHEMA template_village CASCADE",
    "makes a table": "CREATE TABLE public.odd (a int)",
    "makes a schema": "CREATE SCHEMA odd",
    "makes a database": "CREATE DATABASE odd",
    "makes a role": "CREATE ROLE odd",
    "becomes the owner": f"SET ROLE {OWNER}",
    "becomes the superuser": "SET SESSION AUTHORIZATION postgres",
    "gives itself more": f"GRANT TRUNCATE ON audit_auditentry TO {ROLE}; TRUNCATE audit_auditentry",
    "writes what the owner runs for new halls": "UPDATE provisioning_halltemplate SET script = script",
    "adds what the owner runs for new halls": "DELETE FROM provisioning_halltemplate",
    "writes what the owner runs for an upgrade": "UPDATE provisioning_upgradescript SET sql = sql",
    "says which migrations were done": "DELETE FROM django_migrations",
}


@pytest.fixture
def attacker(machine: Machine) -> Iterator[Any]:
    """All that a stolen DATABASE_URL gives."""
    connection = machine.database()
    yield connection
    connection.close()


class TestApplicationsRole:
    @pytest.mark.parametrize("deed", REFUSED)
    def test_is_refused_who(self, attacker: Any, deed: str) -> None:
        attacker.autocommit = "DATABASE" in REFUSED[deed]
        with attacker.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(REFUSED[deed])
        attacker.rollback()

    def test_belongs_to_no_role_that_may_more(self, attacker: Any) -> None:
        with attacker.cursor() as cursor:
            cursor.execute(
                "SELECT rolname FROM pg_roles"
                " WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER')"
            )
            assert cursor.fetchall() == []
            cursor.execute(
                "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
                " FROM pg_roles WHERE rolname = current_user"
            )
            assert cursor.fetchone() == (False,)
            cursor.execute("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
            assert cursor.fetchall() == []


def _sign_in(machine: Machine, *, role: str = ROLE, database: str = "yizhan") -> None:
    """With the application's password."""
    psycopg2.connect(
        host="127.0.0.1",
        port=machine.port("POSTGRES"),
        user=role,
        password=machine.secrets.database_password,
        dbname=database,
    )


class TestApplicationsPassword:
    @pytest.mark.parametrize("role", ["postgres", OWNER])
    def test_opens_no_other_role(self, machine: Machine, role: str) -> None:
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            _sign_in(machine, role=role)

    @pytest.mark.parametrize("program", ["web", "worker", "beat", "relay"])
    def test_is_all_that_a_program_of_ours_is_handed(self, machine: Machine, program: str) -> None:
        process = machine.process(program)
        said = {
            name: text for one in (process, *process.children(recursive=True)) for name, text in one.environ().items()
        }
        assert "YIZHAN_AS_OWNER" not in said
        assert "DATABASE_OWNER_URL" not in said
        keeper = (machine.var / "keeper.json").read_text()
        assert [name for name, text in said.items() if len(text) > 8 and text in keeper] == []

    @pytest.mark.parametrize("database", ["postgres", "template1"])
    def test_opens_no_other_database(self, machine: Machine, database: str) -> None:
        """What is left in the second stands in every database that is made later."""
        with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
            _sign_in(machine, database=database)


# no other test here has anything of this province
DIVISIONS = """\
430000000000,湖南省
430300000000,湘潭市
430381000000,湘乡市
430381101000,棋梓镇
430381101200,红联村
"""
# what a page's operation does: it starts the work, and somebody else makes the tables
START = """
import django; django.setup()
from province.rights.queries import system_actor
from provisioning.create import start_rollout
start_rollout(by=system_actor("页面"), under="43")
"""


class TestProductsOwnWork:
    def test_goes_on(self, machine: Machine, tmp_path: Path) -> None:
        """Halls are made and upgraded, pages are read, rows are written."""
        codes = tmp_path / "43.csv"
        codes.write_text(DIVISIONS, encoding="utf-8")
        machine.yizhan("divisions", "load", str(codes))
        machine.yizhan("halls", "provision", "--under", "430381101")
        subprocess.run(
            [sys.executable, "-c", START],
            check=True,
            cwd=ROOT,
            env=machine.environment | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
        )

        with machine.database() as connection, connection.cursor() as cursor:

            def halls() -> int:
                cursor.execute("SELECT count(*) FROM halls_hall WHERE '43' = ANY (prefixes)")
                count: int = cursor.fetchone()[0]
                return count

            wait_until(lambda: halls() == 4, what="the halls that the builder makes", seconds=120)
        assert "等待升级" not in machine.yizhan("halls", "verify")
        machine.yizhan("halls", "upgrade")
        shown = json.loads(machine.yizhan("halls", "show", "430381101200", "--json"))
        page = httpx.get(f"http://127.0.0.1:{machine.port('WEB')}/", headers={"Host": shown["domains"][0]}, timeout=30)
        assert (page.status_code, "红联村" in page.text) == (200, True)
        # an operation that writes rows, and leaves an entry that the relay links
        machine.yizhan("clients", "add", "人事系统", "https://hr.example.cn/callback")
        assert machine.doctor()["application_bounded"]["state"] == "ok"
        assert json.loads(machine.yizhan("audit", "verify", "--json"))["faults"] == []


class TestApplicationsKeyOfTheStore:
    def test_works_in_the_provinces_folders_and_nowhere_else(self, machine: Machine) -> None:
        store = store_of(machine)
        store.put_object("yizhan", "desks/own", BytesIO(b"x"), 1)
        assert store.get_object("yizhan", "desks/own").data == b"x"
        for act in (
            lambda: store.make_bucket("another"),
            lambda: store.remove_bucket("yizhan"),
            lambda: store.put_object("another", "x", BytesIO(b"x"), 1),
            lambda: store.put_object("yizhan", "halls/0197/x", BytesIO(b"x"), 1),
            lambda: store.get_object("yizhan", "halls/0197/x"),
            lambda: list(store.list_objects("yizhan", prefix="halls/")),
        ):
            with pytest.raises(S3Error, match="AccessDenied"):
                act()
