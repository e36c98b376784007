"""Where the words of a question lean to: what no saying holds is still said in words that stand in the sayings of few
items."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Final

# words and pairs of letters tell more than single letters
_WORD, _PAIR, _LETTER = 1.0, 1.0, 0.5
# a letter more of a word tells so much more
_PER_LETTER: Final = 0.3
_LONGEST: Final = 8
# of the later names of a group
_LATER: Final = 0.5
# how much more often said tells more, and how much an item with many sayings gets less for one (BM25: k1 and b)
_SATURATION: Final = 1.2
_BY_LENGTH: Final = 0.3
_MOST_NAMES: Final = 8
# what tells less than this, or than such a part of what tells the most, is chance
_LEAST: Final = 12
_LEAST_PART: Final = 0.4
# fewer letters are words that are looked for as they stand
_LEAST_LETTERS: Final = 6
_MOST_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Leanings:
    """``told``: word, pair (``_`` before it) or single letter of sayings → the names that are said so, each with what
    it tells. ``silent``: what is left out of a question before."""

    told: Mapping[str, Sequence[tuple[str, float]]]
    silent: re.Pattern[str]
    silent_letters: AbstractSet[str]

    def of(self, plain: str) -> list[tuple[str, float]]:
        """Names and points, the most first, of a text in the words of sayings."""
        text = self.silent.sub(" ", plain)
        if len(text.replace(" ", "")) < _LEAST_LETTERS:
            return []
        points: defaultdict[str, float] = defaultdict(float)
        for sign in self._signs(text):
            for name, told in self.told.get(sign, ()):
                points[name] += told
        least = max(_LEAST, max(points.values(), default=0) * _LEAST_PART)
        leant = [one for one in points.items() if one[1] >= least]
        return sorted(leant, key=lambda one: (-one[1], one[0]))[:_MOST_NAMES]

    def _signs(self, text: str) -> set[str]:
        words = {text[at : at + length] for at in range(len(text)) for length in range(2, _LONGEST + 1)}
        return words | _pairs_of(text) | (_letters_of(text) - self.silent_letters)


def leanings_of(sayings: Iterable[tuple[Sequence[str], Sequence[str]]], silent: AbstractSet[str]) -> Leanings:
    """``sayings``: the words of a saying and the names that it means, all of them plain."""
    said: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    lengths: defaultdict[str, float] = defaultdict(float)
    names: dict[str, None] = {}
    silent_letters = {word for word in silent if len(word) == 1}

    def take(words: Iterable[str], name: str, share: float) -> None:
        for word in words:
            for sign in _signs_of_word(word):
                if sign not in silent_letters:
                    said[sign][name] += share
                    lengths[name] += share

    for words, named in sayings:
        for number, name in enumerate(named[:2]):
            names[name] = None
            take(words, name, _LATER if number else 1)
    for name in names:
        take([name], name, 1)
    usual = sum(lengths.values()) / max(1, len(lengths))
    told = {}
    for sign, among in said.items():
        rare = log(1 + (len(lengths) - len(among) + 0.5) / (len(among) + 0.5)) * _weight(sign)
        told[sign] = [
            (
                name,
                rare
                * often
                * (_SATURATION + 1)
                / (often + _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * lengths[name] / usual)),
            )
            for name, often in among.items()
        ]
    long_silent = sorted((word for word in silent if len(word) > 1), key=lambda word: (-len(word), word))
    silence = re.compile("|".join(map(re.escape, long_silent))) if long_silent else re.compile(r"(?!)")
    return Leanings(told, silence, silent_letters)


@lru_cache(maxsize=_MOST_KEPT)
def _signs_of_word(word: str) -> frozenset[str]:
    return frozenset({word} | _pairs_of(word) | _letters_of(word))


def _pairs_of(text: str) -> set[str]:
    pairs = (text[at : at + 2] for at in range(len(text) - 1))
    return {f"_{pair}" for pair in pairs if " " not in pair and not pair.isascii()}


def _letters_of(text: str) -> set[str]:
    return {letter for letter in text if not letter.isascii()}


def _weight(sign: str) -> float:
    if sign.startswith("_"):
        return _PAIR
    return _LETTER if len(sign) == 1 else _WORD + _PER_LETTER * (len(sign) - 2)
