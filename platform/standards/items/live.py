"""What a province has added to the definition: elements (扩展要素) and code lists that it keeps (一件事); and
collections that follow from the definition as it is now: what reads those sees an addition without knowing of it.

Who keeps the additions says once how they are read (``read_additions_by``). They are read when they are first asked for
in a request or task, and stay the same until it ends (``forget_additions``).
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, cast, overload, override

from django.db.models import TextChoices

from standards.items.kinds import Element


@dataclass(frozen=True, slots=True)
class ListedCode:
    """A code of a list that a province keeps. It never changes; one that ``is_retired`` is no longer chosen, and stays
    valid where it stands."""

    code: str
    label: str
    is_retired: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Additions:
    """``asked``: the added elements in force, in their order; ``known``: by name also those that have ended, which
    stand in older versions. ``lists``: the code lists that the province keeps, by name, each in its order. ``mark``
    tells apart what was made of other additions."""

    asked: tuple[Element, ...] = ()
    known: Mapping[str, Element] = field(default_factory=dict)
    lists: Mapping[str, tuple[ListedCode, ...]] = field(default_factory=dict)
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


class _LiveCodes:
    """Answers as the TextChoices made of the list's codes as they are now, those in use first."""

    def __init__(self, name: str) -> None:
        self.__name__ = name
        self._now = per_definition(lambda: _choices_of(name))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._now(), name)

    def __call__(self, code: str) -> TextChoices:
        return self._now()(code)

    def __bool__(self) -> bool:
        # as any class: also without a code
        return True

    def __contains__(self, code: object) -> bool:
        return code in self._now().values

    def __len__(self) -> int:
        return len(self._now())

    def __iter__(self) -> Iterator[TextChoices]:
        return iter(self._now())


def live_codes(name: str) -> type[TextChoices]:
    """Return the code list of this name that the province keeps: used as any list of the standard, it is at each moment
    what the definition says. A retired code is labelled as such."""
    return cast("type[TextChoices]", _LiveCodes(name))


def retired_codes(codes: type[TextChoices]) -> Mapping[str, str]:
    """Return the codes of a list that are no longer chosen, each with its name; none in a list of the standard."""
    if not isinstance(codes, _LiveCodes):
        return {}
    listed = additions().lists.get(codes.__name__, ())
    return {one.code: one.label for one in listed if one.is_retired}


def offered_labels(codes: type[TextChoices]) -> list[str]:
    """Return the labels of the codes that can be chosen now."""
    retired = retired_codes(codes)
    return [str(label) for code, label in codes.choices if code not in retired]


def _choices_of(name: str) -> type[TextChoices]:
    listed = sorted(additions().lists.get(name, ()), key=lambda one: one.is_retired)
    members = {
        f"CODE_{number}": (one.code, f"{one.label}（已停用）" if one.is_retired else one.label)
        for number, one in enumerate(listed)
    }
    made: type[TextChoices] = TextChoices(name, members)  # type: ignore[call-overload]  # of data
    return made
