"""Forked programs: each comes back, all end together, and none is left behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from foundation.embedded_services.forking import family_of, forks_of
from tests.servers import wait_until

# one that runs on, one that ends by itself as it should (twice, then it stays), one that fails
_PROGRAM = """
import subprocess, sys, time
from pathlib import Path
import structlog
from foundation.embedded_services.forking import Forks

folder = Path(sys.argv[1])
structlog.configure(
    processors=[structlog.processors.KeyValueRenderer(key_order=["event", "program", "code"])],
    logger_factory=structlog.WriteLoggerFactory((folder / "log").open("w", buffering=1)),
)

def note(name):
    with (folder / name).open("a") as file:
        file.write(f"{time.monotonic()} ")
    return len((folder / name).read_text().split())

def steady():
    note("steady")
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    child.wait()

def anew():
    if note("anew") < 3:
        sys.exit(0)
    time.sleep(600)

def failing():
    note("failing")
    sys.exit(1)

if program := Forks({"steady": steady, "anew": anew, "failing": failing}, pause=0.5).run():
    program()
else:
    note("ended")
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[psutil.Process]:
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(tmp_path)])
    try:
        wait_until(lambda: len(_times(tmp_path, "anew")) == 3, what="all forks")
        wait_until(lambda: "steady" in forks_of(process.pid), what="a fork's name")
        yield psutil.Process(process.pid)
    finally:
        children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        for one in (process, *children):
            one.kill()
        process.wait()


def _times(folder: Path, name: str) -> list[float]:
    path = folder / name
    return [float(one) for one in path.read_text().split()] if path.exists() else []


class TestForks:
    def test_bring_back_one_that_is_killed_and_leave_the_others_alone(
        self, parent: psutil.Process, tmp_path: Path
    ) -> None:
        before = forks_of(parent.pid)
        before["steady"].kill()
        wait_until(lambda: len(_times(tmp_path, "steady")) == 2, what="its return")
        now = forks_of(parent.pid)
        assert now["steady"].pid != before["steady"].pid
        assert now["anew"].pid == before["anew"].pid
        assert "event='program_failed' program='steady' code=-9" in (tmp_path / "log").read_text().splitlines()

    def test_bring_back_at_once_what_ended_as_it_should_and_after_a_pause_what_failed(
        self, parent: psutil.Process, tmp_path: Path
    ) -> None:
        wait_until(lambda: len(_times(tmp_path, "failing")) >= 3, what="the failing one's third beginning")
        first, second, third = _times(tmp_path, "failing")[:3]
        assert min(second - first, third - second) > 0.5
        begun, _, ended = _times(tmp_path, "anew")
        assert ended - begun < second - first + third - second
        assert set((tmp_path / "log").read_text().splitlines()) == {"event='program_failed' program='failing' code=1"}

    def test_end_with_the_one_that_forks_them(self, parent: psutil.Process, tmp_path: Path) -> None:
        forks = list(forks_of(parent.pid).values())
        parent.send_signal(signal.SIGTERM)
        assert not psutil.wait_procs(forks, timeout=10)[1]
        wait_until(lambda: len(_times(tmp_path, "ended")) == 1, what="its own end")

    def test_end_when_it_is_killed(self, parent: psutil.Process) -> None:
        forks = list(forks_of(parent.pid).values())
        parent.kill()
        assert not psutil.wait_procs(forks, timeout=10)[1]

    def test_are_programs_of_their_own_with_what_they_start(self, parent: psutil.Process) -> None:
        steady = forks_of(parent.pid)["steady"]
        wait_until(steady.children, what="its child")
        assert list(family_of(parent)) == [parent]
        assert [one.pid for one in family_of(steady)] == [steady.pid, *(one.pid for one in steady.children())]
