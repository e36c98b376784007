"""Processes of their own for tests that kill them: each is forked from one that has loaded the program once, and is at
its work within a moment. An interpreter of its own would take seconds to come to it."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from multiprocessing.process import BaseProcess
from typing import Any

import django
from django.conf import settings as program_settings

if not program_settings.configured:
    # in the fork server, which a test may have started as the owner: whose process each is, is said with it
    os.environ.pop("YIZHAN_AS_OWNER", None)
django.setup()

from django.db import connection  # noqa: E402 - after set-up

from tests.roles import as_owner  # noqa: E402

_PROCESSES = multiprocessing.get_context("forkserver")
# the fork server is one for all tests of a worker: whatever is not loaded there, each process would load
_PROCESSES.set_forkserver_preload(
    [
        *("tests.forked", "tests.forked_program", "tests.provisioning.carry_out"),
        *("foundation.safe_http.guarded", "tests.foundation.events.kinds"),
    ]
)


def process(act: Callable[..., object], *given: Any) -> BaseProcess:
    """One that calls ``act`` once it is started: as the tables' owner where the test is that, else as the application.
    It ends with the test's own process at the latest."""
    is_owner = os.environ.get("YIZHAN_AS_OWNER") == "1"
    return _PROCESSES.Process(target=_call, args=(act, given, is_owner), daemon=True)


@contextmanager
def running(code: str, *given: Any, **settings: Any) -> Iterator[None]:
    """``code`` runs, as with ``run_and_die``; at the end of the block it is killed with -9."""
    worker = process(_run, code, given, settings)
    worker.start()
    try:
        yield
    finally:
        was_alive = worker.is_alive()
        worker.kill()
        worker.join()
    # one that broke down by itself would be no killed one
    assert was_alive


def run_and_die(code: str, *given: Any, **settings: Any) -> None:
    """Run ``code``, which kills its process with -9 somewhere; it finds ``given``, a tuple, and these settings of the
    program. The test's own connection begins anew."""
    worker = process(_run, code, given, settings)
    worker.start()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    connection.close()


def killed(act: Callable[..., object], *given: Any, dying_at: tuple[str, str] | None = None) -> None:
    """Call ``act`` in a process that is killed with -9 once it is done, or before, where it calls the function that
    ``dying_at`` names: (module, name). The test's own connection begins anew."""
    worker = process(_call_and_die, act, given, dying_at)
    worker.start()
    worker.join()
    # what fails before it is killed ends with another code
    assert worker.exitcode == -signal.SIGKILL
    connection.close()


def _call_and_die(act: Callable[..., object], given: tuple[Any, ...], dying_at: tuple[str, str] | None) -> None:
    if dying_at:
        module, name = dying_at
        setattr(import_module(module), name, _die)
    act(*given)
    # a place that it did not come to would be none that is survived
    assert dying_at is None
    _die()


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _call(act: Callable[..., object], given: tuple[Any, ...], is_owner: bool) -> None:  # noqa: FBT001 - of a process
    with as_owner() if is_owner else nullcontext():
        act(*given)


def _run(code: str, given: tuple[Any, ...], settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        setattr(program_settings, name, value)
    exec(compile(code, "<forked>", "exec"), {"__name__": "forked", "given": given})  # noqa: S102 - the test's own
