"""Versions as what is made of them is kept by."""

from uuid import UUID


class Published[Version]:
    """A version that never changes, known by its id alone: what it says need not be compared, nor read again."""

    __slots__ = ("version", "version_id")

    def __init__(self, version_id: UUID, version: Version) -> None:
        self.version_id = version_id
        self.version = version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Published) and other.version_id == self.version_id

    def __hash__(self) -> int:
        return hash(self.version_id)
