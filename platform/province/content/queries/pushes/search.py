"""Search over the pushes of a hall's site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.safestring import SafeString

from foundation.full_text.asking import BEST_OF_HITS, TextHits, Within, shown_hits
from foundation.full_text.clients import is_chosen
from foundation.html import text_of
from foundation.search import Sought, best_hits, highlighted, snippet_of, sought
from province.content.queries.indexing import PUSHES, within_hall
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


# best: the hits, by what; own: joins; column: of the hit; condition: which pushes of readers
_FOUND = """
WITH {best}
SELECT p.id, p.published_at, {column}, v.source, v.title, v.body, found.rank
FROM best AS found
JOIN content_push AS p ON {by} = found.id
JOIN content_manuscriptversion AS v ON v.id = p.shown_id
{own}
WHERE {condition}
ORDER BY found.rank DESC, p.published_at DESC, p.id
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class PushSearch:
    """One question in two forms: by the words, and for hits of the search engine, whose documents are pushes."""

    by_words: str
    among_hits: str

    @classmethod
    def of(cls, **parts: str) -> "PushSearch":
        by_words = _FOUND.format(best=best_hits("content_manuscriptversion"), by="p.shown_id", **parts)
        return cls(by_words, _FOUND.format(best=BEST_OF_HITS, by="p.id", **parts))


_OF_HALL = PushSearch.of(
    own="LEFT JOIN content_hallpushdecision AS own ON own.push_id = p.id AND own.hall_id = %(hall)s",
    column='coalesce(own."column", p."column")',
    condition=f"{IS_LISTED} AND (p.mode = 'direct' OR own.decision = 'adopted') AND {MEANT_PUSH}",
)


def search_pushes(hall: Hall, words: str, limit: int = 20) -> list[FoundPush]:
    """Pushes on this hall's site that have all these words, or a title like them; the nearest first. One query, and two
    where the search engine is asked first."""
    asked = sought(words)
    if not asked.words:
        return []
    return found_pushes(_OF_HALL, asked, within_hall(hall) if is_chosen() else None, hall_parameters(hall), limit)


def found_pushes(
    search: PushSearch, asked: Sought, within: Within | None, parameters: dict[str, Any], limit: int
) -> list[FoundPush]:
    """What the search engine finds and the database shows; what the database finds by itself, where there is none."""

    def look_up(hits: TextHits) -> list[FoundPush]:
        most = {"limit": len(hits.ids)}
        return _found(search.among_hits, parameters | hits.parameters | most, asked.words)

    if within and (shown := shown_hits(PUSHES, asked, within, limit=limit, look_up=look_up)) is not None:
        return shown
    return _found(search.by_words, parameters | asked.parameters | {"limit": limit}, asked.words)


def _found(sql: str, parameters: dict[str, Any], words: tuple[str, ...]) -> list[FoundPush]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_found_push(row, words) for row in cursor.fetchall()]


def _found_push(row: tuple[Any, ...], words: tuple[str, ...]) -> FoundPush:
    """A row of ``_FOUND`` as a hit for these words."""
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
