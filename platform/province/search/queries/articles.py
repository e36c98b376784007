"""Search over the articles of all halls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.safestring import SafeString

from foundation.full_text.asking import BEST_OF_HITS, TextHits, shown_hits
from foundation.search import Sought, highlighted, snippet_of, sought
from province.halls.models import Hall
from province.halls.queries.sites import OPEN_STATES, site_address, with_domain
from province.search.queries.indexing import ARTICLES, within_province


@dataclass(frozen=True, slots=True)
class SiteArticleHit:
    """``address`` leads to the hall's own site. ``title_html`` and ``snippet_html`` are safe, hits in ``<mark>``."""

    address: str
    hall_name: str
    published_at: datetime
    title_html: SafeString
    snippet_html: SafeString


_OPEN_HALLS: Final = Hall.objects.filter(state__in=OPEN_STATES, domains__is_primary=True)
_FOUND: Final = """
WITH {best}
SELECT a.id, a.hall_id, a.published_at, a.title, a.text
FROM best AS found
JOIN search_sitearticle AS a ON a.id = found.id
WHERE a.hall_id IN ({{open_halls}})
ORDER BY found.rank DESC, a.published_at DESC, a.id
LIMIT %(limit)s
"""
# of the newest that have all the words the nearest are chosen; where fewer than ``few`` have them, titles
# like what was typed come after them
_MOST: Final = 1_000
_FEW: Final = 100
# shorter pieces of a title have no trigram: all titles would be read
_LEAST_LETTERS: Final = 3
_BEST: Final = """
    by_words AS MATERIALIZED (
        SELECT id, 1 + ts_rank(vector, to_tsquery('simple', %(query)s)) AS rank FROM (
            SELECT id, vector FROM search_sitearticle
            WHERE vector @@ to_tsquery('simple', %(query)s) ORDER BY published_at DESC LIMIT %(most)s) AS newest),
    by_title AS MATERIALIZED (
        SELECT id, similarity(title, %(typed)s) AS rank FROM (
            SELECT id, title FROM search_sitearticle
            WHERE %(asks_titles)s AND (SELECT count(*) FROM by_words) < %(few)s
            AND (title ILIKE %(pattern)s OR title %% %(typed)s) ORDER BY published_at DESC LIMIT %(most)s) AS newest),
    best AS (
        SELECT id, max(rank) AS rank FROM (SELECT * FROM by_words UNION ALL SELECT * FROM by_title) AS hits GROUP BY id)
"""
_BY_WORDS: Final = _FOUND.format(best=_BEST)
_AMONG_HITS: Final = _FOUND.format(best=BEST_OF_HITS)


def search_site_articles(words: str, *, limit: int) -> list[SiteArticleHit]:
    """Articles on open sites of all halls that have all these words, or a title like them; the nearest first, of the
    1,000 newest that have them. Two queries."""
    asked = sought(words)
    if not asked.words:
        return []

    def look_up(hits: TextHits) -> list[SiteArticleHit]:
        return _found(_AMONG_HITS, hits.parameters | {"limit": len(hits.ids)}, asked.words)

    shown = shown_hits(ARTICLES, asked, within_province(), limit=limit, look_up=look_up)
    return shown if shown is not None else _found(_BY_WORDS, _asked(asked) | {"limit": limit}, asked.words)


def _asked(asked: Sought) -> dict[str, Any]:
    """What ``_BEST`` asks for. A single short word also begins longer ones, for titles are not asked for it."""
    parameters: dict[str, Any] = {**asked.parameters, "most": _MOST, "few": _FEW}
    is_short = len(asked.typed) < _LEAST_LETTERS
    if is_short:
        parameters["query"] = f"{parameters['query']}:*"
    return parameters | {"asks_titles": not is_short}


def _found(sql: str, parameters: dict[str, Any], words: tuple[str, ...]) -> list[SiteArticleHit]:
    with connection.cursor() as cursor:
        # stays a subquery: there may be 29,000
        open_halls = cursor.mogrify(*_OPEN_HALLS.values("pk").query.sql_with_params()).decode()
        cursor.execute(sql.format(open_halls=open_halls), parameters)
        rows = cursor.fetchall()
    halls = with_domain(Hall.objects.filter(pk__in={hall_id for _, hall_id, *_ in rows})).in_bulk()
    return [
        SiteArticleHit(
            address=f"{site_address(halls[hall_id].domain_name)}/a/{key}/",
            hall_name=halls[hall_id].name,
            published_at=published_at,
            title_html=highlighted(title, words),
            snippet_html=snippet_of(text, words),
        )
        for key, hall_id, published_at, title, text in rows
    ]
