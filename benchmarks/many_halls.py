"""Ten thousand halls on one machine, once: what making, upgrading, backing up and bringing back comes to, what stays in
memory for each connection, what autovacuum does, and how long PostgreSQL takes after kill -9.

It prints each figure with the load beside it, for hours of others' work change seconds, and not rows, bytes or
statements.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from benchmarks.measuring import line, say, timed
from benchmarks.world import Profile, build
from foundation.backups import database
from foundation.backups.sealing import draw_recipient
from foundation.embedded_services import postgres
from province.halls.models import Division, DivisionCode, Hall, HallKind
from province.rights.queries import system_actor
from provisioning.backup import backup_hall
from provisioning.create import provision_halls
from provisioning.queries import rollout_progress
from provisioning.upgrade import schemas_behind, upgrade_halls
from provisioning.whole import folder_at, put_database, put_wal, take_backup
from standards.numbers.divisions import DivisionLevel
from tests.servers import PASSWORD, ROOT, free_port, wait_until

_HALLS = 10_000
# villages below one made-up township
_TOWNSHIP = 972
_AHEAD = {"portal": "benchmarks.next_release.migrations"}
_VALID_FROM = date(2023, 6, 30)
_WATCHED_SECONDS = 180


def run(profile: Profile) -> list[dict[str, Any]]:
    if not profile.is_full:
        message = "many_halls has no small profile"
        raise ValueError(message)
    build(profile)
    found = [_restored()]
    found += [_provisioned(), _sizes(), _nothing_to_do(), _one_column(), _one_hall_backed_up()]
    found += [_connection(halls) for halls in (0, 1, 100)]
    found += [_autovacuum(), _doctor(), _restored()]
    return found + _after_kills()


def _told(what: str, measured: object, **facts: Any) -> dict[str, Any]:
    told = line(what, measured=measured, bound="none", holds=None, load=round(os.getloadavg()[0], 1), **facts)
    say(f"  {told}")
    return told


def _provisioned() -> dict[str, Any]:
    """As many made-up villages as are wanting, with their townships."""
    wanting = _HALLS - Hall.objects.count()
    with timed() as taken:
        for number in range(-(-wanting // _TOWNSHIP)):
            _make_township(number, min(_TOWNSHIP, wanting - number * _TOWNSHIP))
    return _told(
        "provisioning with 2 workers beside 3,198 halls, halls a second",
        round(wanting / taken.seconds, 1),
        halls=wanting,
        seconds=round(taken.seconds, 1),
        halls_present=Hall.objects.count(),
    )


def _make_township(number: int, villages: int) -> None:
    prefix = f"6498{number:02}001"
    places = [(f"{prefix}000", f"第{number}乡", DivisionLevel.TOWNSHIP)]
    places += [
        (f"{prefix}{place:03}", f"{number}乡{place}村", DivisionLevel.VILLAGE) for place in range(1, villages + 1)
    ]
    made = Division.objects.bulk_create(
        Division(code=code, name=name, level=level, valid_from=_VALID_FROM) for code, name, level in places
    )
    DivisionCode.objects.bulk_create(
        DivisionCode(division=one, code=one.code, name=one.name, valid_from=_VALID_FROM) for one in made
    )
    provision_halls(by=system_actor(), under=f"{prefix}000", kinds={HallKind.VILLAGE}, workers=2)


def _sizes() -> dict[str, Any]:
    [(relations, catalogue, whole)] = _ask(
        "SELECT (SELECT count(*) FROM pg_class),"
        " (SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace),"
        " pg_database_size(current_database())"
    )
    files = sum(len(names) for _, _, names in os.walk(_data() / "base"))
    return _told(
        "relations of the database",
        relations,
        catalogue_mb=_mb(catalogue),
        database_mb=_mb(whole),
        files=files,
        buffers_mb=postgres.buffers_mb(_data()),
    )


def _nothing_to_do() -> dict[str, Any]:
    with CaptureQueriesContext(connection) as queries, timed() as taken:
        upgrade_halls(by=system_actor())
    return _told("upgrade with nothing to do, statements", len(queries), milliseconds=round(taken.seconds * 1000))


def _one_column() -> dict[str, Any]:
    with override_settings(MIGRATION_MODULES=_AHEAD):
        wanting = sum(one.schemas for one in schemas_behind())
        with timed() as taken:
            rollout = upgrade_halls(by=system_actor(), workers=2)
    failed = rollout_progress(rollout.id).failed if rollout else wanting
    return _told("upgrade of one column, seconds", round(taken.seconds, 1), schemas=wanting, failed=failed)


def _one_hall_backed_up() -> dict[str, Any]:
    hall = Hall.objects.filter(kind=HallKind.VILLAGE).order_by("-number")[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.zip"
        with CaptureQueriesContext(connection) as queries, timed() as taken:
            backup_hall(by=system_actor(), hall=hall, path=path)
        size = path.stat().st_size
    return _told("backup of one village, seconds", round(taken.seconds, 2), statements=len(queries), archive_bytes=size)


def _connection(halls: int) -> dict[str, Any]:
    """What a server process keeps of its own after every table of so many halls was read."""
    schemas_read = list(Hall.objects.order_by("-number").values_list("schema_name", flat=True)[:halls])
    with _session() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
        for schema in schemas_read:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT * FROM "{schema}"."{table}" LIMIT 1')  # noqa: S608 - names out of the catalogue
        own = psutil.Process(pid).memory_full_info().uss
    return _told(f"a connection's own memory that has read every table of {halls} halls, in MB", _mb(own))


def _autovacuum() -> dict[str, Any]:
    """What it does while nobody works. Asked from outside, for its workers live for less than a second."""
    before = _vacuums()
    seconds, seen = 0.0, 0
    last: dict[int, float] = {}
    end = time.monotonic() + _WATCHED_SECONDS
    while time.monotonic() < end:
        now = dict(_vacuum_workers())
        seen += len(now.keys() - last.keys())
        # what a worker had used when it was seen last
        seconds += sum(used for pid, used in last.items() if pid not in now)
        last = now
        time.sleep(0.05)
    after = _vacuums()
    return _told(
        "autovacuum while nobody works: seconds of a processor in 100",
        round((seconds + sum(last.values())) / _WATCHED_SECONDS * 100, 1),
        workers_seen=seen,
        vacuums=after[0] - before[0],
        analyzes=after[1] - before[1],
        vacuums_since_the_start=after[0],
        analyzes_since_the_start=after[1],
    )


def _vacuum_workers() -> Iterator[tuple[int, float]]:
    for one in psutil.process_iter(["cmdline"]):
        if any("autovacuum worker" in word for word in one.info["cmdline"] or ()) and one.pid:
            try:
                used = one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            yield one.pid, used.user + used.system


def _vacuums() -> tuple[int, int]:
    [(vacuums, analyzes)] = _ask("SELECT sum(autovacuum_count), sum(autoanalyze_count) FROM pg_stat_all_tables")
    return int(vacuums), int(analyzes)


def _doctor() -> dict[str, Any]:
    with timed() as taken:
        done = subprocess.run(
            [str(Path(sys.executable).parent / "yizhan"), "doctor", "--json"],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
    findings = {one["check"]: one["state"] for one in json.loads(done.stdout)}
    return _told("yizhan doctor, seconds", round(taken.seconds, 1), checks=len(findings))


def _restored() -> dict[str, Any]:
    """Everything backed up as ``yizhan backup now`` does, and brought back beside, as ``yizhan restore`` does."""
    folder = Path(tempfile.mkdtemp(prefix="yizhan-all-"))
    folder.chmod(0o755)
    facts = settings.DATABASES["default"]
    _, certificate = draw_recipient("benchmark")
    (folder / "certificate.pem").write_bytes(certificate)
    try:
        with override_settings(
            BACKUP_FOLDER=folder / "backup",
            BACKUP_RECIPIENT=str(folder / "certificate.pem"),
            BACKUP_DATABASE={
                "HOST": facts["HOST"],
                "PORT": facts["PORT"],
                "USER": postgres.BACKUP,
                "PASSWORD": PASSWORD,
            },
        ):
            with timed() as backing:
                report = take_backup(by=system_actor(), keys=b"keys")
            with _session(user="postgres") as cursor:
                cursor.execute("SELECT pg_drop_replication_slot(%s)", [database.SLOT])
            stored = folder_at(folder / "backup")
            size = sum(one.stat().st_size for one in (folder / "backup").rglob("*") if one.is_file())
            data = folder / "postgres"
            port = free_port()
            began = time.perf_counter()
            put_database(stored, report.moment, data)
            copied = time.perf_counter()
            with database.recovered(data, put_wal=partial(put_wal, stored, report.moment), at=report.moment, port=port):
                answered = time.perf_counter()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _told(
        f"everything back as of a moment at {Hall.objects.count():,} halls, seconds until the database had answered",
        round(answered - began, 1),
        recovery_seconds=round(answered - copied, 1),
        backup_seconds=round(backing.seconds, 1),
        backup_mb=_mb(size),
    )


def _after_kills() -> list[dict[str, Any]]:
    """The server and all of its processes killed at once, as it stands after so many halls were made, and at rest: with
    nothing since the last checkpoint but a table of each of 100 halls just written."""
    found = [_after_a_kill("as it stands")]
    with _session(user="postgres") as cursor:
        cursor.execute("CHECKPOINT")
    found.append(_after_a_kill("at rest"))
    if server := postgres.running_server(_data()):
        server.send_signal(signal.SIGINT)
    return found


def _after_a_kill(state: str) -> dict[str, Any]:
    with _session() as cursor:
        for schema in Hall.objects.order_by("number").values_list("schema_name", flat=True)[:100]:
            cursor.execute(f'UPDATE "{schema}".portal_column SET code = code')  # noqa: S608 - a name of ours
    [(to_replay,)] = _ask("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) FROM pg_control_checkpoint()")
    connection.close()
    server = postgres.running_server(_data())
    if server is None:
        message = "the server does not run"
        raise RuntimeError(message)
    for one in (server, *server.children()):
        one.kill()
    server.wait(timeout=60)
    port = int(settings.DATABASES["default"]["PORT"])
    with timed() as taken, tempfile.TemporaryFile("w+") as log:
        subprocess.Popen(postgres.command(_data()), user=postgres.ensure_os_user(), cwd="/", stderr=log)
        wait_until(lambda: postgres.is_answering(port=port), what="PostgreSQL's return", seconds=1800)
        log.seek(0)
        replay = re.search(r"redo done .* elapsed: ([\d.]+) s", log.read())
    return _told(
        f"PostgreSQL after kill -9 {state}, seconds until it answers",
        round(taken.seconds, 1),
        wal_mb=_mb(int(to_replay)),
        replay_seconds=float(replay[1]) if replay else 0.0,
    )


@contextmanager
def _session(*, user: str = "") -> Iterator[Any]:
    facts = settings.DATABASES["default"]
    session = psycopg2.connect(
        host=facts["HOST"],
        port=facts["PORT"],
        user=user or facts["USER"],
        password=facts["PASSWORD"],
        dbname=facts["NAME"],
    )
    session.autocommit = True
    try:
        with session.cursor() as cursor:
            yield cursor
    finally:
        session.close()


def _data() -> Path:
    return Path(os.environ["YIZHAN_TEST_VAR"]) / "postgres"


def _ask(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _mb(size: Any) -> float:
    return round(float(size) / 1e6, 1)
