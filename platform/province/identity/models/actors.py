"""Whoever acts, as operations see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Grant:
    """One post's power: which permissions, in which hall (None: the province's desk), below which division prefix."""

    permissions: frozenset[str]
    hall_id: UUID | None
    reach_prefix: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, as operations see them (``by=``)."""

    id: UUID | None
    name: str
    grants: tuple[Grant, ...]

    def narrowed(self, scopes: Iterable[str]) -> "Actor":
        """The same actor with only those permissions that a token's scopes name."""
        allowed = frozenset(scopes)
        grants = tuple(Grant(g.permissions & allowed, g.hall_id, g.reach_prefix) for g in self.grants)
        return Actor(self.id, self.name, grants)
