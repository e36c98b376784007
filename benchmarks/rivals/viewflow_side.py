"""Go through a flow of twenty steps in viewflow, several times: prints as JSON the seconds of each start and of each
step, of the clock and of this process's processor, and the bytes of rows that a run leaves.

Runs in an environment of its own (benchmarks/_viewflow.py starts it), on an empty database named by DATABASE_URL. What
it does is what viewflow's own view does between the request and the answer: no HTTP, no template.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - after set-up
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from viewflow.workflow.models import Process, Task  # noqa: E402
from viewflow.workflow.status import STATUS  # noqa: E402
from viewflow_steps.flows import STEPS, Steps  # noqa: E402

# a row's own bytes and what its page keeps to find it; indexes are not in it
_ROWS = "SELECT coalesce(sum(pg_column_size(one.*) + 4), 0) FROM {} AS one"
_TABLES = (Process._meta.db_table, Task._meta.db_table, Task.previous.through._meta.db_table)


@contextmanager
def adding(to: list[tuple[float, float]]) -> Iterator[None]:
    began_at, worked = time.perf_counter(), time.process_time()
    yield
    to.append((time.perf_counter() - began_at, time.process_time() - worked))


def measure(rounds: int) -> dict[str, object]:
    starts: list[tuple[float, float]] = []
    steps: list[tuple[float, float]] = []
    for _ in range(rounds):
        with adding(starts):
            process = Steps.start.run()
        for _ in range(STEPS):
            task = Task.objects.get(process=process, status=STATUS.ASSIGNED)
            with adding(steps), task.activation() as activation:
                activation.start(None)
                activation.execute()
        assert Process.objects.get(pk=process.pk).finished
    return {"starts": starts, "steps": steps, "bytes": _bytes() // rounds}


def _bytes() -> int:
    with connection.cursor() as cursor:
        found = 0
        for table in _TABLES:
            cursor.execute(_ROWS.format(connection.ops.quote_name(table)))
            found += cursor.fetchone()[0]
    return found


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    User.objects.create(username="worker")
    json.dump(measure(int(sys.argv[1])), sys.stdout)
