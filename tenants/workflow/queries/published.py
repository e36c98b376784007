"""Versions as what is made of them is kept by."""

from collections.abc import Callable
from uuid import UUID


class Published[Version]:
    """A version that never changes, known by its id alone: what it says need not be compared, nor read again. ``read``
    gives it where nothing is kept of it."""

    __slots__ = ("read", "version_id")

    def __init__(self, version_id: UUID, read: Callable[[], Version]) -> None:
        self.version_id = version_id
        self.read = read

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Published) and other.version_id == self.version_id

    def __hash__(self) -> int:
        return hash(self.version_id)
