"""What changed between two texts, for people to read: words with <ins> and <del>, in HTML that is safe to show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import Match, SequenceMatcher
from html import escape
from itertools import groupby, islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple, override

from foundation.confinement import MEGABYTE, Limits, confined_text
from foundation.html.tokens import Token, attributes_of, tokens_of

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

# how alike two lines must be to be shown as one line that changed
_ALIKE = 0.4
# pairs that are looked at for one comparison (some 0.2 s); lines that are left then are shown one after the other
_MOST_PAIRS = 2_000_000
# characters of both texts; longer ones are compared in a process of their own
_AT_ONCE = 40_000
_LIMITS = Limits(seconds=3, answer=32 * MEGABYTE)
_TOO_HARD = "两个版本太长或格式太复杂，无法逐字比较。请分别打开两个版本对照。"
# how many old lines a new one is held against
_LOOK_AHEAD = 20
_LINES = frozenset(
    (
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "td",
        "th",
        "caption",
        "figcaption",
        "blockquote",
        "pre",
        "dt",
        "dd",
    )
)
_MARKS = frozenset(("strong", "b", "em", "i", "u", "s", "sub", "sup", "code"))


class Word(NamedTuple):
    """A word, or a picture, and how it is set. ``html`` is escaped already; links keep their address."""

    html: str
    marks: tuple[str, ...] = ()
    href: str = ""

    def __str__(self) -> str:
        opened = "".join(f"<{mark}>" for mark in self.marks)
        closed = "".join(f"</{mark}>" for mark in reversed(self.marks))
        text = f"{opened}{self.html}{closed}"
        return f"{text}<small>[{escape(self.href)}]</small>" if self.href else text


@dataclass(slots=True)
class DifferenceLine:
    """A paragraph, heading, item or cell."""

    kind: str
    words: list[Word] = field(default_factory=list)


def difference(before: str, after: str) -> "SafeString":
    """The changes between two pieces of cleaned HTML.

    Every paragraph, heading, item and cell is a ``<p data-kind="…">`` whose changed words stand in ``<ins>`` and
    ``<del>``; a change of bold or of a link's address counts as a change of its words. Raises Invalid for texts that
    are too much to be compared.
    """
    if len(before) + len(after) <= _AT_ONCE:
        return _safe("".join(_lines(_read(before), _read(after))))
    both = f"{before}\0{after}"
    task = "foundation.html.difference:difference_of_file"
    return _safe(confined_text(task, both, limits=_LIMITS, too_much=_TOO_HARD, where="body"))


def difference_of_file(file: IO[bytes]) -> Iterator[bytes]:
    """``difference`` as a confined work; between the two texts stands the one character that none of them has."""
    before, _, after = file.read().decode().partition("\0")
    for line in _lines(_read(before), _read(after)):
        yield line.encode()


def text_difference(before: str, after: str) -> "SafeString":
    """The changes between two plain lines (titles, sources, keywords)."""
    old, new = ([Word(escape(word)) for word in _cut(text)] for text in (before, after))
    return _safe(_changed(old, new, _Effort()))


def _safe(html: str) -> "SafeString":
    """Every piece was escaped by ``_read``."""
    from django.utils.safestring import mark_safe  # noqa: PLC0415 - a confined work does without Django

    return mark_safe(html)  # noqa: S308 - see above


class _Reader:
    """Takes cleaned HTML apart into lines of words."""

    def __init__(self) -> None:
        self.lines: list[DifferenceLine] = []
        self._kinds: list[str] = []
        # marks that are open, in their order, and how often
        self._marks: dict[str, int] = {}
        self._href = ""

    def take(self, token: Token) -> None:
        if token.text:
            self._take_text(token.text)
        elif token.is_end:
            self._end(token.name)
        else:
            self._start(token)

    def _start(self, token: Token) -> None:
        if token.name in _LINES:
            self._kinds.append(token.name)
            self._begin_line()
        elif token.name in _MARKS:
            self._marks[token.name] = self._marks.get(token.name, 0) + 1
        elif token.name == "a":
            self._href = attributes_of(token).get("href", "")
        elif token.name == "br":
            self._begin_line()
        elif token.name == "img":
            facts = attributes_of(token)
            picture = f'<img src="{escape(facts.get("src", ""))}" alt="{escape(facts.get("alt", ""))}">'
            self._line().words.append(Word(picture))

    def _end(self, name: str) -> None:
        if name in _LINES and self._kinds:
            # what nh3 writes is closed in its order
            self._kinds.pop()
            self._begin_line()
        elif name in self._marks:
            self._marks[name] -= 1
            if not self._marks[name]:
                del self._marks[name]
        elif name == "a":
            self._href = ""

    def _begin_line(self) -> None:
        self.lines.append(DifferenceLine(self._kinds[-1] if self._kinds else "p"))

    def _line(self) -> DifferenceLine:
        if not self.lines:
            self._begin_line()
        return self.lines[-1]

    def _take_text(self, text: str) -> None:
        marks = tuple(self._marks)
        words = (word for word in _cut(" ".join(text.split("\n"))) if word.strip() or self._line().words)
        self._line().words.extend(Word(escape(word), marks, self._href) for word in words)


def _read(html: str) -> list[DifferenceLine]:
    reader = _Reader()
    for token in tokens_of(html):
        reader.take(token)
    return [line for line in reader.lines if any(word.html.strip() for word in line.words)]


class _Effort:
    """How many pairs may still be looked at, for the whole of one comparison."""

    def __init__(self) -> None:
        self.left = _MOST_PAIRS

    def allows(self, pairs: int) -> bool:
        """Takes them; False where there are not so many left."""
        self.left -= pairs
        return self.left >= 0


class _Matcher(SequenceMatcher[Any]):
    """Holds two rows against each other as long as the effort lasts; what is left then counts as different."""

    def __init__(self, old: Sequence[Any], new: Sequence[Any], effort: _Effort) -> None:
        self._effort = effort
        self._old = old
        super().__init__(None, old, new, autojunk=False)

    @override
    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        end = len(self._old) if ahi is None else ahi
        # its table of where each word stands
        places: dict[Any, list[int]] = self.b2j  # type: ignore[attr-defined]
        # what it is about to go through
        is_allowed = self._effort.allows(end - alo) and self._effort.allows(
            sum(len(places.get(one, ())) for one in islice(self._old, alo, end))
        )
        return super().find_longest_match(alo, ahi, blo, bhi) if is_allowed else Match(alo, blo, 0)


def _lines(old: list[DifferenceLine], new: list[DifferenceLine]) -> Iterator[str]:
    effort = _Effort()
    # equal lines have one number: numbers are held against each other much faster than lines
    numbers: dict[tuple[object, ...], int] = {}
    keys = [[numbers.setdefault((line.kind, *line.words), len(numbers)) for line in lines] for lines in (old, new)]
    for act, a, b, c, d in _Matcher(keys[0], keys[1], effort).get_opcodes():
        if act == "equal":
            yield from (_shown(line, _joined(line.words)) for line in new[c:d])
        else:
            yield from _changed_lines(old[a:b], new[c:d], effort)


def _changed_lines(old: Sequence[DifferenceLine], new: Sequence[DifferenceLine], effort: _Effort) -> Iterator[str]:
    """Each new line against the first of the old ones, in their order, that is like it."""
    begin = 0
    for line in new:
        candidates = range(begin, min(begin + _LOOK_AHEAD, len(old)))
        place = next((place for place in candidates if _are_alike(old[place], line, effort)), None)
        if place is None:
            yield _shown(line, f"<ins>{_joined(line.words)}</ins>")
            continue
        yield from map(_gone, old[begin:place])
        yield _shown(line, _changed(old[place].words, line.words, effort))
        begin = place + 1
    yield from map(_gone, old[begin:])


def _are_alike(old: DifferenceLine, new: DifferenceLine, effort: _Effort) -> bool:
    if old.kind != new.kind or not effort.allows(len(old.words) + len(new.words)):
        return False
    matcher = _Matcher(old.words, new.words, effort)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _changed(old: Sequence[Word], new: Sequence[Word], effort: _Effort) -> str:
    pieces = []
    for act, a, b, c, d in _Matcher(old, new, effort).get_opcodes():
        if act == "equal":
            pieces.append(_joined(new[c:d]))
            continue
        if a < b:
            pieces.append(f"<del>{_joined(old[a:b])}</del>")
        if c < d:
            pieces.append(f"<ins>{_joined(new[c:d])}</ins>")
    return "".join(pieces)


def _joined(words: Sequence[Word]) -> str:
    """Words that are set alike and lead to one address stand together, and name it once."""
    runs = groupby(words, key=lambda word: (word.marks, word.href))
    return "".join(str(Word("".join(word.html for word in run), marks, href)) for (marks, href), run in runs)


def _gone(line: DifferenceLine) -> str:
    return _shown(line, f"<del>{_joined(line.words)}</del>")


def _shown(line: DifferenceLine, html: str) -> str:
    return f'<p data-kind="{line.kind}">{html}</p>'


def _cut(text: str) -> list[str]:
    import rjieba  # noqa: PLC0415 - a dictionary that only those load who compare

    words: list[str] = rjieba.cut(text)
    return words
