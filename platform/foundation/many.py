"""One act on many rows that somebody has picked: each by itself, and what is refused for one does not stop the
others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from foundation.errors import DomainError, Invalid

MOST_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What came of one row. ``id``: what it was picked by; ``name``: what people call it; ``reason``: why it was
    refused, in Chinese, "" where it was done."""

    id: str
    name: str
    reason: str = ""

    @property
    def is_done(self) -> bool:
        return not self.reason


def each_of[Id](ids: Iterable[Id], act: Callable[[Id], str], *, named: Callable[[Id], str]) -> list[RowOutcome]:
    """Act on one row after the other, on a double once. ``act`` returns the row's name; ``named`` says what to call one
    that it has refused. Raises Invalid for more than ``MOST_AT_ONCE``: then nothing is done."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_AT_ONCE:
        message = f"一次最多办 {MOST_AT_ONCE} 条，现在有 {len(wanted)} 条。请分几次办。"
        raise Invalid(message)
    outcomes = []
    for one in wanted:
        try:
            outcomes.append(RowOutcome(str(one), act(one)))
        except DomainError as refusal:
            outcomes.append(RowOutcome(str(one), named(one), refusal.message))
    return outcomes
