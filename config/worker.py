"""The worker of all tasks but those that make tables: ``python -m config.worker``.

Celery's own command would load 9 MB more.
"""

import os
import socket
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def name() -> str:
    """What the worker of this machine is called among all."""
    return f"worker@{socket.gethostname()}"


def run() -> None:
    """Work until told to end; then the process ends."""
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
    worker.start()
    sys.exit(worker.exitcode)


if __name__ == "__main__":
    run()
