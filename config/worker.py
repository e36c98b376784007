"""The worker of all tasks but those that make tables: ``python -m config.worker``.

Celery's own command would load 9 MB more.
"""

import os
import socket
import sys
import threading
import time
from typing import Final

from config.growth import Growth

# seconds between two looks at whether it works
_LOOK: Final = 1.0

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def name() -> str:
    """What the worker of this machine is called among all."""
    return f"worker@{socket.gethostname()}"


def run(growth: Growth | None = None) -> None:
    """Work until told to end; then the process ends. ``growth``: it ends by itself, between two tasks, when it has
    grown too much; for who forks it again."""
    from celery.signals import worker_ready  # noqa: PLC0415

    from config.celery import app  # noqa: PLC0415 - who asks for the name loads no task

    worker = app.Worker(
        hostname=name(),
        # in one process: a child for each would load what it needs once more
        pool="threads",
        concurrency=2,
        loglevel="WARNING",
        # without the banners that Celery prints past all logs
        quiet=True,
        without_gossip=True,
        without_mingle=True,
    )
    if growth:
        watch = threading.Thread(target=_end_when_grown, args=[growth], daemon=True)

        def begin(**_: object) -> None:
            # ready again after the broker was away, it is watched already
            if not watch.ident:
                watch.start()

        worker_ready.connect(begin, weak=False)
    worker.start()
    sys.exit(worker.exitcode)


def _end_when_grown(growth: Growth) -> None:
    from celery.worker import state  # noqa: PLC0415 - who asks for the name loads nothing of Celery

    growth.note_work()
    while not growth.is_too_much():
        time.sleep(_LOOK)
        if state.reserved_requests:
            growth.note_work()
    # what comes meanwhile is given back by it, and waits for the next one
    vars(state)["should_stop"] = os.EX_OK


if __name__ == "__main__":
    run()
