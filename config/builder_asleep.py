"""The builder of halls while nobody asks for one.

It looks once a second whether a task waits, runs the builder (some 100 MB) from then on, and ends it when there was
nothing to do for a while. The first hall after that begins some five seconds later.
"""

import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import redis
from django.conf import settings

from config.queues import BUILDING

# seconds without a task after which the builder ends
_IDLE: Final = 300.0
_LOOK: Final = 1.0
# where kombu keeps tasks that somebody works on, of any queue
_AT_WORK: Final = "unacked"


class Sleeper:
    """Runs the command as long as there is something to do."""

    def __init__(self, command: Sequence[str], *, idle: float = _IDLE) -> None:
        self._command, self._idle = command, idle
        self._ending = threading.Event()
        self.builder: subprocess.Popen[bytes] | None = None
        self._busy_at = 0.0

    def end(self, *_: object) -> None:
        """Ask it to end, after the task at hand; a handler of signals."""
        self._ending.set()

    def run(self) -> None:
        """Work until ``end``. Must be called in the main thread, for it takes SIGTERM and SIGINT."""
        signal.signal(signal.SIGTERM, self.end)
        signal.signal(signal.SIGINT, self.end)
        broker = redis.Redis.from_url(settings.BROKER_URL, socket_timeout=5, socket_connect_timeout=5)
        while not self._ending.wait(_LOOK):
            # while the broker is away nothing is begun, and nothing ended
            with suppress(redis.RedisError):
                self.look(broker)
        self._end_builder()

    def look(self, broker: "redis.Redis") -> None:
        """Begin or end the builder, by what the broker has."""
        now = time.monotonic()
        is_up = self.builder is not None and self.builder.poll() is None
        if broker.llen(BUILDING):
            self._busy_at = now
            if not is_up:
                self.builder = subprocess.Popen(self._command)
        elif broker.hlen(_AT_WORK):
            self._busy_at = now
        elif is_up and now - self._busy_at > self._idle:
            self._end_builder()

    def _end_builder(self) -> None:
        if self.builder is not None:
            # a warm end: Celery finishes the task at hand, and gives back what it has taken besides
            self.builder.terminate()
            self.builder.wait()
            self.builder = None
