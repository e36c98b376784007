"""Items by citizens' words, among the versions that somebody may see (a hall: those that it shows now).

How the order comes about:

1. What was typed is taken apart into terms (``questions``). Words of one meaning are read as one (掉了 as 丢). Sayings
   come first, the longest before the others, also those of several words that stand apart (身份证 … 丢); then other
   words; silent words fall out. Letters without tones are read as words where they are made of known ones.
2. A term finds an item by signs of a grade: people call the item so (44, one less for each later name of a group); it
   stands in the name (40); four letters or more sound so (34); it is a word of a longer saying (30); it sounds so (20:
   homophones, pinyin, first letters); it is a saying but for one letter (15); it stands among the words of conditions,
   materials, results and questions (10). The best one counts, times the term's length (twice, if it is a saying); a
   word that is none counts the less, the more items have it. A code finds
   the item that answers to it now, also one that it bore before.
3. Words, pairs of letters and letters of the question lean to the items in whose sayings they stand, the more so, the
   fewer items have them (``leanings``): 16 points for each unit of what they tell, for at most eight names, none by
   chance. A question that is one saying and nothing else needs none, nor does one all of whose words stand in an item.
4. Points of all terms add up, and of the name where all of it was typed; terms that no item has thus say
   nothing. Whatever has no more than five eighths of the best item's points (a third, if a saying means it) is left
   out: a search for 身份证 does not find all items that want to see one.
5. Whose name or code was typed exactly comes first; then the most points; then what can be applied for, before
   penalties, inspections and disclosure; then the shorter name; then the code.
6. Where no term finds anything, names that resemble what was typed, or its sound, by trigrams.

It reads the rows of the given versions and no others: what it costs depends on how many a hall shows, not on how many
halls there are, nor on how many versions there ever were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final
from uuid import UUID

from cachetools import LRUCache, cached
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from foundation.search import like_pattern
from province.catalogue.models import ItemVersion
from province.catalogue.queries.search.questions import SearchQuestion, Sign, question
from province.catalogue.queries.search.speech import KeptSpeech, generation_of_words, kept_speech, speech_of
from province.catalogue.queries.search.version_ids import ids_sql
from standards.items.codelists import APPLIED

# how alike (0 to 1) a name must be to count as found, and to be asked about
_FOUND: Final = 0.6
_CLOSE: Final = 0.35
_CLOSE_ITEMS: Final = 5
# the grade of a name that was typed
WHOLE: Final = 50

# questions that a process keeps taken apart
_MOST_KEPT: Final = 256

# so many words that stand in one item's texts, all of them, are hardly there by chance
_LEAST_TERMS: Final = 3

# `|| ''`: unpacked once, not for every sign
_SHOWN: Final = """
WITH shown AS MATERIALIZED (
    SELECT v.id, v.item_id, v.name AS shown_name, lower(normalize(v.name, NFKC)) AS name, i.basic_code AS code,
        d.name AS department, i.family, i.item_type = ANY(%s) AS is_applied, v.sounds || '' AS sounds, {words} AS words
    FROM catalogue_itemversion AS v
    JOIN catalogue_item AS i ON i.id = v.item_id
    JOIN catalogue_department AS d ON d.id = v.department_id
    WHERE v.id {ids})
"""
_COLUMNS: Final = "s.id, s.item_id, s.shown_name, s.code, s.department, s.family, s.is_applied"
_GENERATION: Final = "(SELECT mark FROM catalogue_wordgeneration)"
_FOUND_SQL: Final = f"""{_SHOWN},
signs AS (
    SELECT * FROM unnest(%s::int[], %s::int[], %s::bool[], %s::int[], %s::text[], %s::text[])
        AS sign(term, weight, is_saying, grade, place, pattern)),
hits AS (
    SELECT s.id, sign.term, sign.is_saying, sign.weight * max(sign.grade)
        / CASE WHEN sign.is_saying THEN 1 ELSE 1 + ln(count(*) OVER (PARTITION BY sign.term)) / 4 END AS points
    FROM shown AS s
    JOIN signs AS sign ON CASE sign.place
        WHEN 'name' THEN s.name WHEN 'sounds' THEN s.sounds WHEN 'code' THEN s.code ELSE s.words END LIKE sign.pattern
        OR (sign.place = 'code' AND EXISTS (SELECT FROM catalogue_itemcode AS led
            WHERE led.item_id = s.item_id AND led.code LIKE sign.pattern))
    GROUP BY s.id, sign.term, sign.weight, sign.is_saying),
asked AS (SELECT %s::int AS terms),
told AS (
    SELECT id, coalesce(sum(points) FILTER (WHERE term <= terms), 0) AS points, bool_or(is_saying) AS is_said,
        coalesce(sum(points) FILTER (WHERE term > terms), 0) AS leaning,
        terms >= {_LEAST_TERMS} AND count(*) FILTER (WHERE term < terms) = terms AS has_all
    FROM hits, asked GROUP BY id, terms),
ranked AS (
    SELECT id, is_said, points + CASE WHEN has_all OR NOT bool_or(has_all) OVER () THEN leaning ELSE 0 END AS points
    FROM told)
SELECT {_GENERATION}, best.*
FROM (VALUES (1)) AS one LEFT JOIN (
SELECT {_COLUMNS}, row_number() OVER (ORDER BY
    %s IN (s.name, s.code) DESC, ranked.points DESC, s.is_applied DESC, char_length(s.name), s.code, s.id) AS place
FROM ranked
JOIN shown AS s USING (id)
WHERE ranked.points * CASE WHEN ranked.is_said THEN 3 ELSE 1.6 END > (SELECT max(points) FROM ranked)
ORDER BY place
LIMIT %s) AS best ON true
ORDER BY best.place
"""  # noqa: S608 - put together from constants
_CLOSE_SQL: Final = f"""{_SHOWN},
near AS (
    SELECT s.*, greatest(similarity(name, %s), word_similarity(%s, split_part(sounds, ' | ', 2))) AS likeness
    FROM shown AS s)
SELECT {_GENERATION}, best.*
FROM (VALUES (1)) AS one LEFT JOIN (
SELECT {_COLUMNS}, row_number() OVER (ORDER BY
    s.likeness DESC, s.is_applied DESC, char_length(s.name), s.code, s.id) AS place
FROM near AS s
WHERE s.likeness >= %s
ORDER BY place
LIMIT %s) AS best ON true
ORDER BY best.place
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One version of an item that may be what was asked for. ``is_applied``: people apply for it."""

    version_id: UUID
    item_id: UUID
    name: str
    basic_code: str
    department: str
    family: str
    is_applied: bool


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, and how the words were understood."""

    asked: SearchQuestion
    items: list[FoundItem]


def found_items(
    words: str | SearchQuestion, *, version_ids: Sequence[UUID] | QuerySet[ItemVersion], limit: int = 20
) -> list[FoundItem]:
    """The items that were found, the best first; none where nothing was said (no words, or silent ones alone).

    ``version_ids``: ids, or the versions as a queryset (``items_valid_at(now).filter(…)``), which stays a subquery.
    ``words``: who has them taken apart already hands over the question.
    """
    if isinstance(words, str):
        return search_items(words, version_ids=version_ids, limit=limit).items
    return _found(words, version_ids, limit)[1]


def search_items(words: str, *, version_ids: Sequence[UUID] | QuerySet[ItemVersion], limit: int = 20) -> Search:
    """What ``found_items`` finds, by the rules that are in force now. Their generation comes with the answer; only if
    it is another than this process knows, the words are taken apart and looked for anew."""
    known = kept_speech()
    while True:
        asked = _taken_apart(words, known)
        mark, items = _found(asked, version_ids, limit)
        if mark == known.mark:
            return Search(asked, items)
        known = speech_of(mark)


@cached(LRUCache(_MOST_KEPT), key=lambda words, known: (words, known.mark), lock=Lock())
def _taken_apart(words: str, known: KeptSpeech) -> SearchQuestion:
    """Once for a generation of the rules. A page that searches asks for the same several times, and who proves a push
    asks every site for its title."""
    return question(words, known.speech)


def close_items(
    words: str | SearchQuestion, *, version_ids: Sequence[UUID] | QuerySet[ItemVersion], limit: int = _CLOSE_ITEMS
) -> list[FoundItem]:
    """The nearest few items where nothing was found, which a page may ask about (您是不是要找)."""
    asked = question(words) if isinstance(words, str) else words
    return _items_like(asked, version_ids, limit, _CLOSE)[1] if asked.terms else []


# the generation of the rules, and what was found
type _Answer = tuple[UUID | None, list[FoundItem]]


def _found(asked: SearchQuestion, version_ids: Sequence[UUID] | QuerySet[ItemVersion], limit: int) -> _Answer:
    if not asked.terms:
        return generation_of_words(), []
    mark, items = _items_found(asked, version_ids, limit)
    return (mark, items) if items else _items_like(asked, version_ids, limit, _FOUND)


def _items_found(asked: SearchQuestion, version_ids: Sequence[UUID] | QuerySet[ItemVersion], limit: int) -> _Answer:
    signs = [
        (number, term.weight, term.is_saying, sign.grade, sign.place, _pattern(sign))
        for number, term in enumerate(asked.terms)
        for sign in term.signs
    ]
    signs.extend((len(asked.terms) + 1, 1, True, sign.grade, sign.place, _pattern(sign)) for sign in asked.leanings)
    # a name as it stands: sayings may have taken its words for something else
    name = like_pattern(asked.typed).strip("%")
    signs.append((len(asked.terms), len(asked.typed) * 2, True, WHOLE, "name", name))
    columns = [list(column) for column in zip(*signs, strict=True)]
    return _items(_FOUND_SQL, "' ' || v.search_words", version_ids, [*columns, len(asked.terms), asked.typed, limit])


def _pattern(sign: Sign) -> str:
    return like_pattern(sign.part, is_prefix=sign.place == "code")


def _items_like(
    asked: SearchQuestion, version_ids: Sequence[UUID] | QuerySet[ItemVersion], limit: int, least: float
) -> _Answer:
    return _items(_CLOSE_SQL, "''", version_ids, [asked.bare, asked.sound, least, limit])


def _items(sql: str, words: str, version_ids: Sequence[UUID] | QuerySet[ItemVersion], params: list[Any]) -> _Answer:
    try:
        ids, shown = ids_sql(version_ids)
    except EmptyResultSet:
        return generation_of_words(), []
    with connection.cursor() as cursor:
        cursor.execute(sql.format(ids=ids, words=words), [sorted(APPLIED), *shown, *params])
        rows = cursor.fetchall()
    # where nothing is found, one row has the generation alone
    return rows[0][0], [FoundItem(*row[1:-1]) for row in rows if row[1] is not None]
