"""What an audit entry costs whoever acts, whether halls wait for each other, and whether their chains keep up."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from django.db import connection

from benchmarks.measuring import line, milliseconds, timed
from benchmarks.world import Profile, build
from foundation.outbox.models import OutboxEvent
from province.audit.models import AuditPending
from province.audit.operations import link_entries
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import one_moment, records
from province.audit.queries.verification import AuditReport, verify
from province.halls.models import Hall

_WRITERS = 16
_PROCESSES = 4
# acts a second and writer, half of them audited: 80 a second in one hall
_RATE = 5.0
_BEGIN_SECONDS = 1.0


class Writers:
    """Sixteen writers in four processes that stand ready."""

    def __init__(self) -> None:
        self._running = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks._audit_writers"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(_PROCESSES)
        ]
        for process in self._running:
            process.stdout.readline()  # type: ignore[union-attr] - it is a pipe

    def write(self, halls: list[str], *, seconds: float, every: float) -> dict[str, list[float]]:
        """``halls``: one a writer. All seconds of all writers."""
        begins_at = time.time() + _BEGIN_SECONDS
        for number, process in enumerate(self._running):
            mine = halls[number::_PROCESSES]
            order = {"hall_ids": mine, "seconds": seconds, "every": every, "begins_at": begins_at}
            print(json.dumps(order), file=process.stdin, flush=True)
        answers = [json.loads(process.stdout.readline()) for process in self._running]  # type: ignore[union-attr]
        return {name: [one for answer in answers for one in answer[name]] for name in answers[0]}

    def end(self) -> None:
        for process in self._running:
            process.stdin.close()  # type: ignore[union-attr] - it is a pipe
            process.wait()


@contextmanager
def _linking() -> Iterator[list[float]]:
    """As the relay does it, in the background; yields how long the oldest entry had waited at each turn (seconds)."""
    waited: list[float] = []
    done = threading.Event()

    def link() -> None:
        while not done.wait(0.2):
            with connection.cursor() as cursor:
                cursor.execute("SELECT extract(epoch FROM clock_timestamp() - min(created_at)) FROM audit_auditpending")
                waited.append(float(cursor.fetchone()[0] or 0))
            link_entries()
        connection.close()

    thread = threading.Thread(target=link)
    thread.start()
    try:
        yield waited
    finally:
        done.set()
        thread.join()


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    halls = [str(pk) for pk in Hall.objects.order_by("number").values_list("pk", flat=True)[:_WRITERS]]
    one_hall = halls[:1] * _WRITERS
    seconds = 20.0 if profile.is_full else 10.0
    _link_all()
    writers = Writers()
    try:
        with _linking() as waited:
            paced = writers.write(one_hall, seconds=seconds, every=1 / _RATE)
        together, apart = [], []
        with _linking() as waited_long:
            # in turns, so that both meet the same machine
            for _ in range(profile.repeats):
                together.append(len(writers.write(one_hall, seconds=seconds / 3, every=0)["audited"]) / (seconds / 3))
                apart.append(len(writers.write(halls, seconds=seconds / 3, every=0)["audited"]) / (seconds / 3))
    finally:
        writers.end()
    with timed() as catching_up:
        _link_all()
    with timed() as verifying:
        report = _verified()
    OutboxEvent.objects.filter(kind="benchmark").delete()
    return [
        _cost(paced, waited),
        line(
            "16 writers as fast as they can: acts a second in one hall against in 16 halls",
            measured=round(median(together) / median(apart), 2),
            bound=">= 0.85",
            holds=median(together) / median(apart) >= 0.85,
            one_hall_per_second=round(median(together)),
            halls_16_per_second=round(median(apart)),
        ),
        line(
            "longest wait for a link while 16 writers write as fast as they can (s)",
            measured=round(max(waited_long), 2),
            bound="<= 2 s",
            holds=max(waited_long) <= 2,
            paced_writers_seconds=round(max(waited), 2),
            rest_seconds=round(catching_up.seconds, 2),
            waiting_afterwards=AuditPending.objects.count(),
        ),
        line(
            "faults found in all that was written",
            measured=len(report.faults),
            bound="0",
            holds=not report.faults,
            entries=report.entries,
            chains=report.chains,
            entries_per_second=round(report.entries / verifying.seconds),
        ),
    ]


def _link_all() -> None:
    while link_entries():
        pass


def _cost(paced: dict[str, list[float]], waited: list[float]) -> dict[str, Any]:
    cost = median(paced["audited"]) - median(paced["without"])
    return line(
        "cost of an entry in one hall under 16 writers, median (ms)",
        measured=milliseconds(cost),
        bound="<= 1 ms",
        holds=cost <= 0.001,
        act_with_entry_ms=milliseconds(median(paced["audited"])),
        act_without_ms=milliseconds(median(paced["without"])),
        record_act_itself_ms=milliseconds(median(paced["entry"])),
        acts_per_second=_WRITERS * _RATE,
        entries=len(paced["audited"]),
        turns_of_linking=len(waited),
    )


def _verified() -> AuditReport:
    keys = audit_keys()
    with one_moment():
        return verify(records(), keys=keys, public_key=keys.signing.public.hex())
