"""The event relay: one process that turns due times into events, has each delivery handled, links audit entries."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection

from config.growth import Growth
from foundation.events.operations import handle_next_delivery, raise_due_events
from foundation.schemas import close_worn_connection
from province.audit.operations import LINKS_AT_ONCE, link_entries

# how long a new event waits at most when all is quiet
IDLE_SECONDS = 0.2
_AWAY_SECONDS = 1.0
# due times are looked at this often, also while events keep coming
_DUE_SECONDS = 0.5
# entries of the audit are linked this often, also while events keep coming
_LINK_SECONDS = 0.2

log = structlog.get_logger(__name__)


class Relay:
    """Turns due times into events, has each delivery of an event handled, and links audit entries, until it is told to
    end; it ends between two deliveries. ``begin_anew``: how this process begins anew once it has grown too much.

    A database that is away is waited for, and told of once in the log.
    """

    def __init__(self, *, begin_anew: Callable[[], object] | None = None, growth: Growth | None = None) -> None:
        self._ending = threading.Event()
        self._due_at = 0.0
        self._link_at = 0.0
        self._is_away = False
        self._run_again = begin_anew or _run_own_command
        self._growth = growth or Growth()

    def end(self, *_: object) -> None:
        """Ask it to end after the delivery at hand; a handler of signals, and fit for other threads."""
        self._ending.set()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT. Must be called in the main thread, for it takes these signals."""
        log.info("relay_begins")
        signal.signal(signal.SIGTERM, self.end)
        signal.signal(signal.SIGINT, self.end)
        while not self._ending.is_set():
            self._ending.wait(self._wait_after_turn())
            if self._growth.is_too_much() and not self._ending.is_set():
                self._begin_anew()
        log.info("relay_ends")

    def _begin_anew(self) -> None:
        """Nothing is at hand, and what comes meanwhile waits for two seconds."""
        log.info("relay_begins_anew")
        connection.close()
        self._run_again()

    def _wait_after_turn(self) -> float:
        try:
            wait = self._turn()
        except DatabaseError as error:
            self._note_away(error)
            return _AWAY_SECONDS
        if self._is_away:
            self._is_away = False
            log.warning("database_is_back")
        return wait

    def _turn(self) -> float:
        """Returns how long to wait for the next one (seconds)."""
        if time.monotonic() >= self._due_at:
            raise_due_events()
            self._due_at = time.monotonic() + _DUE_SECONDS
        is_busy = handle_next_delivery()
        if is_busy:
            self._growth.note_work()
        if time.monotonic() >= self._link_at:
            self._link()
        close_worn_connection()
        return 0 if is_busy else min(IDLE_SECONDS, max(0.0, self._link_at - time.monotonic()))

    def _link(self) -> None:
        """Where more wait than one turn links, events and links have half of the time each."""
        began_at = time.monotonic()
        is_full = link_entries() == LINKS_AT_ONCE
        pause = min(_LINK_SECONDS, time.monotonic() - began_at) if is_full else _LINK_SECONDS
        self._link_at = time.monotonic() + pause

    def _note_away(self, error: Exception) -> None:
        connection.close()
        if not self._is_away:
            self._is_away = True
            log.warning("database_unreachable", error=str(error))


def _run_own_command() -> None:
    """Run this program's own command again in this process."""
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - its own command
