"""Transition tables: which state may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from foundation.errors import Conflict


@dataclass(frozen=True, slots=True)
class Transitions[State: TextChoices]:
    """The allowed moves of one status field."""

    moves: Mapping[State, frozenset[State]]

    def allows(self, before: State | str, after: State) -> bool:
        return any(after in followers for state, followers in self.moves.items() if state == before)

    def check(self, before: State | str, after: State) -> None:
        """Raises Conflict, naming both states in Chinese, where the move is not in the table."""
        if not self.allows(before, after):
            names = {str(state): state.label for state in type(after)}
            message = f"当前是“{names[str(before)]}”，不能变为“{after.label}”。"
            raise Conflict(message)
