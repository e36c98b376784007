"""One test for many cases of the same kind: each is looked at, and all that are wrong are told together by their names.

with Strays(least=150) as strays:
    for name, element in ROWS:
        with strays.of(name):
            assert takes(element)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self


class Strays:
    """``least``: fewer cases than these were no test."""

    def __init__(self, *, least: int = 1) -> None:
        self._least = least
        self._count = 0
        self._found: list[str] = []

    def __enter__(self) -> Self:
        return self

    @contextmanager
    def of(self, name: object) -> Iterator[None]:
        """What fails inside is noted, and the next case comes."""
        self._count += 1
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised again at the end, with the others
            self._found.append(f"{name}: {type(error).__name__}: {error}")

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            assert not self._found, f"{len(self._found)} of {self._count}:\n" + "\n".join(self._found)
            assert self._count >= self._least, f"only {self._count} cases"
