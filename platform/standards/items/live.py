"""Elements that a province has added to the definition (扩展要素), and collections that follow from the definition as
it is now: what reads those sees an added element without knowing of it.

Who keeps the additions says once how they are read (``read_additions_by``). They are read when they are first asked for
in a request or task, and stay the same until it ends (``forget_additions``).
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, overload, override

from standards.items.kinds import Element


@dataclass(frozen=True, slots=True, eq=False)
class Additions:
    """``asked``: the added elements in force, in their order; ``known``: by name also those that have ended, which
    stand in older versions. ``mark`` tells apart what was made of other additions."""

    asked: tuple[Element, ...] = ()
    known: Mapping[str, Element] = field(default_factory=dict)
    mark: Hashable = None
    _made: dict[Any, Any] = field(default_factory=dict)

    def has_ended(self, name: str) -> bool:
        """Say whether an element of this name was filled in once, and is no longer."""
        return name in self.known and all(one.name != name for one in self.asked)

    def made(self, make: Callable[[], Any]) -> Any:
        """Return what follows from the definition with these additions; made once."""
        if make not in self._made:
            self._made[make] = make()
        return self._made[make]


NONE_ADDED: Final = Additions()
_readers: list[Callable[[], Additions]] = []
_held: ContextVar[Additions | None] = ContextVar("additions", default=None)


def read_additions_by(read: Callable[[], Additions]) -> None:
    """Say how the additions are read; what was said last counts."""
    _readers[:] = [read]


def additions() -> Additions:
    """Return the additions by which this request or task works."""
    held = _held.get()
    if held is None:
        held = _readers[0]() if _readers else NONE_ADDED
        _held.set(held)
    return held


def forget_additions() -> None:
    """Have them read again when they are next asked for."""
    _held.set(None)


def hold_additions(held: Additions) -> None:
    """Work by these until they are forgotten."""
    _held.set(held)


@contextmanager
def with_additions(held: Additions) -> Iterator[None]:
    """Work by these, as by those that there were when a version was submitted."""
    before = _held.set(held)
    try:
        yield
    finally:
        _held.reset(before)


def per_definition[T](make: Callable[[], T]) -> Callable[[], T]:
    """Keep what a function without arguments makes of the definition, as long as the additions are the same."""

    @wraps(make)
    def kept() -> T:
        result: T = additions().made(make)
        return result

    return kept


class LiveSequence[T](Sequence[T]):
    """A sequence that is what ``make`` returns for the definition as it is now."""

    def __init__(self, make: Callable[[], Sequence[T]]) -> None:
        self._now = per_definition(make)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    @override
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        return self._now()[index]

    @override
    def __len__(self) -> int:
        return len(self._now())

    @override
    def __iter__(self) -> Iterator[T]:
        return iter(self._now())


class LiveMapping[K, V](Mapping[K, V]):
    """A mapping that is what ``make`` returns for the definition as it is now. ``built_in`` is asked first: what stands
    in it is the same whatever was added, and reads no additions."""

    def __init__(self, make: Callable[[], Mapping[K, V]], *, built_in: Mapping[K, V] | None = None) -> None:
        self._now = per_definition(make)
        self._built_in: Mapping[K, V] = built_in or {}

    @override
    def __getitem__(self, key: K) -> V:
        return self._built_in[key] if key in self._built_in else self._now()[key]

    @override
    def __contains__(self, key: object) -> bool:
        return key in self._built_in or key in self._now()

    @override
    def __len__(self) -> int:
        return len(self._now())

    @override
    def __iter__(self) -> Iterator[K]:
        return iter(self._now())
