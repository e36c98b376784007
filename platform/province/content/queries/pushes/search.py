"""Search over the pushes of a hall's site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.safestring import SafeString

from foundation.html import text_of
from foundation.search import best_hits, highlighted, snippet_of, sought
from province.content.queries.pushes.matching import IS_LISTED, MEANT_PUSH, hall_parameters
from province.halls.models import Hall


@dataclass(frozen=True, slots=True)
class FoundPush:
    """One hit. ``title_html`` and ``snippet_html`` are safe, hits in ``<mark>``. ``rank``: the greater, the nearer."""

    id: UUID
    published_at: datetime
    column: str
    source: str
    title: str
    title_html: SafeString
    snippet_html: SafeString
    rank: float


# own: joins; column: of the hit; condition: which pushes of readers
FOUND = f"""
WITH {best_hits("content_manuscriptversion")}
SELECT p.id, p.published_at, {{column}}, v.source, v.title, v.body, found.rank
FROM best AS found
JOIN content_push AS p ON p.shown_id = found.id
JOIN content_manuscriptversion AS v ON v.id = found.id
{{own}}
WHERE {{condition}}
ORDER BY found.rank DESC, p.published_at DESC, p.id
LIMIT %(limit)s
"""  # noqa: S608 - put together from constants
_SQL = FOUND.format(
    own="LEFT JOIN content_hallpushdecision AS own ON own.push_id = p.id AND own.hall_id = %(hall)s",
    column='coalesce(own."column", p."column")',
    condition=f"{IS_LISTED} AND (p.mode = 'direct' OR own.decision = 'adopted') AND {MEANT_PUSH}",
)


def search_pushes(hall: Hall, words: str, limit: int = 20) -> list[FoundPush]:
    """Pushes on this hall's site that have all these words, or a title like them; the nearest first. One query."""
    asked = sought(words)
    if not asked.words:
        return []
    parameters = hall_parameters(hall) | asked.parameters | {"limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters)
        return [found_push(row, asked.words) for row in cursor.fetchall()]


def found_push(row: tuple[Any, ...], words: tuple[str, ...]) -> FoundPush:
    """A row of ``FOUND`` as a hit for these words."""
    key, published_at, column, source, title, body, rank = row
    return FoundPush(
        id=key,
        published_at=published_at,
        column=column,
        source=source,
        title=title,
        title_html=highlighted(title, words),
        snippet_html=snippet_of(text_of(body), words),
        rank=rank,
    )
