"""What an audit entry costs the one who acts, whether halls wait for each other, and whether their chains keep up.

The audit knows a hall by its id alone, so that no halls are made. Writers, PostgreSQL and the relay (``yizhan relay``,
as it always runs, with its events) share one machine: writers that write as fast as they can take all of it, and the
relay has what the system's scheduler leaves it. ``cpu_percent`` says who had how much, of 100 for each core.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from django.db import connection, transaction

from benchmarks.measuring import line, milliseconds, timed
from benchmarks.world import Profile
from foundation.events.models import Event
from foundation.rows import draw_id
from province.audit.operations import link_entries, pack_links, record_act, seal_chains
from province.audit.operations.packs import LINKS_A_PACK
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import one_moment, records
from province.audit.queries.verification import AuditReport, verify
from province.catalogue.events import VERSION_SUBMITTED
from province.rights.queries import system_actor
from tests.servers import ROOT, wait_until

# as many as 宁夏 has halls, and one of the province
_CHAINS = 3_199
_WRITERS = 16
_PROCESSES = 4
# acts a second and writer, half of them audited: 80 a second in one hall
_RATE = 5.0
_BEGIN_SECONDS = 0.3
_LOOK_SECONDS = 0.1


class Writers:
    """Sixteen writers in four processes that stand ready."""

    def __init__(self) -> None:
        self.running = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks._audit_writers"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(_PROCESSES)
        ]
        for process in self.running:
            process.stdout.readline()  # type: ignore[union-attr] - it is a pipe

    def write(self, halls: list[str], *, seconds: float, every: float) -> dict[str, list[float]]:
        """``halls``: one a writer. All seconds of all writers."""
        begins_at = time.time() + _BEGIN_SECONDS
        for number, process in enumerate(self.running):
            mine = halls[number::_PROCESSES]
            order = {"hall_ids": mine, "seconds": seconds, "every": every, "begins_at": begins_at}
            print(json.dumps(order), file=process.stdin, flush=True)
        answers = [json.loads(process.stdout.readline()) for process in self.running]  # type: ignore[union-attr]
        return {name: [one for answer in answers for one in answer[name]] for name in answers[0]}

    def per_second(self, halls: list[str], seconds: float) -> float:
        """Acts as fast as they can."""
        return len(self.write(halls, seconds=seconds, every=0)["audited"]) / seconds

    def end(self) -> None:
        for process in self.running:
            process.stdin.close()  # type: ignore[union-attr] - it is a pipe
            process.wait()


@dataclass(slots=True)
class Waits:
    """How old the oldest entry without a link was, each time somebody looked (seconds)."""

    seen: list[float] = field(default_factory=list)

    @property
    def longest(self) -> float:
        return max(self.seen)

    @property
    def halves(self) -> list[float]:
        """The longest of either half: equal where nothing piles up."""
        middle = len(self.seen) // 2
        return [round(max(self.seen[:middle]), 2), round(max(self.seen[middle:]), 2)]


@contextmanager
def _watched() -> Iterator[Waits]:
    waits = Waits()
    done = threading.Event()

    def look() -> None:
        while not done.wait(_LOOK_SECONDS):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT extract(epoch FROM clock_timestamp() - created_at) FROM audit_auditpending "
                    "ORDER BY id LIMIT 1"
                )
                waits.seen.append(float((cursor.fetchone() or [0])[0]))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield waits
    finally:
        done.set()
        thread.join()


@contextmanager
def _relay() -> Iterator[psutil.Process]:
    """From when it has its connection."""
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "yizhan"), "relay"],
        cwd=ROOT,
        env=os.environ | {"PGAPPNAME": "relay"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: bool(_backend_of_relay()), what="the relay's start")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _backend_of_relay() -> int:
    """The process of PostgreSQL's that serves it, or 0."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'relay'")
        return int((cursor.fetchone() or [0])[0])


class Cpu:
    """CPU time of the relay, of its database connection, of the writers, and of all other PostgreSQL processes."""

    def __init__(self, relay: psutil.Process, writers: Writers) -> None:
        self._relay = relay
        self._writers = [psutil.Process(one.pid) for one in writers.running]
        self._backend = psutil.Process(_backend_of_relay())
        self._postgres = self._backend.parent()
        self._began = self._seconds()
        self._began_at = time.monotonic()

    def percent(self) -> dict[str, int]:
        elapsed = time.monotonic() - self._began_at
        return {name: round(100 * (seconds - self._began[name]) / elapsed) for name, seconds in self._seconds().items()}

    def _seconds(self) -> dict[str, float]:
        backend = _own_seconds(self._backend)
        # what has ended counts in its parent
        ended = self._postgres.cpu_times()
        postgres = ended.children_user + ended.children_system + _own_seconds(self._postgres)
        postgres += sum(_own_seconds(one) for one in self._postgres.children())
        return {
            "relay": _own_seconds(self._relay),
            "postgres_for_the_relay": backend,
            "writers": sum(map(_own_seconds, self._writers)),
            "postgres_for_writers_and_the_rest": postgres - backend,
        }


def _own_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


@dataclass(slots=True)
class Measured:
    """What the writers did; acts are acts a second."""

    seconds: float
    unlinked: float = 0.0
    linked_per_second: float = 0.0
    paced: dict[str, list[float]] = field(default_factory=dict)
    paced_waits: Waits = field(default_factory=Waits)
    one_hall: list[float] = field(default_factory=list)
    halls_16: list[float] = field(default_factory=list)
    sustained: float = 0.0
    waits: Waits = field(default_factory=Waits)
    cpu_percent: dict[str, int] = field(default_factory=dict)


def run(profile: Profile) -> list[dict[str, Any]]:
    _begin_chains(_CHAINS if profile.is_full else 100)
    writers = Writers()
    try:
        measured = _measure(writers, seconds=8.0 if profile.is_full else 1.5)
    finally:
        writers.end()
    _link_all()
    seal_chains(every=timedelta())
    with timed() as packing:
        packs = pack_links()
    with timed() as verifying:
        report = _verified()
    # a real one belongs to no hall
    Event.objects.filter(kind=VERSION_SUBMITTED.name).exclude(hall_id=None).delete()
    return [
        _cost(measured),
        _halls_side_by_side(measured),
        _longest_wait(measured),
        line(
            "faults found in all that was written",
            measured=len(report.faults),
            bound="0",
            holds=not report.faults and not report.waiting,
            entries=report.entries,
            chains=report.chains,
            entries_per_second=round(report.entries / verifying.seconds),
            packed_per_second=round(packs * LINKS_A_PACK / packing.seconds),
        ),
    ]


def _begin_chains(number: int) -> None:
    by = system_actor("基准测试")
    with transaction.atomic():
        for hall_id in (None, *(draw_id() for _ in range(number - 1))):
            record_act(by=by, act="halls.edit", object_type="hall", object_id=draw_id(), hall_id=hall_id)
    _link_all()


def _link_all() -> int:
    count = 0
    while linked := link_entries():
        count += linked
    return count


def _measure(writers: Writers, *, seconds: float) -> Measured:
    halls = [str(draw_id()) for _ in range(_WRITERS)]
    one_hall = halls[:1] * _WRITERS
    found = Measured(seconds)
    writers.write(halls, seconds=0.5, every=0)
    _link_all()
    found.unlinked = writers.per_second(halls, seconds / 3)
    with timed() as linking:
        count = _link_all()
    found.linked_per_second = count / linking.seconds
    with _relay() as relay:
        with _watched() as found.paced_waits:
            found.paced = writers.write(one_hall, seconds=seconds, every=1 / _RATE)
        # in turns, so that both meet the same machine
        for _ in range(3):
            found.one_hall.append(writers.per_second(one_hall, seconds / 3))
            found.halls_16.append(writers.per_second(halls, seconds / 3))
        cpu = Cpu(relay, writers)
        # on and on, without a pause in which the relay could catch up
        with _watched() as found.waits:
            found.sustained = writers.per_second(halls, 2 * seconds)
        found.cpu_percent = cpu.percent()
    return found


def _cost(found: Measured) -> dict[str, Any]:
    cost = median(found.paced["audited"]) - median(found.paced["without"])
    return line(
        "cost of an entry in one hall under 16 writers, median (ms)",
        measured=milliseconds(cost),
        bound="<= 1 ms",
        holds=cost <= 0.001,
        act_with_entry_ms=milliseconds(median(found.paced["audited"])),
        act_without_ms=milliseconds(median(found.paced["without"])),
        record_act_itself_ms=milliseconds(median(found.paced["entry"])),
        acts_per_second=_WRITERS * _RATE,
        entries=len(found.paced["audited"]),
    )


def _halls_side_by_side(found: Measured) -> dict[str, Any]:
    ratio = median(found.one_hall) / median(found.halls_16)
    return line(
        "16 writers as fast as they can: acts a second in one hall against in 16 halls",
        measured=round(ratio, 2),
        bound=">= 0.85",
        holds=ratio >= 0.85,
        one_hall_per_second=round(median(found.one_hall)),
        halls_16_per_second=round(median(found.halls_16)),
    )


def _longest_wait(found: Measured) -> dict[str, Any]:
    return line(
        "longest wait for a link while 16 writers write as fast as they can (s)",
        measured=round(found.waits.longest, 2),
        bound="<= 2 s",
        holds=found.waits.longest <= 2,
        seconds=2 * found.seconds,
        longest_in_either_half=found.waits.halves,
        paced_writers_seconds=round(found.paced_waits.longest, 2),
        acts_per_second=round(found.sustained),
        acts_per_second_while_nobody_links=round(found.unlinked),
        linked_per_second_while_nobody_writes=round(found.linked_per_second),
        cpu_percent=found.cpu_percent,
    )


def _verified() -> AuditReport:
    keys = audit_keys()
    with one_moment():
        return verify(records(), keys=keys, public_key=keys.signing.public.hex())
