"""Processes of their own for tests that kill them: each is forked from one that has loaded the program once, and is at
its work within a moment. An interpreter of its own would take seconds to come to it."""

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

import django

django.setup()

from django.conf import settings as program_settings  # noqa: E402 - after set-up
from django.db import connection  # noqa: E402

PROCESSES = multiprocessing.get_context("forkserver")
# the fork server is one for all tests of a worker: whatever is not loaded there, each process would load
PROCESSES.set_forkserver_preload(
    ["tests.forked", "tests.provisioning.carry_out", "foundation.safe_http.guarded", "tests.foundation.events.kinds"]
)


def start(code: str, *given: Any, **settings: Any) -> BaseProcess:
    """Begin to run ``code`` with the variables ``given``, a tuple, and with these settings of the program."""
    process = PROCESSES.Process(target=_run, args=(code, given, settings), daemon=True)
    process.start()
    return process


@contextmanager
def running(code: str, *given: Any, **settings: Any) -> Iterator[None]:
    """``code`` runs; at the end of the block it is killed with -9."""
    process = start(code, *given, **settings)
    try:
        yield
    finally:
        was_alive = process.is_alive()
        process.kill()
        process.join()
    # one that broke down by itself would be no killed one
    assert was_alive


def run_and_die(code: str, *given: Any, **settings: Any) -> None:
    """Run ``code``, which kills its process with -9 somewhere; the test's own connection begins anew."""
    process = start(code, *given, **settings)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    connection.close()


def _run(code: str, given: tuple[Any, ...], settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        setattr(program_settings, name, value)
    exec(compile(code, "<forked>", "exec"), {"__name__": "forked", "given": given})  # noqa: S102 - the test's own
