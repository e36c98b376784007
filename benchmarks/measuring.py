"""How times are taken and said."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.servers import ROOT

# times are taken before Django is set up, too
if TYPE_CHECKING:
    from province.rights.actors import Actor


def say(words: str) -> None:
    """How far it is."""
    print(words, file=sys.stderr, flush=True)


def line(what: str, *, measured: object, bound: str, holds: bool | None, **facts: Any) -> dict[str, Any]:
    """One figure; ``facts`` are both sides of a comparison and whatever else explains it. ``holds`` is None where the
    profile is too small for the bound, or where there is none."""
    return {
        "what": what,
        "measured": measured,
        "bound": bound,
        "holds": holds if holds is None else bool(holds),
        **facts,
    }


@dataclass(slots=True)
class Taken:
    seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Taken]:
    taken = Taken()
    began_at = time.perf_counter()
    yield taken
    taken.seconds = time.perf_counter() - began_at


def median_seconds(act: Callable[[], object], *, times: int) -> float:
    taken = []
    for _ in range(times):
        with timed() as one:
            act()
        taken.append(one.seconds)
    return median(taken)


def median_times(act: Callable[[], object], *, times: int) -> tuple[float, float]:
    """Seconds of the clock, and those of the processor in this process: what others do beside it does not change
    these."""
    taken, worked = [], []
    for _ in range(times):
        began = time.process_time()
        with timed() as one:
            act()
        worked.append(time.process_time() - began)
        taken.append(one.seconds)
    return median(taken), median(worked)


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)


def at_once(module: str, given: list[str], people: "Sequence[Actor]") -> tuple[list[float], list[float]]:
    """What the module prints in a process for each of the people; all begin at the same moment. Returns the seconds,
    and those of the processor where it prints them."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *given]
    pipe: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    began: list[Any] = [subprocess.Popen([*command, str(one.id)], cwd=ROOT, **pipe) for one in people]
    for process in began:
        process.stdout.readline()
    for process in began:
        process.stdin.write("\n")
        process.stdin.flush()
    rows = [row.split() for process in began for row in process.communicate()[0].splitlines()]
    return [float(row[0]) for row in rows], [float(row[1]) for row in rows if len(row) > 1]
