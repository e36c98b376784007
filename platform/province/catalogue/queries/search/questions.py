"""What somebody typed to find an item, taken apart into terms and the signs by which the database knows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from foundation.tokenizing import plain_text, query_words, runs_of, syllables_of
from province.catalogue.queries.search.speech import Names, Speech, speech

# what is longer is read no further: nobody asks for an item in more letters
_MOST_LETTERS: Final = 100
_MOST_TERMS: Final = 12
# of a name's letters without Chinese ones; fewer stand in every name
_LEAST_LATIN: Final = 3
# a slip in fewer letters makes another word
_SLIP_LETTERS: Final = 4
_SLIP_LATIN: Final = 5
# a saying tells more than a word that happens to stand in many names
_SAYING: Final = 2
# a Chinese letter is two or three letters of its sound
_LATIN_PER_LETTER: Final = 3
_CODE_DIGITS: Final = 4

# how well a sign says that the item is meant; what people call so tells more than a name that has the word by chance
_AS_SAID, _IN_NAME, _SOUNDS, _SLIPPED, _IN_TEXT = 44, 40, 20, 15, 10
# the later names of a group tell a little less, but no less than a name that has the word by chance
_MOST_LESS: Final = 4


@dataclass(frozen=True, slots=True)
class Sign:
    """``place``: name, sounds, words or code; ``part`` stands in it."""

    place: str
    part: str
    grade: int


@dataclass(frozen=True, slots=True)
class Term:
    """One word or saying. ``weight``: its letters, for the longer ones tell more; those of a saying count twice."""

    said: str
    weight: int
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """``typed`` as it would stand in a name; ``bare`` and ``sound``: what is left of it without silent words."""

    typed: str
    terms: tuple[Term, ...]

    @property
    def bare(self) -> str:
        return "".join(term.said for term in self.terms)

    @property
    def sound(self) -> str:
        return "".join(syllables_of(self.bare))


def question(text: str) -> SearchQuestion:
    text = text.replace("\0", "")[:_MOST_LETTERS]
    runs = runs_of(text)
    known = speech()
    if runs and all(map(_is_latin, runs)):
        terms = list(_latin_terms(runs, known))
    else:
        terms = [term for run in runs for term in _terms_of(run, known)]
    different = {term.said: term for term in terms}
    return SearchQuestion(plain_text(text).strip(), tuple(different.values())[:_MOST_TERMS])


def _terms_of(run: str, known: Speech) -> Iterator[Term]:
    """The sayings in it, and the words between them."""
    syllables = syllables_of(run)
    rest = at = 0
    while at < len(run):
        if not (said := _said_at(run, at, syllables if len(syllables) == len(run) else [], known)):
            at += 1
            continue
        yield from _unknown(run[rest:at], known)
        end, names, grade = said
        if names:
            yield _chinese(run[at:end], names, grade)
        rest = at = end
    yield from _unknown(run[rest:], known)


def _said_at(run: str, at: int, syllables: list[str], known: Speech) -> tuple[int, Names, int] | None:
    """Where the longest saying ends that begins there, and what it means (a silent word: nothing).

    Another letter of the same sound may stand for the right one, unless a saying that is written rightly begins in
    between."""
    written = known.pattern.match(run, at)
    shortest = max(at + 1, written.end() if written else 0)
    for end in range(min(len(syllables), at + known.most_syllables), shortest, -1):
        names = known.by_sound.get(tuple(syllables[at:end]))
        if names and not any(known.pattern.match(run, later) for later in range(at + 1, end)):
            return end, names, _SOUNDS
    if written is None:
        return None
    return written.end(), known.by_words.get(written[0], ()), _AS_SAID


def _unknown(piece: str, known: Speech) -> Iterator[Term]:
    """A saying with a slip; else its words."""
    if _is_latin(piece):
        yield from _latin_terms([piece], known)
    elif len(piece) >= _SLIP_LETTERS and (names := known.slips_of(piece)):
        yield _chinese(piece, names, _SLIPPED)
    else:
        yield from _words(piece, known)


def _words(piece: str, known: Speech) -> Iterator[Term]:
    """Letters that stand alone are put together: the word list tears apart what it does not know."""
    alone = ""
    for word in [*query_words(piece), ""]:
        if len(word) == 1 and word not in known.silent:
            alone += word
            continue
        if len(alone) > 1:
            yield _chinese(alone, (), 0)
        alone = ""
        if word and word not in known.silent:
            yield _chinese(word, (), 0)


def _latin_terms(runs: list[str], known: Speech) -> Iterator[Term]:
    """Sounds, in one piece (dibao), by syllables (di bao) or by first letters (sbk)."""
    joined = "".join(runs)
    if joined in known.by_letters:
        yield _latin(joined, known.by_letters[joined], _AS_SAID)
        return
    for run in runs if all(len(run) >= _LEAST_LATIN for run in runs) and not _are_syllables(runs, known) else [joined]:
        for number, piece in enumerate(known.letters_pattern.split(run)):
            if piece in known.by_letters:
                yield _latin(piece, known.by_letters[piece], _AS_SAID)
            elif len(piece) >= _LEAST_LATIN and not number % 2:
                slips = known.slips_of(piece) if len(piece) >= _SLIP_LATIN else ()
                yield _latin(piece, slips, _SLIPPED)


def _are_syllables(runs: list[str], known: Speech) -> bool:
    syllables = {syllable for said in known.by_sound for syllable in said}
    return len(runs) > 1 and syllables.issuperset(runs)


def _is_latin(run: str) -> bool:
    return run.isascii() and run.isalpha()


def _latin(piece: str, names: Names, grade: int) -> Term:
    signs = [Sign("name", piece, _IN_NAME), *_named(names, grade), Sign("words", f" {piece}", _IN_TEXT)]
    if len(piece) >= _LEAST_LATIN:
        signs.append(Sign("sounds", piece, _SOUNDS))
    return Term(piece, max(2, len(piece) // _LATIN_PER_LETTER) * (_SAYING if names else 1), tuple(signs))


def _chinese(word: str, names: Names, grade: int) -> Term:
    """Digits too: they stand in names and texts, and a code begins with them."""
    signs = [Sign("name", word, _IN_NAME), *_named(names, grade)]
    if word.isdecimal() and len(word) >= _CODE_DIGITS:
        signs.append(Sign("code", word, _IN_NAME))
    syllables = syllables_of(word)
    if len(syllables) > 1:
        signs.append(Sign("sounds", f" {' '.join(syllables)} ", _SOUNDS))
    signs.append(Sign("words", f" {word}" if word.isascii() else word, _IN_TEXT))
    return Term(word, len(word) * (_SAYING if names else 1), tuple(signs))


def _named(names: Names, grade: int) -> Iterator[Sign]:
    """The likeliest first."""
    for number, name in enumerate(names):
        yield Sign("name", plain_text(name), grade - min(number, _MOST_LESS))
