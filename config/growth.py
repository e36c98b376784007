"""Whether a program holds what it needs a few times a year, and should begin anew: to load the base list, or to index,
takes dictionaries of 80 MB, which no process can give back."""

import time
from dataclasses import dataclass, field
from typing import Final

import psutil

_MOST_GROWN: Final = 30_000_000
_QUIET_SECONDS: Final = 60.0


def _memory() -> int:
    """Of its own: what it shares with the program that it was forked from stays there."""
    return int(psutil.Process().memory_full_info().uss)


@dataclass
class Growth:
    """``most``: bytes of its own more than at its start, for which it begins anew once it was quiet for a while."""

    most: int = _MOST_GROWN
    quiet_seconds: float = _QUIET_SECONDS
    _at_start: int = field(default_factory=_memory)
    _busy_at: float = field(default_factory=time.monotonic)

    def note_work(self) -> None:
        self._busy_at = time.monotonic()

    def is_too_much(self) -> bool:
        """Looked at once in so many quiet seconds."""
        now = time.monotonic()
        if now - self._busy_at < self.quiet_seconds:
            return False
        self._busy_at = now
        return _memory() - self._at_start > self.most
