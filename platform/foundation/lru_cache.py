"""Values that all threads of a process keep together: the least lately used ones leave when there are too many."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from cachetools import LRUCache


class SharedLruCache[Key, Value]:
    """``most``: how large all values may be together, in units of ``size_of``; without it each value counts as one."""

    def __init__(self, most: int, size_of: Callable[[Value], float] | None = None) -> None:
        self._values = LRUCache[Key, Value](most, size_of)
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    @property
    def size(self) -> int:
        return int(self._values.currsize)

    def get(self, key: Key) -> Value | None:
        with self._lock:
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """A value that is larger than all may be together is not kept."""
        with self._lock, suppress(ValueError):
            self._values[key] = value

    def remove(self, key: Key) -> None:
        """Do nothing where the key is not kept."""
        with self._lock:
            self._values.pop(key, None)

    def items(self) -> list[tuple[Key, Value]]:
        """All that is kept now."""
        with self._lock:
            return list(self._values.items())
