"""The actor: the person who acts, as operations see them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from province.audit.models import actor_words
from province.rights.roles import Reach


@dataclass(frozen=True, slots=True)
class Grant:
    """One position's power: which permissions, in which hall (None: the province's desk), and how far they reach.

    ``reach_prefix``: the prefix of the hall's division code; ``unit_id``: the position's unit; ``unit_ids``: that and
    all below it; ``owner_id``: whose own things a reach of "own" means (the position's holder's, also where a
    substitute acts).
    """

    permissions: frozenset[str]
    hall_id: UUID | None
    reach_prefix: str
    reach: Reach
    unit_ids: frozenset[UUID] = frozenset()
    owner_id: UUID | None = None
    position_id: UUID | None = None
    role: str = ""
    unit_id: UUID | None = None

    def covers(
        self,
        *,
        hall_id: UUID | None = None,
        prefix: str | None = None,
        unit_id: UUID | None = None,
        owner_id: UUID | None = None,
    ) -> bool:
        """Whether an object of that hall, of that division prefix, of that unit, of that owner lies within reach."""
        match self.reach:
            case Reach.PROVINCE:
                return True
            case Reach.SUBTREE:
                return self._is_own_hall(hall_id) or self._is_below(prefix)
            case Reach.HALL:
                return self._is_own_hall(hall_id) or (bool(self.reach_prefix) and prefix == self.reach_prefix)
            case Reach.UNIT:
                return unit_id in self.unit_ids and self._is_at_home(hall_id, prefix)
            case Reach.OWN:
                return owner_id is not None and owner_id == self.owner_id and self._is_at_home(hall_id, prefix)

    def _is_own_hall(self, hall_id: UUID | None) -> bool:
        return hall_id is not None and hall_id == self.hall_id

    def _is_below(self, prefix: str | None) -> bool:
        return prefix is not None and bool(self.reach_prefix) and prefix.startswith(self.reach_prefix)

    def _is_at_home(self, hall_id: UUID | None, prefix: str | None) -> bool:
        """Whether the place is the position's own, or the position is the province's: what is one's own in another hall
        does not come along to this one."""
        return self.hall_id is None or (hall_id in {None, self.hall_id} and prefix in {None, "", self.reach_prefix})


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, as operations see them (``by=``).

    ``position_id``: the one position that the person has chosen to act in (None: all of their own at once).
    ``acting_for_id`` and ``acting_for``: whose position it is, where the person acts as somebody's substitute; shown as
    "B 代 A". ``scopes``: what the token allows with which their program acts; None where they act themselves.
    """

    id: UUID | None
    name: str
    grants: tuple[Grant, ...]
    position_id: UUID | None = None
    acting_for_id: UUID | None = None
    acting_for: str = ""
    scopes: frozenset[str] | None = None

    @property
    def shown_name(self) -> str:
        return actor_words(self.name, self.acting_for)

    def is_in_person(self, account_id: UUID | None) -> bool:
        """Whether the owner of that account acts, and not a program of theirs: what people may do without any
        permission because it is their own, a token has no scope for."""
        return self.id is not None and self.id == account_id and self.scopes is None

    def in_place_of(self, person_id: UUID, name: str) -> "Actor":
        """A copy of this actor who acts for that person, as the audit names them."""
        return replace(self, acting_for_id=person_id, acting_for=name)

    def narrowed(self, scopes: Iterable[str]) -> "Actor":
        """A copy of this actor with only those permissions that a token's scopes name; of one that is narrowed already,
        with only those that both name."""
        allowed = frozenset(scopes) if self.scopes is None else self.scopes.intersection(scopes)
        grants = tuple(replace(grant, permissions=grant.permissions & allowed) for grant in self.grants)
        return replace(self, grants=grants, scopes=allowed)
