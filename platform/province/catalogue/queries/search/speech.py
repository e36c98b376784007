"""How citizens say what they want, and what the items are called: read from ``base_list/_synonyms.yaml``."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from foundation.tokenizing import plain_text, sounds_of, syllables_of
from province.catalogue.base_list.reading import BASE_LIST

SYNONYMS: Final[Path] = BASE_LIST / "_synonyms.yaml"
# shorter ones are the beginning of too many words
_LEAST_LETTERS: Final = 2

type Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordGroup:
    """What people say, and the items' names (or parts of them) that are meant, the likeliest first."""

    said: Names
    named: Names


@dataclass(frozen=True, slots=True)
class Speech:
    """``by_words``: what is said → names; ``by_sound``: its syllables → names; ``by_letters``: its sound in one piece
    and its first letters → names. ``silent`` words do not say what is wanted."""

    by_words: Mapping[str, Names]
    by_sound: Mapping[tuple[str, ...], Names]
    by_letters: Mapping[str, Names]
    silent: frozenset[str]
    # the longest saying or silent word that begins somewhere (silent ones of one letter only count as whole words)
    pattern: re.Pattern[str]
    letters_pattern: re.Pattern[str]
    most_syllables: int

    def slips_of(self, typed: str) -> Names:
        """The names that were meant, if one letter of what is said is wrong, missing or too much."""
        known = self.by_letters if typed.isascii() else self.by_words
        return tuple(dict.fromkeys(name for one in known if _is_slip(one, typed) for name in known[one]))


def read_groups(path: Path = SYNONYMS) -> tuple[WordGroup, ...]:
    return tuple(WordGroup(tuple(map(str, one["said"])), tuple(one["named"])) for one in _load(path)["groups"])


def read_silent(path: Path = SYNONYMS) -> frozenset[str]:
    return frozenset(word for line in _load(path)["silent"] for word in line)


@cache
def speech() -> Speech:
    groups, silent = read_groups(), read_silent()
    by_words: dict[str, Names] = {}
    by_sound: dict[tuple[str, ...], Names] = {}
    by_letters: dict[str, Names] = {}
    for group in groups:
        for said in map(plain_text, group.said):
            by_words[said] = group.named
            syllables = tuple(syllables_of(said))
            by_sound[syllables] = _joined(by_sound.get(syllables, ()), group.named)
            for letters in dict.fromkeys(sounds_of(said)):
                if len(letters) >= _LEAST_LETTERS:
                    by_letters[letters] = _joined(by_letters.get(letters, ()), group.named)
    long_silent = [word for word in silent if len(word) >= _LEAST_LETTERS]
    sounds = {sounds_of(word)[0] for word in (*by_words, *long_silent)}
    return Speech(
        by_words=by_words,
        by_sound=by_sound,
        by_letters=by_letters,
        silent=silent,
        pattern=_longest_of((*by_words, *long_silent)),
        letters_pattern=_longest_of(sounds),
        most_syllables=max(map(len, by_sound)),
    )


def _load(path: Path) -> dict[str, list[dict[str, list[str]]]]:
    loaded: dict[str, list[dict[str, list[str]]]] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return loaded


def _joined(first: Names, second: Names) -> Names:
    return tuple(dict.fromkeys((*first, *second)))


def _longest_of(words: Iterable[str]) -> re.Pattern[str]:
    # the first alternative that fits is taken; in a group, so that `split` keeps what was found
    return re.compile(f"({'|'.join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))})")


def _is_slip(known: str, typed: str) -> bool:
    """All but one letter of the longer one stand in both, in the same order, at its beginning and its end."""
    longer = max(len(known), len(typed))
    if abs(len(known) - len(typed)) > 1 or known == typed:
        return False
    same = next((at for at, pair in enumerate(zip(known, typed, strict=False)) if pair[0] != pair[1]), longer - 1)
    at_end = zip(reversed(known[same:]), reversed(typed[same:]), strict=False)
    same_end = next((at for at, pair in enumerate(at_end) if pair[0] != pair[1]), longer)
    return same + min(same_end, longer - 1 - same) >= longer - 1
