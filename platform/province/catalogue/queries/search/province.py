"""Items over the whole province: the search engine, where there is one, says which come into question; which of them
count, and their order, the database says by the same rules (``found``)."""

from functools import partial
from typing import TYPE_CHECKING, Final

from django.db.models import QuerySet

from foundation.full_text.asking import Within, contains, find_hits, is_up_to_date
from province.catalogue.models import ItemVersion
from province.catalogue.queries.indexing import EVERYWHERE, ITEMS
from province.catalogue.queries.search.found import WHOLE, FoundItem, found_items
from province.catalogue.queries.search.questions import SearchQuestion, Sign, question

if TYPE_CHECKING:
    from elasticsearch.dsl.query import Query

# versions that are looked at: by their points in the engine, which are those of the database but for how rare a word is
_MOST: Final = 500


def items_of_province(words: str, versions: QuerySet[ItemVersion], *, limit: int) -> list[FoundItem]:
    """As ``found_items`` of these versions."""
    find = partial(found_items, words, limit=limit)
    if is_up_to_date(ITEMS) and (asked := question(words)).terms:
        hits = find_hits(ITEMS, _query(asked), Within(any_of=(EVERYWHERE,)), size=_MOST)
        # a name that was published just now may not be filed yet: where nothing is found, all are looked at
        if hits and hits.ids and (found := find(version_ids=versions.filter(pk__in=hits.ids))):
            return found
    return find(version_ids=versions)


def _query(asked: SearchQuestion) -> "Query":
    """Of each term the best sign counts; the terms add up, as in the database."""
    from elasticsearch.dsl import Q  # noqa: PLC0415 - a client that only those load who have a server

    terms = [
        Q("dis_max", queries=[_counted(sign, sign.grade * term.weight) for sign in term.signs]) for term in asked.terms
    ]
    whole = _constant(contains("name", asked.typed), WHOLE * 2 * len(asked.typed))
    return Q("bool", should=[*terms, whole], minimum_should_match=1)


def _counted(sign: Sign, points: int) -> "Query":
    return _constant(_query_of(sign), points)


def _query_of(sign: Sign) -> "Query":
    if sign.place == "code":
        return contains("code", sign.part, is_prefix=True)
    # a word in letters is found by its beginning
    return contains(sign.place, sign.part.strip() if sign.place == "words" else sign.part, is_prefix=_begins(sign))


def _begins(sign: Sign) -> bool:
    return sign.place == "words" and sign.part.startswith(" ")


def _constant(query: "Query", points: int) -> "Query":
    from elasticsearch.dsl import Q  # noqa: PLC0415 - a client that only those load who have a server

    return Q("constant_score", filter=query, boost=points)
