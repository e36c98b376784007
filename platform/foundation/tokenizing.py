"""Chinese words for PostgreSQL's ``simple`` full text, which itself knows only spaces."""

import os
import re
from collections.abc import Callable, Iterator
from functools import cache

from foundation.text_encoding import nfkc

# a lexeme may have 2,046 bytes; what is longer than this is no word
LONGEST_WORD = 80
# a tsvector may have 1 MB; more words than this are not indexed
MOST_WORDS = 60_000
# characters of a name that are sounded: no name has more, and to sound a body's worth takes a quarter of a minute
LONGEST_NAME = 500

# letters and digits of any script. Whatever else PostgreSQL's parser would read a meaning into (dots, hyphens, slashes:
# host names, e-mail addresses, negative numbers) and what tsquery takes for an operator never gets there.
_WORD = re.compile(r"[^\W_]+")


def search_words(*texts: str) -> str:
    """All words of plain texts, joined by spaces, for ``to_tsvector('simple', …)``; long ones with their parts."""
    import rjieba  # noqa: PLC0415 - a dictionary that only those load who index or search

    found: list[str] = []
    for text in texts:
        for word in _words(rjieba.cut_for_search(plain_text(text))):
            found.append(word)
            if len(found) == MOST_WORDS:
                return " ".join(found)
    return " ".join(found)


def query_words(text: str) -> list[str]:
    """What somebody searches for, as the words that ``search_words`` would have filed; each once, in their order."""
    import rjieba  # noqa: PLC0415 - a dictionary that only those load who index or search

    return list(dict.fromkeys(_words(rjieba.cut(plain_text(text)))))


def load_dictionaries() -> None:
    """Load the words and the sounds now (80 MB): a process does it that others are forked from."""
    search_words("一")
    sounds_of("一")


@cache
def speller() -> Callable[..., list[str]]:
    """Return pypinyin's ``lazy_pinyin``, with its 47,000 phrases: for those alone who spell.

    Each phrase comes with lists of its own for its syllables, 144,000 in all; there are 1,249 different ones. Shared,
    they leave 20 MB for what the process loads afterwards.
    """
    # it would copy its two dictionaries, for those who change them
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import lazy_pinyin  # noqa: PLC0415
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415

    shared: dict[tuple[str, ...], list[str]] = {}
    for syllables in PHRASES_DICT.values():
        syllables[:] = [shared.setdefault(tuple(one), one) for one in syllables]
    return lazy_pinyin


def sounds_of(name: str) -> tuple[str, str]:
    """How people type a name without Chinese letters: 孙北 → ("sunbei", "sb"). Cut at LONGEST_NAME."""
    # one reading for both, for it takes long; what is no Chinese letter stands as it is, also in the first letters
    pieces = speller()(name[:LONGEST_NAME], errors=lambda other: f"\0{other}")
    full = "".join(piece.removeprefix("\0") for piece in pieces).lower()
    first = "".join(piece[1:] if piece.startswith("\0") else piece[:1] for piece in pieces).lower()
    return full, first


def search_sounds(name: str) -> str:
    """What the sound of somebody's words is looked for in: by syllables, in one piece, by first letters.

    身份证 → " shen fen zheng | shenfenzheng | sfz"; syllables stand apart, so that 西安 is not found in 先.
    """
    syllables = syllables_of(name)
    first = "".join(syllable[0] for syllable in syllables)
    return f" {' '.join(syllables)} | {''.join(syllables)} | {first}"


def syllables_of(text: str) -> list[str]:
    """How a text sounds, without what is neither letter nor digit: 低保(镇) → ["di", "bao", "zhen"]."""
    return [syllable for part in runs_of(text) for syllable in speller()(part)]


def plain_text(text: str) -> str:
    """Full-width letters and digits become half-width, capitals small; what UTF-8 cannot carry falls out."""
    return nfkc(text.encode("utf-8", "ignore").decode()).lower()


def runs_of(text: str) -> list[str]:
    """The stretches of letters and digits in a text, as plain text."""
    return _WORD.findall(plain_text(text))


def _words(pieces: list[str]) -> Iterator[str]:
    for piece in pieces:
        yield from (word[:LONGEST_WORD] for word in _WORD.findall(piece))
