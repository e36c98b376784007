"""Search over a hall's site: its own articles and the pushes to it in one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.safestring import SafeString

from foundation.html import text_of
from foundation.search import best_hits, highlighted, snippet_of, sought
from province.content.queries.pushes import search_pushes
from province.halls.models import Hall


@dataclass(frozen=True, slots=True)
class SiteHit:
    """``title_html`` and ``snippet_html`` are safe; what was searched for stands in ``<mark>``."""

    address: str
    is_push: bool
    published_at: datetime
    column: str
    source: str
    title_html: SafeString
    snippet_html: SafeString
    rank: float


# the versions that the hall has published itself
_SQL = f"""
WITH {best_hits("portal_articleversion")}
SELECT a.id, a.published_at, c.code, v.source, v.title, v.body, found.rank
FROM best AS found
JOIN portal_article AS a ON a.published_id = found.id AND a.state = 'published'
JOIN portal_column AS c ON c.id = a.column_id AND c.is_visible
JOIN portal_articleversion AS v ON v.id = found.id
ORDER BY found.rank DESC, a.published_at DESC, a.id
LIMIT %(limit)s
"""  # noqa: S608 - put together from constants


def search_site(hall: Hall, words: str, *, limit: int) -> list[SiteHit]:
    """What has all these words, or a title like them; the nearest first, of equal ones the newest. Two queries."""
    hits = [*_own_hits(words, limit), *_push_hits(hall, words, limit)]
    return sorted(hits, key=lambda hit: (hit.rank, hit.published_at), reverse=True)[:limit]


def _push_hits(hall: Hall, words: str, limit: int) -> Iterator[SiteHit]:
    for found in search_pushes(hall, words, limit):
        yield SiteHit(
            address=f"/p/{found.id}/",
            is_push=True,
            published_at=found.published_at,
            column=found.column,
            source=found.source,
            title_html=found.title_html,
            snippet_html=found.snippet_html,
            rank=found.rank,
        )


def _own_hits(words: str, limit: int) -> Iterator[SiteHit]:
    asked = sought(words)
    if not asked.words:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked.parameters | {"limit": limit})
        rows = cursor.fetchall()
    for key, published_at, column, source, title, body, rank in rows:
        yield SiteHit(
            address=f"/a/{key}/",
            is_push=False,
            published_at=published_at,
            column=column,
            source=source,
            title_html=highlighted(title, asked.words),
            snippet_html=snippet_of(text_of(body), asked.words),
            rank=rank,
        )
