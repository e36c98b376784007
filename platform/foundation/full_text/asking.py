"""Ask for hits. They are only ids: what shows them looks in the database whether they may be seen now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog
from prometheus_client import Counter

from foundation.full_text.clients import EngineAway, engine, is_chosen, outages
from foundation.full_text.indexes import TextIndex, letters_of
from foundation.full_text.unfiled import BEHIND, is_behind
from foundation.search import Sought

if TYPE_CHECKING:
    from elasticsearch.dsl import Search
    from elasticsearch.dsl.query import Query

# hits of which most may be withdrawn since, before the list is left short
_ROUNDS: Final = 3
_LARGER: Final = 5
# of so many hits that have all the words nobody gets to those whose title is only like what was typed: to compare
# letters in a million titles costs several times as much as all else
_ENOUGH: Final = 100
# of more than so many that have all the words the newest are ranked, as PostgreSQL does it: what nearly every article
# says tells nothing of how near it is
_NEWEST: Final = 1_000
# how much of a title's letters must be there where a slip of the finger is one
_ALIKE: Final = "70%"
_SHORTEST_ALIKE: Final = 3

log = structlog.get_logger(__name__)
_without = Counter("yizhan_search_without_engine", "Searches that the database answered in its place", ["reason"])


@dataclass(frozen=True, slots=True)
class Within:
    """What hits are kept to. ``any_of``: keys of which a document has at least one; ``none_of``: keys of which it has
    none; ``place``: where alone they lie; ``since``: nothing older, in milliseconds since 1970."""

    any_of: tuple[str, ...]
    none_of: tuple[str, ...] = ()
    place: str = ""
    since: int | None = None


@dataclass(frozen=True, slots=True)
class _FoundByWords:
    """``since``: when the last of the ``_NEWEST`` newest was published, in milliseconds since 1970; None where there
    are fewer, or some of them have no day."""

    are_enough: bool
    since: int | None


@dataclass(frozen=True, slots=True)
class TextHits:
    """Ids, the nearest first, each with its rank: the greater, the nearer."""

    ids: tuple[UUID, ...] = ()
    ranks: tuple[float, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """What ``BEST_OF_HITS`` asks for."""
        return {"hit_ids": list(self.ids), "hit_ranks": list(self.ranks)}


# in place of foundation.search.best_hits
BEST_OF_HITS: Final = """
    best AS (SELECT * FROM unnest(%(hit_ids)s::uuid[], %(hit_ranks)s::float8[]) AS hit(id, rank))
"""


def shown_hits[T](
    index: TextIndex, asked: Sought, within: Within, *, limit: int, look_up: Callable[[TextHits], Sequence[T]]
) -> list[T] | None:
    """What the server finds and ``look_up`` finds right, the nearest first; None where the server does not answer or is
    behind, and PostgreSQL is to be asked. What was withdrawn leaves the next ones their place."""
    if not is_up_to_date(index):
        return None
    by_words = _by_words(asked)
    found = _found_by_words(index, by_words, within)
    if found is None:
        return None
    query = by_words if found.are_enough else _by_words_or_title(asked, by_words)
    return shown_hits_of(index, query, replace(within, since=found.since), limit=limit, look_up=look_up)


def shown_hits_of[T](
    index: TextIndex, query: "Query", within: Within, *, limit: int, look_up: Callable[[TextHits], Sequence[T]]
) -> list[T] | None:
    shown: list[T] = []
    start, size = 0, limit * 2
    for _ in range(_ROUNDS):
        hits = find_hits(index, query, within, start=start, size=size)
        if hits is None:
            return None
        if hits.ids:
            shown.extend(look_up(hits))
        if len(shown) >= limit or len(hits.ids) < size:
            break
        start, size = start + size, size * _LARGER
    return shown[:limit]


def is_up_to_date(index: TextIndex) -> bool:
    """Whether there is a server to ask, and what has changed stands in its index. One query, where there is one."""
    if not is_chosen():
        return False
    if is_behind(index):
        _note(index, "behind", f"a change has waited for more than {BEHIND} seconds")
        return False
    return True


def find_hits(index: TextIndex, query: "Query", within: Within, *, start: int = 0, size: int) -> TextHits | None:
    """So many hits from the one at ``start`` on; None where there is no server, it is away, or it lacks the index."""

    def nearest(search: "Search") -> "Search":
        # of equally near ones the newest, as PostgreSQL has it
        search = search.sort("_score", {"published_at": {"order": "desc", "missing": "_last"}})
        search = search.params(search_type="dfs_query_then_fetch").source(includes=[])
        return search[start : start + size].extra(track_scores=True, track_total_hits=False)

    return _answer(index, query, within, nearest, _hits_of)


def _found_by_words(index: TextIndex, by_words: "Query", within: Within) -> _FoundByWords | None:
    """How many have all the words, as far as it matters. It costs the server next to nothing: it counts no further,
    and passes over what is older."""

    def newest(search: "Search") -> "Search":
        search = search.sort({"published_at": {"order": "desc", "missing": "_last"}}).source(includes=[])
        return search[_NEWEST - 1 : _NEWEST].extra(track_total_hits=_ENOUGH)

    return _answer(index, by_words, within, newest, _found_by_words_of)


def _answer[T](
    index: TextIndex,
    query: "Query",
    within: Within,
    narrow: "Callable[[Search], Search]",
    read: Callable[[dict[str, Any]], T],
) -> T | None:
    """``read``: raises KeyError, TypeError or ValueError for an answer that is none."""
    if not is_chosen():
        return None
    from elasticsearch import ApiError, NotFoundError  # noqa: PLC0415 - a client that only those load who have a server
    from elasticsearch.dsl import Search  # noqa: PLC0415 - a client that only those load who have a server

    search = Search(using=engine(), index=index.alias).query(_kept_to(query, within))
    search = narrow(search.params(routing=within.place) if within.place else search)
    try:
        with outages():
            answer = search.execute().to_dict()
            try:
                return read(answer)
            except (KeyError, TypeError, ValueError) as error:
                message = "no answer to what was asked"
                raise EngineAway(message) from error
    except EngineAway as error:
        _note(index, "away", str(error))
    except NotFoundError:
        _note(index, "unbuilt", "it was never built")
    except ApiError as error:
        _note(index, "refused", str(error))
    return None


def _hits_of(answer: dict[str, Any]) -> TextHits:
    hits = answer["hits"]["hits"]
    return TextHits(tuple(UUID(hit["_id"]) for hit in hits), tuple(float(hit["_score"]) for hit in hits))


def _found_by_words_of(answer: dict[str, Any]) -> _FoundByWords:
    hits = answer["hits"]
    since = next((int(hit["sort"][0]) for hit in hits["hits"]), None)
    # what has no day comes last, as if it were older than all others
    return _FoundByWords(int(hits["total"]["value"]) >= _ENOUGH, since if since and since > 0 else None)


def _note(index: TextIndex, reason: str, why: str) -> None:
    _without.labels(reason).inc()
    log.warning("search_without_engine", index=index.name, reason=reason, why=why)


def _by_words(asked: Sought) -> "Query":
    """All the words, best where they stand in the title. Words go in as they are: nothing in them is syntax."""
    from elasticsearch.dsl import Q  # noqa: PLC0415 - a client that only those load who have a server

    words = " ".join(asked.words)
    every = Q("match", words={"query": words, "operator": "and"})
    in_title = Q("match", title={"query": words, "operator": "and", "boost": 2})
    return Q("bool", must=[every], should=[in_title], boost=4)


def _by_words_or_title(asked: Sought, by_words: "Query") -> "Query":
    """The rule of ``foundation.search``: all the words, or a title that contains or resembles what was typed."""
    from elasticsearch.dsl import Q  # noqa: PLC0415 - a client that only those load who have a server

    near = [by_words]
    if letters := letters_of(asked.typed):
        near.append(Q("match_phrase", letters={"query": letters, "boost": 2}))
        if len(letters.split()) > _SHORTEST_ALIKE:
            near.append(Q("match", letters={"query": letters, "minimum_should_match": _ALIKE, "boost": 0.1}))
    return Q("dis_max", queries=near)


def _kept_to(query: "Query", within: Within) -> "Query":
    from elasticsearch.dsl import Q  # noqa: PLC0415 - a client that only those load who have a server

    kept = [Q("term", is_shown=True), Q("terms", keys=list(within.any_of))]
    if within.since:
        kept.append(Q("range", published_at={"gte": within.since, "format": "epoch_millis"}))
    left_out = [Q("terms", keys=list(within.none_of))] if within.none_of else []
    return Q("bool", must=[query], filter=kept, must_not=left_out)


def contains(field: str, part: str, *, is_prefix: bool = False) -> "Query":
    """A keyword that has the part in it or begins with it, whatever signs of its own the part has."""
    from elasticsearch.dsl import Q  # noqa: PLC0415 - a client that only those load who have a server

    if is_prefix:
        return Q("prefix", **{field: part})
    escaped = "".join(f"\\{letter}" if letter in "\\*?" else letter for letter in part)
    return Q("wildcard", **{field: {"value": f"*{escaped}*"}})
