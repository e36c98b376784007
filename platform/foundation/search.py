"""The rule of every search over texts in PostgreSQL, and how its hits are shown.

A text is found by all the words that were typed, in title or body; or by a title that contains or resembles what was
typed (a name that the word list does not know, a slip of the finger).
"""

import re
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from foundation.tokenizing import query_words

_MOST_WORDS = 12
# characters of a snippet, and how many of them stand before the first hit
_SNIPPET = 120
_LEAD = 30


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody typed, as its words; none of them: there is nothing to search for."""

    typed: str
    words: tuple[str, ...]

    @property
    def parameters(self) -> dict[str, str]:
        """What ``best_hits`` asks for."""
        return {
            # the words hold letters and digits alone, so nothing in them is an operator of tsquery
            "query": " & ".join(self.words),
            "typed": self.typed,
            "pattern": like_pattern(self.typed),
        }


def as_typed(text: str, most: int) -> str:
    """What somebody typed into a field of an address: without NUL, which the database cannot take, and cut."""
    return text.replace("\0", "").strip()[:most]


def like_pattern(part: str, *, is_prefix: bool = False) -> str:
    """What LIKE takes for "stands in it" or "begins it", whatever signs of its own the text has."""
    escaped = "".join(f"\\{character}" if character in "\\%_" else character for character in part)
    return f"{escaped}%" if is_prefix else f"%{escaped}%"


def sought(text: str) -> Sought:
    return Sought(text.strip(), tuple(query_words(text)[:_MOST_WORDS]))


def best_hits(table: str) -> str:
    """SQL of a common table expression ``best(id, rank)`` over a table with ``title`` and ``search_words``; ``rank``:
    the greater, the nearer."""
    return f"""
    hits AS MATERIALIZED (
        SELECT v.id, 1 + ts_rank(to_tsvector('simple', v.search_words), to_tsquery('simple', %(query)s)) AS rank
        FROM {table} AS v
        WHERE to_tsvector('simple', v.search_words) @@ to_tsquery('simple', %(query)s)
        UNION ALL
        SELECT v.id, similarity(v.title, %(typed)s) AS rank
        FROM {table} AS v
        WHERE v.title ILIKE %(pattern)s OR v.title %% %(typed)s),
    best AS (SELECT id, max(rank) AS rank FROM hits GROUP BY id)
    """  # noqa: S608 - the table's name is a constant of the caller


def snippet_of(text: str, words: tuple[str, ...]) -> SafeString:
    """Some 120 characters of a plain text around its first hit, as safe HTML."""
    hit = _any_of(words).search(text)
    start = max(0, hit.start() - _LEAD) if hit else 0
    end = start + _SNIPPET
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return mark_safe(f"{before}{highlighted(text[start:end], words)}{after}")  # noqa: S308 - highlighted is safe


def highlighted(text: str, words: tuple[str, ...]) -> SafeString:
    """A plain text as safe HTML, every one of the words in ``<mark>``; of overlapping words the longest."""
    # split by a group: what lies between the hits, and the hits, by turns
    pieces: list[str] = [escape(piece) for piece in _any_of(words).split(text)]
    pieces[1::2] = [f"<mark>{hit}</mark>" for hit in pieces[1::2]]
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped


def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"({'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})", re.IGNORECASE)
