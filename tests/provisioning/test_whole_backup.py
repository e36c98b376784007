"""Everything backed up continuously, the database killed, and all of it brought back on another machine as it stood at
a moment between: equal checksums of all tables and files, and nothing of what came after."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from config.doctor.backups import files_there
from config.doctor.findings import DoctorFault, DoctorNote
from config.machine.sealed import KEYS, RESTORED
from foundation import schemas
from foundation.backups.sealing import draw_recipient
from foundation.embedded_services import postgres
from foundation.files.clients import client_of_store
from foundation.files.store import FileInStore, make_bucket, put_as_owner, put_back
from foundation.files.told import PUT
from province.audit.operations import link_entries, record_act
from province.halls.models import Hall
from province.people.models import Account
from province.rights.queries import system_actor
from provisioning.backup_lights import backup_state, drill_state, files_state
from provisioning.models import BackupState
from provisioning.queries import backups_waiting
from tenants.portal.models import HallAsset
from tests.conftest import person
from tests.servers import PASSWORD, ROOT, free_port, scratch, wait_until
from tests.soak import SOAK

# told by the backup itself, while it works
_ITS_OWN = {"public.provisioning_backupstate"}


@dataclass
class Computer:
    """A machine of the test's own: a folder, a port for its database, a bucket. ``lacks``: variables of
    these tests that nobody has told it."""

    var: Path
    port: int
    bucket: str
    variables: dict[str, str]
    lacks: frozenset[str] = frozenset()

    @property
    def environment(self) -> dict[str, str]:
        def url(role: str) -> str:
            return f"postgresql://{role}:{PASSWORD}@127.0.0.1:{self.port}/{settings.DATABASES['default']['NAME']}"

        told = {name: value for name, value in os.environ.items() if name not in self.lacks}
        return told | {
            "DATABASE_URL": url(postgres.ROLE),
            "DATABASE_OWNER_URL": url(postgres.OWNER),
            "DATABASE_BACKUP_URL": url(postgres.BACKUP),
            "S3_BUCKET": self.bucket,
            "YIZHAN_VAR": str(self.var),
            "AUDIT_WITNESS": str(self.var / "witness.jsonl"),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "BACKUP_PASSPHRASE": "correct-horse-42",
            **self.variables,
        }

    def popen(self, *words: str) -> subprocess.Popen[str]:
        command = [str(Path(sys.executable).parent / "yizhan"), *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, text=True, stdout=pipe, stderr=pipe)

    def yizhan(self, *words: str, code: int = 0) -> Any:
        out, err = (process := self.popen(*words, "--json")).communicate()
        assert process.returncode == code, f"{out}{err}"
        return json.loads(out) if out else err

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        session = psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=PASSWORD,
            dbname=settings.DATABASES["default"]["NAME"],
        )
        session.autocommit = True
        try:
            with session.cursor() as cursor:
                cursor.execute(question, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            session.close()

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """Its database server runs inside."""
        data = postgres.data_folder(self.var)
        postgres.prepare(data, port=self.port, password=PASSWORD)
        server = subprocess.Popen(
            postgres.command(data), stderr=subprocess.DEVNULL, user=postgres.ensure_os_user(), cwd="/"
        )
        try:
            wait_until(lambda: postgres.is_answering(port=self.port), what="PostgreSQL's start")
            yield server
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()

    def tables(self) -> dict[str, str]:
        """Of every table the digest of all its rows."""
        names = self.ask(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'"
        )
        parts = " UNION ALL ".join(
            f"SELECT '{name}', md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {name} AS t"  # noqa: S608
            for (name,) in names
            if name not in _ITS_OWN
        )
        return dict(self.ask(parts))

    def put(self, key: str, content: str) -> None:
        with override_settings(S3_BUCKET=self.bucket):
            make_bucket()
            put_as_owner(FileInStore(key, "text/plain", content.encode()))
        if postgres.is_answering(port=self.port):
            # as whoever puts a file does, in the database of its own machine
            self.ask("SELECT pg_logical_emit_message(false, %s, %s)", PUT, key)

    def files(self) -> dict[str, str]:
        client = client_of_store()
        found = {}
        for one in client.list_objects(self.bucket, recursive=True):
            with client.get_object(self.bucket, str(one.object_name)) as answer:
                found[str(one.object_name)] = hashlib.sha256(answer.data).hexdigest()
        return found


@pytest.fixture
def place() -> Iterator[Path]:
    """Where PostgreSQL's own user finds its way."""
    folder = scratch() / "whole-backup"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def source(place: Path, north: Hall) -> Computer:
    """A machine with the two halls, a file that a row of the north names, and a linked audit."""
    with schemas.enter(north.schema_name):
        HallAsset.objects.create(
            key=f"{north.folder}/aa/first.txt", name="first.txt", media_type="text/plain", size=5, sha256="0" * 64
        )
    record_act(by=system_actor("备份"), act="backups.take", object_type="backup", object_id=north.pk)
    assert link_entries() > 0
    computer = Computer(
        place / "source",
        free_port(),
        "whole-source",
        {"BACKUP_FOLDER": str(place / "backup"), "BACKUP_RECIPIENT": str(place / "private.crt")},
    )
    computer.var.mkdir()
    data = postgres.data_folder(computer.var)
    shared = urlsplit(os.environ["DATABASE_URL"]).port
    subprocess.run(
        [
            *(postgres.binaries() / "pg_basebackup", "-h", "127.0.0.1", "-p", str(shared), "-U", "postgres"),
            *("-D", data, "-c", "fast"),
        ],
        check=True,
        env=os.environ | {"PGPASSWORD": PASSWORD},
    )
    if user := postgres.ensure_os_user():
        subprocess.run(["chown", "-R", user, data], check=True)
    computer.put(f"{north.folder}/aa/first.txt", "first")
    return computer


@pytest.fixture
def target(place: Path) -> Computer:
    """One that knows no key of the source."""
    return Computer(place / "target", free_port(), "whole-target", {}, lacks=frozenset(KEYS))


def moments(place: Path) -> list[datetime]:
    files = sorted((place / "backup" / "moments").glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return [datetime.fromisoformat(json.loads(line.partition(" ")[2])["at"]) for line in lines]


def await_moment(place: Path, source: Computer) -> datetime:
    """The first moment that is later than all that was written by now."""
    [(now,)] = source.ask("SELECT clock_timestamp()")
    wait_until(lambda: bool(moments(place)) and moments(place)[-1] > now, what="a further moment", seconds=120)
    return next(one for one in moments(place) if one > now)


def write(computer: Computer, north: Hall, word: str) -> None:
    """A row of the hall's, and a file."""
    computer.ask(
        f"UPDATE {north.schema_name}.portal_hallasset SET alt = %s",  # noqa: S608
        word,
    )
    computer.put(f"{north.folder}/bb/{word}.txt", word)


@contextmanager
def following(computer: Computer) -> Iterator[subprocess.Popen[str]]:
    process = computer.popen("backup", "follow", "--every", "0.3")
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.usefixtures("fresh_database", "object_store")
@pytest.mark.soak
class TestRestore:
    def test_brings_everything_back_as_it_stood_at_a_moment(
        self, place: Path, source: Computer, target: Computer, north: Hall
    ) -> None:
        private, certificate = draw_recipient("correct-horse-42")
        (place / "private.pem").write_bytes(private)
        (place / "private.crt").write_bytes(certificate)
        with ExitStack() as stack:
            server = stack.enter_context(source.serving())
            stack.enter_context(following(source))
            await_moment(place, source)
            if SOAK:
                # what changes from now on lies in a backup of its own
                assert source.yizhan("backup", "now")["is_whole"] is False
                drill_here(place, source, north)
            write(source, north, "between")
            tables, files = source.tables(), source.files()
            between = await_moment(place, source)
            write(source, north, "after")
            await_moment(place, source)
            server.kill()
        # the data is of no use to who has no private key
        kept = b"".join(one.read_bytes() for one in (place / "backup").rglob("*.*") if "base/" not in str(one))
        assert settings.SECRET_KEY.encode() not in kept

        words = ["restore", str(place / "backup"), "--identity", str(place / "private.pem")]
        done = target.yizhan(*words, "--at", between.isoformat())
        assert datetime.fromisoformat(done["moment"]) == between
        brought = dict(line.split("=", 1) for line in (target.var / RESTORED).read_text().splitlines())
        assert brought == {name: os.environ[name] for name in done["variables"]}
        assert {"SECRET_KEY", "PERSONAL_KEYS", "PERSONAL_INDEX_KEY"} <= brought.keys()
        # as whoever keeps the machine is told to
        target.variables |= brought
        # what is there is never written over
        if SOAK:
            assert "不会覆盖" in target.yizhan(*words, code=1)
        with target.serving():
            found = target.tables()
            for name in ("public.audit_auditentry", "public.audit_auditpending"):
                # the restore itself is an act
                assert found.pop(name) != tables.pop(name)
            assert found == tables
            assert target.files().items() >= files.items()
            assert target.yizhan("audit", "verify")
            if SOAK:
                look_with_doctor(target, north)


def drill_here(place: Path, source: Computer, north: Hall) -> None:
    """The drill says that all is well, and what was damaged."""
    assert source.yizhan("backup", "drill")["chains"] > 0
    assert source.ask("SELECT fault FROM provisioning_backupstate WHERE kind = 'drill'") == [("",)]
    digest = hashlib.sha256(b"first").hexdigest()
    blob = place / "backup" / "files" / "objects" / digest[:2] / digest
    content = blob.read_bytes()
    blob.write_bytes(b"other")
    assert "first.txt" in source.yizhan("backup", "drill", code=1)
    [(fault,)] = source.ask("SELECT fault FROM provisioning_backupstate WHERE kind = 'drill'")
    assert f"{north.folder}/aa/first.txt" in fault
    blob.write_bytes(content)


def look_with_doctor(target: Computer, north: Hall) -> None:
    """A file that a row names is missing: red."""
    for state in ("ok", "fault"):
        findings = {one["check"]: one for one in target.yizhan("doctor", code=1)}
        assert findings["files_there"]["state"] == state
        client_of_store().remove_object(target.bucket, f"{north.folder}/aa/first.txt")


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestFilesThere:
    def test_names_a_file_that_a_row_names_and_the_store_lacks(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            key = f"{north.folder}/aa/lacks.txt"
            HallAsset.objects.create(key=key, name="a.txt", media_type="text/plain", size=5, sha256="0" * 64)
        fault = files_there()
        assert isinstance(fault, DoctorFault)
        assert key in fault.fault
        put_back(FileInStore(key, "text/plain", b"there"))
        assert isinstance(files_there(), DoctorNote)


@pytest.mark.django_db
class TestLights:
    """On the operator's page of services outside, and red ones on the overview."""

    @pytest.mark.parametrize(
        ("kind", "facts", "light", "words"),
        [
            ("moment", None, "yellow", "没有备份"),
            ("moment", {"moment": 4}, "green", "正常"),
            ("moment", {"moment": 6}, "red", "落后 6 分钟"),
            ("moment", {"moment": 6, "fault": "磁盘已满"}, "red", "磁盘已满"),
            ("drill", None, "yellow", "从未演练"),
            ("drill", {"done_at": 7 * 1440}, "green", "恢复成功"),
            ("drill", {"done_at": 9 * 1440}, "yellow", "9 天前"),
            ("drill", {"done_at": 16 * 1440}, "red", "16 天前"),
            ("drill", {"done_at": 5, "fault": "缺少文件"}, "red", "没有成功"),
            ("files", None, "yellow", "还没有核对"),
            ("files", {"done_at": 61}, "green", "61 分钟前核对"),
            ("files", {"done_at": 5, "fault": "有 3 个文件"}, "red", "没有及时备份"),
            ("files", {"done_at": 7 * 60}, "red", "7 小时前"),
        ],
    )
    def test_turn_by_age_and_fault(
        self, client: Client, kind: str, facts: dict[str, Any] | None, light: str, words: str
    ) -> None:
        now = timezone.now()
        if facts is not None:
            times = {name: now - timedelta(minutes=value) for name, value in facts.items() if isinstance(value, int)}
            BackupState.objects.create(kind=kind, begun_at=now, **(facts | times))
        state = {"moment": backup_state, "drill": drill_state, "files": files_state}[kind]()
        assert {True: "green", None: "yellow", False: "red"}[state.is_reachable] == light
        assert words in f"{state.words}{state.failure}"
        waiting = [one.label for one in backups_waiting(person("zhao"))]
        assert bool(waiting) == (light == "red")
        client.force_login(Account.objects.get(username="zhao"))
        if light == "red":
            page = client.get("/console/services/", headers={"host": settings.BASE_DOMAIN}).content.decode()
            assert words in page
