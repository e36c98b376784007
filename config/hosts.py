"""Which hall answers at a host name: kept in the process, and checked against the database at every request.

The check is the generations, one query that every page needs anyway: whatever changes a hall's row, its domains or its
division counts the hall's generation up in the same transaction.
"""

from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from foundation.lru_cache import SharedLruCache
from foundation.schemas import connection
from province.content.queries.generations import page_generations
from province.halls.models import Hall
from province.halls.queries import hall_at_host

# some 5 kB each
_MOST_KEPT = 4_000


@dataclass(frozen=True, slots=True)
class HallAtHost:
    """A hall, and the generations that were read before anything of its content is."""

    hall: Hall
    generations: str


class HallsByHost:
    """Halls that this process has met. Names without a hall are never kept: there is no end to them."""

    def __init__(self) -> None:
        # a hall and its own generation, read in one statement
        self._halls = SharedLruCache[str, tuple[Hall, str]](_MOST_KEPT)

    def __len__(self) -> int:
        return len(self._halls)

    def at(self, host: str) -> HallAtHost | None:
        """One query where the hall is known and unchanged, two where it is not."""
        _skip_health_check()
        try:
            return self._at(host)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            # the server was restarted, or ended an idle connection: once more on a new one
            connection.close()
            return self._at(host)

    def _at(self, host: str) -> HallAtHost | None:
        kept = self._halls.get(host)
        while True:
            if kept is None:
                hall = hall_at_host(host)
                if hall is None:
                    self._halls.remove(host)
                    return None
                kept = hall, f"h{hall.generation_row.generation}"
                self._halls.put(host, kept)
            generations = page_generations(kept[0])
            if generations.partition(".")[0] == kept[1]:
                return HallAtHost(kept[0], generations)
            # changed since: read the row anew
            kept = None


def _skip_health_check() -> None:
    """The first query of the request is a health check itself; Django's own would double the cost of a 304."""
    connection.health_check_done = True
