"""Programs that are forked from one that has loaded what all of them need: what none of them writes into is in memory
once. It does nothing else than to fork them, and again the one that has ended."""

import ctypes
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

import psutil

from foundation.embedded_services.tether import end_with_parent

# what the system calls a fork, before its name: 15 letters at most
_CALLED: Final = "yizhan-"
_PR_SET_NAME: Final = 15  # linux/prctl.h
_SIGNALS: Final = frozenset({signal.SIGTERM, signal.SIGINT})
_LOOK: Final = 0.1
# seconds until one that failed is forked again
_PAUSE: Final = 1.0


class Forks:
    """Keeps one fork of each program running, by its name."""

    def __init__(self, programs: Mapping[str, Callable[[], None]], *, pause: float = _PAUSE) -> None:
        self._programs, self._pause = programs, pause
        self._pids: dict[int, str] = {}
        self._due = dict.fromkeys(programs, 0.0)
        self._ending = threading.Event()

    def run(self) -> Callable[[], None] | None:
        """Fork all programs, and again each that ends, until SIGTERM or SIGINT; then they get SIGTERM, too. Returns
        None here once all have ended, and in each fork what it is to run. Must be called in the main thread, while no
        other thread works: a fork has none of them, and keeps the locks that they held.
        """
        # nothing that is shared is written into because it is looked at
        gc.collect()
        gc.freeze()
        for number in _SIGNALS:
            signal.signal(number, lambda *_: self._ending.set())
        while not self._ending.is_set():
            for name in self._missing():
                if program := self._fork(name):
                    return program
            self._ending.wait(_LOOK)
            self._bury()
        for pid in self._pids:
            os.kill(pid, signal.SIGTERM)
        while self._pids:
            time.sleep(_LOOK)
            self._bury()
        return None

    def _missing(self) -> list[str]:
        now, running = time.monotonic(), set(self._pids.values())
        return [name for name in self._programs if name not in running and self._due[name] <= now]

    def _fork(self, name: str) -> Callable[[], None] | None:
        """In the fork its program."""
        parent = os.getpid()
        # told to end before it has its own handlers, it ends
        with _held_back(_SIGNALS):
            if pid := os.fork():
                self._pids[pid] = name
                return None
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            end_with_parent()
            _call(f"{_CALLED}{name}")
        if os.getppid() != parent:
            sys.exit(0)
        return self._programs[name]

    def _bury(self) -> None:
        """Note which have ended. One that ended by itself as it should (to begin anew) comes back at once; the log has
        each of the others, and its exit code, below 0 the signal that ended it."""
        while self._pids:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            if name := self._pids.pop(pid, None):
                self._due[name] = time.monotonic() + (self._pause if status else 0)
                if status and not self._ending.is_set():
                    _say_failed(name, os.waitstatus_to_exitcode(status))


def family_of(process: psutil.Process) -> Iterator[psutil.Process]:
    """The process with its children and theirs, but for its forks, which are programs of their own."""
    yield process
    # what a fork starts may go by its name
    is_fork = _is_fork(process)
    for child in _children_of(process):
        if is_fork or not _is_fork(child):
            yield from family_of(child)


def forks_of(*pids: int) -> dict[str, psutil.Process]:
    """The forks of these processes that run, by their programs' names: one look at the process list finds all."""
    found = {}
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess):
            # what ends meanwhile is not there at the next look
            if process.ppid() in pids and _is_fork(process) and process.status() != psutil.STATUS_ZOMBIE:
                found[process.name().removeprefix(_CALLED)] = process
    return found


def _is_fork(process: psutil.Process) -> bool:
    try:
        return str(process.name()).startswith(_CALLED)
    except psutil.NoSuchProcess:
        return False


def _children_of(process: psutil.Process) -> list[psutil.Process]:
    """Empty where it has ended."""
    try:
        return list(process.children())
    except psutil.NoSuchProcess:
        return []


def _say_failed(name: str, code: int) -> None:
    import structlog  # noqa: PLC0415 - of who forks; who only asks what runs does not wait for it

    structlog.get_logger(__name__).error("program_failed", program=name, code=code)


@contextmanager
def _held_back(signals: frozenset[signal.Signals]) -> Iterator[None]:
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)


def _call(name: str) -> None:
    """What lists of processes call this one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())
