"""How citizens say what they want, and what the items are called: rules that people edit (``WordRule``), at first those
of ``base_list/_synonyms.yaml``."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Final
from uuid import UUID

import yaml

from foundation.tokenizing import plain_text, sounds_of, syllables_of
from province.catalogue.base_list.reading import BASE_LIST
from province.catalogue.models import WordGeneration, WordRule
from province.catalogue.queries.search.leanings import Leanings, leanings_of
from province.catalogue.states import WordKind

SYNONYMS: Final[Path] = BASE_LIST / "_synonyms.yaml"
# shorter ones are the beginning of too many words
_LEAST_LETTERS: Final = 2
# a pattern that fits nowhere: of no words at all
NOTHING: Final = r"(?!)"

# names by which a word of a longer saying still tells what is meant
_MOST_NAMES: Final = 3

_MOST_SPELLED: Final = 50_000

type Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordGroup:
    """What people say, and the items' names (or parts of them) that are meant, the likeliest first. A saying of
    several words parted by spaces is said where all of them are, in any order."""

    said: Names
    named: Names


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that is known of how people say things. ``alike``: words of one meaning, the one that sayings use first;
    ``silent_lines``: words that do not say what is wanted."""

    silent_lines: tuple[Names, ...]
    alike: tuple[Names, ...]
    groups: tuple[WordGroup, ...]

    @property
    def silent(self) -> frozenset[str]:
        return frozenset(word for line in self.silent_lines for word in line)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A saying; where it has several words, they may stand apart."""

    parts: Names
    names: Names


@dataclass(frozen=True, slots=True)
class Speech:
    """``by_words``: what is said → names; ``by_sound``: its syllables → names; ``by_letters``: its sound in one piece
    and its first letters → names; ``by_part``: a word of sayings of several words that stands in few of them → names;
    ``phrases``: all sayings, also those of several words, by their first letter. Whatever is compared with them is made
    ``plain`` before."""

    by_words: Mapping[str, Names]
    by_sound: Mapping[tuple[str, ...], Names]
    by_letters: Mapping[str, Names]
    by_part: Mapping[str, Names]
    phrases: Mapping[str, list[Phrase]]
    silent: frozenset[str]
    meant: Mapping[str, str]
    alike_pattern: re.Pattern[str]
    # the longest saying or silent word that begins somewhere (silent ones of one letter only count as whole words)
    pattern: re.Pattern[str]
    letters_pattern: re.Pattern[str]
    most_syllables: int
    # how a word of the vocabulary is typed without Chinese letters → the word
    spelled: Mapping[str, str]
    longest_spelled: int
    leanings: Leanings

    def slips_of(self, typed: str) -> Names:
        """The names that were meant, if one letter of what is said is wrong, missing or too much."""
        known = self.by_letters if typed.isascii() else self.by_words
        return tuple(dict.fromkeys(name for one in known if _is_slip(one, typed) for name in known[one]))

    def plain(self, text: str) -> tuple[str, list[tuple[int, int]]]:
        """A text in the words that sayings use, and for every letter of it where it stands in the text that was
        given."""
        letters: list[str] = []
        places: list[tuple[int, int]] = []
        at = 0
        for found in self.alike_pattern.finditer(text):
            letters.extend(text[at : found.start()])
            places.extend((place, place + 1) for place in range(at, found.start()))
            word = self.meant[found[0]]
            letters.extend(word)
            places.extend([found.span()] * len(word))
            at = found.end()
        letters.extend(text[at:])
        places.extend((place, place + 1) for place in range(at, len(text)))
        return "".join(letters), places

    def phrases_among(self, plain: str) -> Iterator[Phrase]:
        """The sayings whose words all stand in a text."""
        for letter in dict.fromkeys(plain):
            for phrase in self.phrases.get(letter, ()):
                if all(part in plain for part in phrase.parts) and not any(
                    _is_cut(part, plain) for part in phrase.parts
                ):
                    yield phrase

    def in_chinese(self, letters: str) -> str:
        """What was typed without tones as words of the vocabulary (shenfenzhengdiule → 身份证丢了); "" where it is not
        made of two or more of them."""
        best: list[Names | None] = [()] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self.longest_spelled), end):
                before, word = best[start], self.spelled.get(letters[start:end])
                if before is not None and word and ((now := best[end]) is None or len(now) > len(before) + 1):
                    best[end] = (*before, word)
        words = best[-1] or ()
        return "".join(words) if len(words) > 1 else ""


def read_vocabulary(path: Path = SYNONYMS) -> Vocabulary:
    """The words that a province begins with."""
    loaded = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return Vocabulary(
        silent_lines=tuple(tuple(map(str, line)) for line in loaded["silent"]),
        alike=tuple(tuple(map(str, line)) for line in loaded["alike"]),
        groups=tuple(WordGroup(tuple(map(str, one["said"])), tuple(one["named"])) for one in loaded["groups"]),
    )


# spelling takes most of the time; after a change nearly all words are the same
@lru_cache(maxsize=_MOST_SPELLED)
def _syllables(word: str) -> tuple[str, ...]:
    return tuple(syllables_of(word))


@lru_cache(maxsize=_MOST_SPELLED)
def _sounds(word: str) -> tuple[str, str]:
    return sounds_of(word)


@dataclass(frozen=True, slots=True)
class KeptSpeech:
    """What a process has made of the rules, and of which generation (None: of the file)."""

    mark: UUID | None
    speech: Speech


_kept: list[KeptSpeech] = []
# each thread that found none would make its own, some 25 MB at once that the process never gives back
_making = Lock()


def kept_speech() -> KeptSpeech:
    """What this process made last; it may be older than the rules. Asks nothing but the first time."""
    return _kept[0] if _kept else speech_of(generation_of_words())


def generation_of_words() -> UUID | None:
    return WordGeneration.objects.values_list("mark", flat=True).first()


def speech_of(mark: UUID | None) -> KeptSpeech:
    """What the rules say that are in force, made anew where this process has another generation than this one, which
    must have been read before: newer rules under an old mark are read again, never the other way round."""
    kept = _kept[0] if _kept else None
    if kept is None or kept.mark != mark:
        with _making:
            kept = _kept[0] if _kept else None
            if kept is None or kept.mark != mark:
                kept = KeptSpeech(mark, made_of(_in_force() if mark else read_vocabulary()))
                _kept[:] = [kept]
    return kept


def speech() -> Speech:
    """How citizens speak by the rules as they are now: one query, and two where they were changed since."""
    return speech_of(generation_of_words()).speech


def vocabulary_of(rules: Iterable[WordRule]) -> Vocabulary:
    """What rules say together."""
    kinds: dict[str, list[WordRule]] = {kind: [] for kind in WordKind}
    for rule in rules:
        kinds[rule.kind].append(rule)
    return Vocabulary(
        silent_lines=tuple(tuple(rule.words) for rule in kinds[WordKind.SILENT]),
        alike=tuple(tuple(rule.words) for rule in kinds[WordKind.ALIKE]),
        groups=tuple(WordGroup(tuple(rule.words), tuple(rule.named)) for rule in kinds[WordKind.SAYING]),
    )


def _in_force() -> Vocabulary:
    """Of one who has just begun to change the file's rules there is none yet."""
    rules = list(WordRule.objects.filter(is_removed=False).order_by("id"))
    return vocabulary_of(rules) if rules or WordRule.objects.exists() else read_vocabulary()


def made_of(vocabulary: Vocabulary) -> Speech:
    meant = {plain_text(word): plain_text(line[0]) for line in vocabulary.alike for word in line}
    alike_pattern = _longest_of(meant)
    silent = frozenset(map(plain_text, vocabulary.silent))

    # sayings share their words, and several mean one thing: most have been asked for before
    @cache
    def plain(text: str) -> str:
        return alike_pattern.sub(lambda found: meant[found[0]], plain_text(text))

    plain_name = cache(plain_text)

    by_words: dict[str, Names] = {}
    by_sound: dict[tuple[str, ...], Names] = {}
    by_letters: dict[str, Names] = {}
    phrases: dict[frozenset[str], Phrase] = {}
    for group in vocabulary.groups:
        for written in group.said:
            parts = tuple(map(plain, written.split()))
            names = _joined(phrases[key].names, group.named) if (key := frozenset(parts)) in phrases else group.named
            phrases[key] = Phrase(parts, names)
            if len(parts) > 1:
                continue
            said = parts[0]
            if len(said) < _LEAST_LETTERS:
                del phrases[key]
                continue
            by_words[said] = _joined(by_words.get(said, ()), group.named)
            syllables = _syllables(said)
            by_sound[syllables] = _joined(by_sound.get(syllables, ()), group.named)
            for letters in dict.fromkeys((*_sounds(said), *_sounds(plain_text(written)))):
                if len(letters) >= _LEAST_LETTERS:
                    by_letters[letters] = _joined(by_letters.get(letters, ()), group.named)
    by_letter: dict[str, list[Phrase]] = {}
    for phrase in phrases.values():
        by_letter.setdefault(phrase.parts[0][0], []).append(phrase)
    by_part = _telling_parts(phrases.values(), known=by_words.keys() | silent)
    words = [part for phrase in phrases.values() for part in phrase.parts] + [*meant, *silent]
    spelled = {_sounds(word)[0]: word for word in reversed(words) if len(word) >= _LEAST_LETTERS}
    long_silent = [word for word in map(plain, silent) if len(word) >= _LEAST_LETTERS]
    sounds = {_sounds(word)[0] for word in (*by_words, *long_silent)}
    return Speech(
        by_words=by_words,
        by_sound=by_sound,
        by_letters=by_letters,
        by_part=by_part,
        phrases=by_letter,
        silent=silent | {plain(word) for word in silent},
        meant=meant,
        alike_pattern=alike_pattern,
        pattern=_longest_of((*by_words, *by_part, *long_silent)),
        letters_pattern=_longest_of(sounds),
        most_syllables=max(map(len, by_sound), default=0),
        spelled=spelled,
        longest_spelled=max(map(len, spelled), default=0),
        leanings=leanings_of(
            [(phrase.parts, list(map(plain_name, phrase.names))) for phrase in phrases.values()],
            {plain(word) for word in silent},
        ),
    )


def _is_cut(part: str, text: str) -> bool:
    """Whether it is a number that stands in the text within a longer one: codes of items hold all numbers."""
    return part.isdecimal() and part not in re.findall(r"\d+", text)


def _telling_parts(phrases: Iterable[Phrase], *, known: AbstractSet[str]) -> dict[str, Names]:
    """Words of sayings that are said of few things; what is said of many tells nothing by itself."""
    found: dict[str, Names] = {}
    for phrase in phrases:
        for part in phrase.parts if len(phrase.parts) > 1 else ():
            if len(part) >= _LEAST_LETTERS and part not in known:
                found[part] = _joined(found.get(part, ()), phrase.names)
    return {part: names for part, names in found.items() if len(names) <= _MOST_NAMES}


def _joined(first: Names, second: Names) -> Names:
    return tuple(dict.fromkeys((*first, *second)))


def _longest_of(words: Iterable[str]) -> re.Pattern[str]:
    # the first alternative that fits is taken; in a group, so that `split` keeps what was found
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(f"({'|'.join(map(re.escape, ordered))})" if ordered else NOTHING)


def _is_slip(known: str, typed: str) -> bool:
    """All but one letter of the longer one stand in both, in the same order, at its beginning and its end."""
    longer = max(len(known), len(typed))
    if abs(len(known) - len(typed)) > 1 or known == typed:
        return False
    same = next((at for at, pair in enumerate(zip(known, typed, strict=False)) if pair[0] != pair[1]), longer - 1)
    at_end = zip(reversed(known[same:]), reversed(typed[same:]), strict=False)
    same_end = next((at for at, pair in enumerate(at_end) if pair[0] != pair[1]), longer)
    return same + min(same_end, longer - 1 - same) >= longer - 1
