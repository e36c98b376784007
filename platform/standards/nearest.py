"""What somebody may have meant by a word that there is not, among those that there are."""

import heapq
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

# each of them costs a tenth of a millisecond where words are long and alike
_MOST_COMPARED: Final = 10


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.4) -> str:
    """The known word most like this one; "" where none is. Among many, only those are compared that share most pairs of
    letters with it, for comparing costs the square of their length."""
    words = list(known)
    if len(words) > _MOST_COMPARED:
        pairs = _pairs(word)
        words = heapq.nlargest(_MOST_COMPARED, words, key=lambda one: _likeness(pairs, one))
    found = get_close_matches(word, words, n=1, cutoff=cutoff)
    return found[0] if found else ""


def _likeness(pairs: Collection[str], other: str) -> int:
    theirs = _pairs(other)
    return 2 * len(theirs.intersection(pairs)) - len(theirs)


@lru_cache(maxsize=4_096)
def _pairs(word: str) -> frozenset[str]:
    """Letters, and each with the one behind it; of a long word the beginning."""
    short = word[:80]
    return frozenset((*short, *map(str.__add__, short, short[1:])))
