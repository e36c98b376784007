"""Search over the pushes of a hall's site."""

from dataclasses import dataclass
from datetime import datetime
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


_SQL = f"""
WITH {best_hits("content_manuscriptversion")}
SELECT p.id, p.published_at, coalesce(own."column", p."column"), v.source, v.title, v.body, found.rank
FROM best AS found
JOIN content_push AS p ON p.shown_id = found.id
JOIN content_manuscriptversion AS v ON v.id = found.id
LEFT JOIN content_hallpushdecision AS own ON own.push_id = p.id AND own.hall_id = %(hall)s
WHERE {IS_LISTED} AND (p.mode = 'direct' OR own.decision = 'adopted') AND {MEANT_PUSH}
ORDER BY found.rank DESC, p.published_at DESC, p.id
LIMIT %(limit)s
"""  # noqa: S608 - put together from constants


def search_pushes(hall: Hall, words: str, limit: int = 20) -> list[FoundPush]:
    """Pushes on this hall's site that have all these words, or a title like them; the nearest first. One query."""
    asked = sought(words)
    if not asked.words:
        return []
    parameters = hall_parameters(hall) | asked.parameters | {"limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters)
        rows = cursor.fetchall()
    return [
        FoundPush(
            id=key,
            published_at=published_at,
            column=column,
            source=source,
            title=title,
            title_html=highlighted(title, asked.words),
            snippet_html=snippet_of(text_of(body), asked.words),
            rank=rank,
        )
        for key, published_at, column, source, title, body, rank in rows
    ]
