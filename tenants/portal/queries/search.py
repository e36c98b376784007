"""Search over a hall's site: its own articles and the pushes to it in one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString

from foundation.full_text.asking import BEST_OF_HITS, TextHits, shown_hits
from foundation.html import text_of
from foundation.search import best_hits, highlighted, snippet_of, sought
from province.content.queries.pushes import search_pushes
from province.halls.models import Hall
from province.search.queries.indexing import ARTICLES, within_hall


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


# the versions that the hall has published itself; an article and its version name each other, so either key finds both
_FOUND = """
WITH {best}
SELECT a.id, a.published_at, c.code, v.source, v.title, v.body, found.rank
FROM best AS found
JOIN (portal_article AS a JOIN portal_articleversion AS v ON v.id = a.published_id AND v.article_id = a.id)
    ON {by} = found.id AND a.state = 'published'
JOIN portal_column AS c ON c.id = a.column_id AND c.is_visible
ORDER BY found.rank DESC, a.published_at DESC, a.id
LIMIT %(limit)s
"""
_BY_WORDS = _FOUND.format(best=best_hits("portal_articleversion"), by="v.id")
_AMONG_HITS = _FOUND.format(best=BEST_OF_HITS, by="a.id")


def search_site(hall: Hall, words: str, *, limit: int) -> list[SiteHit]:
    """What has all these words, or a title like them; the nearest first, of equal ones the newest. Two queries, by
    either engine."""
    hits = [*_own_hits(hall, words, limit), *_push_hits(hall, words, limit)]
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


def _own_hits(hall: Hall, words: str, limit: int) -> list[SiteHit]:
    asked = sought(words)
    if not asked.words:
        return []

    def look_up(hits: TextHits) -> list[SiteHit]:
        return list(_found(_AMONG_HITS, hits.parameters | {"limit": len(hits.ids)}, asked.words))

    shown = shown_hits(ARTICLES, asked, within_hall(hall.pk), limit=limit, look_up=look_up)
    return shown if shown is not None else list(_found(_BY_WORDS, asked.parameters | {"limit": limit}, asked.words))


def _found(sql: str, parameters: dict[str, Any], words: tuple[str, ...]) -> Iterator[SiteHit]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    for key, published_at, column, source, title, body, rank in rows:
        yield SiteHit(
            address=f"/a/{key}/",
            is_push=False,
            published_at=published_at,
            column=column,
            source=source,
            title_html=highlighted(title, words),
            snippet_html=snippet_of(text_of(body), words),
            rank=rank,
        )
