"""How times are taken and said."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any


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


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)
