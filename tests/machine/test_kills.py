"""kill -9 on any embedded part at any moment: it comes back, and nothing that was acknowledged is lost."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis
from celery import Celery

from tests.machine.conftest import Machine
from tests.machine.tasks import QUEUE
from tests.machine.writers import Writer, content_of, store_of, writes_objects, writes_rows
from tests.servers import ROOT, wait_until
from tests.soak import SOAK

# an import that is to be forgotten, and that there never was
EVENT = """
    WITH emitted AS (
        INSERT INTO events_event (kind, subject_id, payload)
        VALUES ('catalogue.import_forgotten', uuidv7(), jsonb_build_object('number', %s::int)) RETURNING id)
    INSERT INTO events_eventdelivery (event_id, subscriber, state, attempts, last_error)
    SELECT id, 'catalogue.forget_import', 'waiting', 0, '' FROM emitted
"""
STORES = ("postgres", "valkey", "s3-volume", "s3-filer", "s3")
# those that are forked, and what they are forked from
PROGRAMS = ("web", "worker", "builder", "beat", "relay", "programs", "proxy")
# seconds, on a machine that is busy with other tests
_PATIENCE = 180


class TestKilledPart:
    def test_comes_back_with_all_that_was_acknowledged(self, machine: Machine) -> None:
        _kill_and_count(machine, rounds=1)

    @pytest.mark.soak
    @pytest.mark.skipif(not SOAK, reason="long: YIZHAN_SOAK=1")
    def test_comes_back_however_often(self, machine: Machine) -> None:
        _kill_and_count(machine, rounds=20)

    def test_comes_back_when_all_are_killed_at_once(self, machine: Machine) -> None:
        for name in (*STORES, *PROGRAMS):
            machine.process(name).kill()
        machine.await_running(*STORES, *PROGRAMS)
        machine.yizhan("up", "--no-demo")


class TestWorkerKilledWhereItLooksForLostTasks:
    def test_keeps_others_from_looking_for_seconds_only(self, machine: Machine) -> None:
        with redis.Redis.from_url(machine.broker_url) as client, client.monitor() as monitor, _worker(machine):
            taken = next(said for one in monitor.listen() if "SET unacked_mutex " in (said := str(one["command"])))
        milliseconds = int(taken.split(" PX ")[1].split()[0])
        assert milliseconds <= 10_000


class TestKilledSupervisor:
    def test_takes_its_programs_along(self, machine: Machine) -> None:
        pids = [one.pid for one in machine.supervisor.states()]
        machine.supervisor_process().kill()
        wait_until(lambda: not machine.supervisor.orphans(), what="the end of the orphans")
        assert len(pids) == len(STORES) + len(PROGRAMS)


class TestKilledUp:
    def test_is_carried_on_by_the_next(self, stopped_machine: Machine) -> None:
        machine = stopped_machine
        for _ in range(3):
            up = machine.popen("up", "--no-demo")
            time.sleep(0.3 + secrets.randbelow(2500) / 1000)
            up.kill()
            up.wait()
        machine.yizhan("up", "--no-demo")
        assert {one.state for one in machine.supervisor.states()} == {"RUNNING"}


def _kill_and_count(machine: Machine, *, rounds: int) -> None:
    with machine.database(as_owner=True) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS kills; CREATE TABLE kills (number int)")
        cursor.execute("DROP TABLE IF EXISTS kills_done; CREATE TABLE kills_done (number int)")
        cursor.execute("DELETE FROM events_eventdelivery")
        cursor.execute("DELETE FROM events_event")
    app = Celery(broker=machine.broker_url)
    app.conf.update(task_publish_retry=False, broker_transport_options={"socket_timeout": 2})
    rows = Writer(writes_rows(machine, "INSERT INTO kills VALUES (%s)"))
    events = Writer(writes_rows(machine, EVENT), pause=0.1)
    objects = Writer(writes_objects(machine))
    tasks = Writer(lambda number: app.send_task("tests.leave_row", [number], queue=QUEUE), pause=0.1)
    writers = (rows, events, objects, tasks)
    with _worker(machine) as worker:
        for writer in writers:
            writer.start()
        try:
            for _ in range(rounds):
                _kill_each(machine, worker)
        finally:
            for writer in writers:
                writer.end()
        assert min(len(writer.acknowledged) for writer in writers) > 10
        assert rows.failures
        assert objects.failures
        _find_rows(machine, rows, events)
        _find_objects(machine, objects)
        machine.await_rows(
            "SELECT number FROM kills_done",
            lambda found: set(tasks.acknowledged) <= {number for (number,) in found},
            what="the tasks",
            seconds=_PATIENCE,
        )


def _kill_each(machine: Machine, worker: list[subprocess.Popen[bytes]]) -> None:
    for name in (*STORES, *PROGRAMS):
        time.sleep(secrets.randbelow(800) / 1000)
        machine.process(name).kill()
        if name in STORES:
            machine.await_running(name)
    time.sleep(secrets.randbelow(800) / 1000)
    worker[0].kill()
    worker[0].wait()
    worker[0] = _start_worker(machine)
    machine.supervisor_process().kill()
    machine.yizhan("up", "--no-demo")
    time.sleep(0.5)


def _find_rows(machine: Machine, rows: Writer, events: Writer) -> None:
    with machine.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT number FROM kills")
        assert set(rows.acknowledged) <= {number for (number,) in cursor.fetchall()}

    machine.await_rows(
        "SELECT payload->>'number' FROM events_event AS event"
        " JOIN events_eventdelivery AS delivery ON delivery.event_id = event.id"
        " WHERE kind = 'catalogue.import_forgotten' AND state = 'done'",
        lambda found: set(events.acknowledged) <= {int(number) for (number,) in found},
        what="the relay's work",
        seconds=_PATIENCE,
    )


def _find_objects(machine: Machine, objects: Writer) -> None:
    store = store_of(machine)
    lost = []
    for number in objects.acknowledged:
        answer = store.get_object("yizhan", f"desks/kills/{number}")
        if answer.data != content_of(number):
            lost.append(number)
        answer.close()
        answer.release_conn()
    assert lost == []


@contextmanager
def _worker(machine: Machine) -> Iterator[list[subprocess.Popen[bytes]]]:
    running = [_start_worker(machine)]
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running[0].pid, signal.SIGKILL)
        running[0].wait()


def _start_worker(machine: Machine) -> subprocess.Popen[bytes]:
    kept = machine.secrets
    database = f"postgresql://yizhan:{kept.database_password}@127.0.0.1:{machine.port('POSTGRES')}/yizhan"
    command = [str(Path(sys.executable).parent / "celery"), "-A", "tests.machine.tasks", "worker", "-Q", QUEUE]
    # threads, as ours has: a child that outlives a killed worker keeps its socket open, and swallows a task there
    options = [
        "--pool",
        "threads",
        "--concurrency",
        "2",
        "--without-gossip",
        "--without-mingle",
        "--loglevel",
        "ERROR",
        "-n",
        "kills@%h",
    ]
    with (machine.var / "log" / "kills.log").open("ab") as log:
        return subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env=machine.environment | {"KILLS_DATABASE": database},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
