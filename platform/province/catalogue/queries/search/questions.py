"""What somebody typed to find an item, taken apart into terms and the signs by which the database knows them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from foundation.tokenizing import plain_text, query_words, runs_of, syllables_of
from province.catalogue.queries.search.speech import Names, Phrase, Speech, speech

# what is longer is read no further: nobody asks for an item in more letters
_MOST_LETTERS: Final = 100
_MOST_TERMS: Final = 12
# of a name's letters without Chinese ones; fewer stand in every name
_LEAST_LATIN: Final = 3
# a slip in fewer letters makes another word
_SLIP_LETTERS: Final = 4
_SLIP_LATIN: Final = 5
# of as many letters that sound alike it is a slip; of fewer, chance
_SOUND_LETTERS: Final = 3
# a saying tells more than a word that happens to stand in many names
_SAYING: Final = 2
# a Chinese letter is two or three letters of its sound
_LATIN_PER_LETTER: Final = 3
_CODE_DIGITS: Final = 4
# one saying alone says what is meant
_LEAST_LEANING: Final = 2
# points of a search for what words lean to
_LEANING: Final = 16

# how well a sign says that the item is meant; what people call so tells more than a name that has the word by chance
_AS_SAID, _IN_NAME, _LONG_SOUNDS, _PART, _SOUNDS, _SLIPPED, _IN_TEXT = 44, 40, 34, 30, 20, 15, 10
# a letter of a saying that stands so many letters away from its words may be part of another word
_FAR: Final = 36
_MOST_BETWEEN: Final = 5
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
    is_saying: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """``typed`` as it would stand in a name; ``bare`` and ``sound``: what is left of it without silent words.
    ``leanings``: names that the words lean to, each with its points; none where a saying says all."""

    typed: str
    terms: tuple[Term, ...]
    leanings: tuple[Sign, ...] = ()

    @property
    def bare(self) -> str:
        return "".join(term.said for term in self.terms)

    @property
    def sound(self) -> str:
        return "".join(syllables_of(self.bare))


def question(text: str, known: Speech | None = None) -> SearchQuestion:
    known = known or speech()
    text = text.replace("\0", "")[:_MOST_LETTERS]
    runs = runs_of(text)
    if runs and all(map(_is_latin, runs)):
        if chinese := known.in_chinese("".join(runs)):
            runs = [chinese]
        else:
            return _question(text, list(_latin_terms(runs, known)))
    asked = _question(text, _chinese_terms(runs, known))
    return asked if _is_all_said(asked) else replace(asked, leanings=tuple(_leanings(" ".join(runs), known)))


def _question(text: str, terms: list[Term]) -> SearchQuestion:
    different = {term.said: term for term in terms}
    return SearchQuestion(plain_text(text).strip(), tuple(different.values())[:_MOST_TERMS])


def _is_all_said(asked: SearchQuestion) -> bool:
    """Whether it is one saying and nothing else, or nothing at all."""
    return len(asked.terms) < _LEAST_LEANING and all(term.is_saying for term in asked.terms)


def _leanings(written: str, known: Speech) -> Iterator[Sign]:
    for name, told in known.leanings.of(known.plain(written)[0]):
        yield Sign("name", name, round(told * _LEANING))


def _chinese_terms(runs: list[str], known: Speech) -> list[Term]:
    """Sayings of several words first; what stands in none of them is read on, stretch by stretch."""
    written = " ".join(runs)
    plain, places = known.plain(written)
    taken = [False] * len(plain)
    terms = []
    candidates = list(_candidates(plain, known))
    while candidates:
        free = [[at for at in within if not taken[at]] for _, within, _ in candidates]
        # what says the most of what no other has said; of as much, what stands in one piece
        best = max(
            range(len(candidates)),
            key=lambda one: (len(free[one]), -len(candidates[one][0].parts), candidates[one][2]),
        )
        phrase, within, grade = candidates.pop(best)
        # what lies mostly within others says less than they
        if len(free[best]) * 2 < len(within):
            continue
        for at in free[best]:
            taken[at] = True
        terms.append(_phrase(phrase, len(free[best]), grade))
    for start, end in _free(plain, taken):
        terms.extend(_terms_of(plain[start:end], [places[at] for at in range(start, end)], written, known))
    return terms


def _part(word: str, written: str, names: Names) -> Term:
    """A word that people say together with others which are missing here."""
    signs = [Sign("name", written, _IN_NAME), *_named(names, _PART), Sign("words", written, _IN_TEXT)]
    return Term(word, len(word), tuple(signs))


def _candidates(plain: str, known: Speech) -> Iterator[tuple[Phrase, list[int], int]]:
    """The sayings whose words are all in the text, and those that sound like a stretch of it; with the places of their
    letters, and how well each says what is meant."""
    for phrase in known.phrases_among(plain):
        spans = [(plain.find(part), len(part)) for part in phrase.parts]
        within = [at for start, length in spans for at in range(start, start + length)]
        yield phrase, within, _FAR if _is_far(phrase, within) else _AS_SAID
    syllables = syllables_of(plain)
    if len(syllables) != len(plain):
        return
    for start in range(len(plain)):
        for end in range(start + _SOUND_LETTERS, min(len(plain), start + known.most_syllables) + 1):
            if names := known.by_sound.get(tuple(syllables[start:end])):
                grade = _LONG_SOUNDS if end - start > _SOUND_LETTERS else _SOUNDS
                yield Phrase((plain[start:end],), names), list(range(start, end)), grade


def _is_far(phrase: Phrase, within: list[int]) -> bool:
    """Whether a letter stands alone, far from the words that it is said with: it may belong to another word."""
    gaps = max(within) - min(within) + 1 - len(within)
    return gaps > _MOST_BETWEEN and any(len(part) == 1 for part in phrase.parts)


def _free(plain: str, taken: list[bool]) -> Iterator[tuple[int, int]]:
    """The stretches of letters that no saying has taken."""
    start = 0
    for at in range(len(plain) + 1):
        if at == len(plain) or taken[at] or plain[at] == " ":
            if at > start:
                yield start, at
            start = at + 1


def _terms_of(run: str, places: list[tuple[int, int]], written: str, known: Speech) -> Iterator[Term]:
    """The sayings in it, and the words between them as they were written."""
    syllables = syllables_of(run)

    def between(start: int, end: int) -> str:
        return written[places[start][0] : places[end - 1][1]] if end > start else ""

    rest = at = 0
    while at < len(run):
        if not (said := _said_at(run, at, syllables if len(syllables) == len(run) else [], known)):
            at += 1
            continue
        yield from _unknown(between(rest, at), known)
        end, names, grade = said
        if names and grade == _PART:
            yield _part(run[at:end], between(at, end), names)
        elif names:
            yield _chinese(run[at:end], names, grade)
        rest = at = end
    yield from _unknown(between(rest, len(run)), known)


def _phrase(phrase: Phrase, letters: int, grade: int) -> Term:
    if len(phrase.parts) == 1:
        return replace(_chinese(phrase.parts[0], phrase.names, grade), weight=letters * _SAYING)
    return Term(" ".join(phrase.parts), (letters + 1) * _SAYING, tuple(_named(phrase.names, grade)), is_saying=True)


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
    # part of a longer number: of a code, not what people say
    if written is None or (written[0].isdecimal() and _goes_on(run, at, written.end())):
        return None
    if names := known.by_words.get(written[0]):
        return written.end(), names, _AS_SAID
    return written.end(), known.by_part.get(written[0], ()), _PART


def _goes_on(run: str, start: int, end: int) -> bool:
    """Whether there are digits right before or after a number."""
    return run[max(0, start - 1) : start].isdecimal() or run[end : end + 1].isdecimal()


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
    return Term(piece, max(2, len(piece) // _LATIN_PER_LETTER) * (_SAYING if names else 1), tuple(signs), bool(names))


def _chinese(word: str, names: Names, grade: int) -> Term:
    """Digits too: they stand in names and texts, and a code begins with them."""
    signs = [Sign("name", word, _IN_NAME), *_named(names, grade)]
    if word.isdecimal() and len(word) >= _CODE_DIGITS:
        signs.append(Sign("code", word, _IN_NAME))
    syllables = syllables_of(word)
    if len(syllables) > 1:
        signs.append(Sign("sounds", f" {' '.join(syllables)} ", _SOUNDS))
    signs.append(Sign("words", f" {word}" if word.isascii() else word, _IN_TEXT))
    return Term(word, len(word) * (_SAYING if names else 1), tuple(signs), bool(names))


def _named(names: Names, grade: int) -> Iterator[Sign]:
    """The likeliest first."""
    for number, name in enumerate(names):
        yield Sign("name", plain_text(name), grade - min(number, _MOST_LESS))
