"""Search over the pushes of a hall's site."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from foundation.html import text_of
from foundation.words import query_words
from province.content.queries.pushes.matching import IS_LISTED, MEANT_PUSH, hall_parameters
from province.halls.models import Hall

_MOST_WORDS = 12
# characters of a snippet, and how many of them stand before the first hit
_SNIPPET = 120
_LEAD = 30


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


# the words, all of them, in title or text; or a title that contains or resembles what was typed (a name that the word
# list does not know, a slip of the finger)
_SQL = f"""
WITH hits AS MATERIALIZED (
    SELECT v.id, 1 + ts_rank(to_tsvector('simple', v.search_words), to_tsquery('simple', %(query)s)) AS rank
    FROM content_manuscriptversion AS v
    WHERE to_tsvector('simple', v.search_words) @@ to_tsquery('simple', %(query)s)
    UNION ALL
    SELECT v.id, similarity(v.title, %(typed)s) AS rank
    FROM content_manuscriptversion AS v
    WHERE v.title ILIKE %(pattern)s OR v.title %% %(typed)s
)
SELECT p.id, p.published_at, coalesce(own."column", p."column"), v.source, v.title, v.body, found.rank
FROM (SELECT id, max(rank) AS rank FROM hits GROUP BY id) AS found
JOIN content_push AS p ON p.shown_id = found.id
JOIN content_manuscriptversion AS v ON v.id = found.id
LEFT JOIN content_hallpushdecision AS own ON own.push_id = p.id AND own.hall_id = %(hall)s
WHERE {IS_LISTED} AND (p.mode = 'direct' OR own.decision = 'adopted') AND {MEANT_PUSH}
ORDER BY found.rank DESC, p.published_at DESC, p.id
LIMIT %(limit)s
"""  # noqa: S608 - put together from constants


def search_pushes(hall: Hall, words: str, limit: int = 20) -> list[FoundPush]:
    """Pushes on this hall's site that have all these words, or a title like them; the nearest first. One query."""
    wanted = query_words(words)[:_MOST_WORDS]
    if not wanted:
        return []
    typed = words.strip()
    pattern = "".join(f"\\{character}" if character in "\\%_" else character for character in typed)
    parameters = hall_parameters(hall) | {
        # the words hold letters and digits alone, so nothing in them is an operator of tsquery
        "query": " & ".join(wanted),
        "typed": typed,
        "pattern": f"%{pattern}%",
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters)
        rows = cursor.fetchall()
    return [
        FoundPush(key, at, column, source, title, highlighted(title, wanted), snippet_of(text_of(body), wanted), rank)
        for key, at, column, source, title, body, rank in rows
    ]


def snippet_of(text: str, words: list[str]) -> SafeString:
    """Some 120 characters of a plain text around its first hit, as safe HTML."""
    hit = _any_of(words).search(text)
    start = max(0, hit.start() - _LEAD) if hit else 0
    end = start + _SNIPPET
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return mark_safe(f"{before}{highlighted(text[start:end], words)}{after}")  # noqa: S308 - highlighted is safe


def highlighted(text: str, words: list[str]) -> SafeString:
    """A plain text as safe HTML, every one of the words in ``<mark>``; of overlapping words the longest."""
    # split by a group: what lies between the hits, and the hits, by turns
    pieces: list[str] = [escape(piece) for piece in _any_of(words).split(text)]
    pieces[1::2] = [f"<mark>{hit}</mark>" for hit in pieces[1::2]]
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile(f"({'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})", re.IGNORECASE)
