"""A part outside that hangs or fails is left alone for a while, and holds no more than a few threads of this process.

Each process learns it by itself: that costs a few failed calls, and needs no other part that could be away, too.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

FAILURES = 3  # in a row
REST_SECONDS = 20.0
AT_ONCE = 4


class LeftAlone(Exception):
    """Nothing was sent: the part has failed too often just now, or as many as may are waiting for it."""


class Circuit:
    """One part outside, as this process knows it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = 0
        self._waiting = 0
        self._rests_until = 0.0

    @contextmanager
    def passage(self, *outages: type[Exception]) -> Iterator[None]:
        """Around one call; of these exceptions each is a failure. Raises LeftAlone. After a rest one call is let
        through to see whether the part is back."""
        with self._lock:
            now = time.monotonic()
            if now < self._rests_until or self._waiting >= AT_ONCE:
                raise LeftAlone
            if self._failures >= FAILURES:
                self._rests_until = now + REST_SECONDS
            self._waiting += 1
        try:
            yield
        except outages:
            with self._lock:
                self._failures += 1
                if self._failures >= FAILURES:
                    self._rests_until = time.monotonic() + REST_SECONDS
            raise
        else:
            with self._lock:
                self._failures, self._rests_until = 0, 0.0
        finally:
            with self._lock:
                self._waiting -= 1


@cache
def circuit_of(address: str) -> Circuit:  # noqa: ARG001 - what it is kept under
    """What this process knows of the program at the address, which the settings name."""
    return Circuit()
