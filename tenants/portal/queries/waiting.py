"""What waits at the desk besides texts.

The portal does not know the hall's other apps. Who does says how it is found, once at start.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from tenants.portal.queries.access import Desk


@dataclass(frozen=True, slots=True)
class DeskWaiting:
    """One thing: its page is the route with the key. ``look`` is the tag's: warning, error or accent."""

    tag: str
    look: str
    title: str
    note: str
    route: str
    key: UUID


type Finder = Callable[[Desk], list[DeskWaiting]]

_finders: list[Finder] = []


def finds_waiting(finder: Finder) -> None:
    """Register what waits for whoever sits there. Called in ``ready``."""
    if finder not in _finders:
        _finders.append(finder)


def waiting_at(desk: Desk) -> Iterator[DeskWaiting]:
    return (one for finder in _finders for one in finder(desk))
