"""Search over the articles of all halls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.safestring import SafeString

from foundation.full_text.asking import BEST_OF_HITS, TextHits, shown_hits
from foundation.search import best_hits, highlighted, snippet_of, sought
from province.halls.queries.sites import OPEN_STATES, site_address
from province.search.queries.indexing import ARTICLES, within_province


@dataclass(frozen=True, slots=True)
class SiteArticleHit:
    """``address`` leads to the hall's own site. ``title_html`` and ``snippet_html`` are safe, hits in ``<mark>``."""

    address: str
    hall_name: str
    published_at: datetime
    title_html: SafeString
    snippet_html: SafeString


_FOUND: Final = """
WITH {best}
SELECT a.id, a.published_at, d.domain, h.name, a.title, a.text
FROM best AS found
JOIN search_sitearticle AS a ON a.id = found.id
JOIN halls_hall AS h ON h.id = a.hall_id AND h.state = ANY(%(open)s)
JOIN halls_halldomain AS d ON d.tenant_id = h.id AND d.is_primary
ORDER BY found.rank DESC, a.published_at DESC, a.id
LIMIT %(limit)s
"""
_BY_WORDS: Final = _FOUND.format(best=best_hits("search_sitearticle"))
_AMONG_HITS: Final = _FOUND.format(best=BEST_OF_HITS)


def search_site_articles(words: str, *, limit: int) -> list[SiteArticleHit]:
    """Articles on open sites of all halls that have all these words, or a title like them; the nearest first. One
    query."""
    asked = sought(words)
    if not asked.words:
        return []

    def look_up(hits: TextHits) -> list[SiteArticleHit]:
        return _found(_AMONG_HITS, hits.parameters | {"limit": len(hits.ids)}, asked.words)

    shown = shown_hits(ARTICLES, asked, within_province(), limit=limit, look_up=look_up)
    return shown if shown is not None else _found(_BY_WORDS, asked.parameters | {"limit": limit}, asked.words)


def _found(sql: str, parameters: dict[str, Any], words: tuple[str, ...]) -> list[SiteArticleHit]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"open": [str(state) for state in OPEN_STATES]})
        rows = cursor.fetchall()
    return [
        SiteArticleHit(
            address=f"{site_address(domain)}/a/{key}/",
            hall_name=hall_name,
            published_at=published_at,
            title_html=highlighted(title, words),
            snippet_html=snippet_of(text, words),
        )
        for key, published_at, domain, hall_name, title, text in rows
    ]
