"""What waits for somebody, as the console's first page shows it.

Not only texts wait. Whatever app has something that somebody should see to says so, once at start.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from province.identity.models import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """So much of one kind (待我审核的稿件), and the page that lists it."""

    label: str
    number: int
    address: str


type Counter = Callable[[Actor], Iterable[Waiting]]

_counters: list[Counter] = []


def counts_waiting(counter: Counter) -> None:
    """Register what counts it for an actor, who may have nothing to do with it at all. Called in ``ready``."""
    if counter not in _counters:
        _counters.append(counter)


def waiting_for(by: Actor) -> list[Waiting]:
    """Only what there is."""
    return [one for counter in _counters for one in counter(by) if one.number]
