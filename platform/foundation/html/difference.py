"""What changed between two texts, for people to read: words with <ins> and <del>, in HTML that is safe to show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple, override

from django.utils.safestring import SafeString, mark_safe

# how alike two lines must be to be shown as one line that changed
_ALIKE = 0.4
# pairs of words that are compared at most between two lines (some 0.2 s); longer ones are shown one after the other
_MOST_PAIRS = 4_000_000
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


def difference(before: str, after: str) -> SafeString:
    """The changes between two pieces of cleaned HTML.

    Every paragraph, heading, item and cell is a ``<p data-kind="…">`` whose changed words stand in ``<ins>`` and
    ``<del>``; a change of bold or of a link's address counts as a change of its words.
    """
    return mark_safe("".join(_lines(_read(before), _read(after))))  # noqa: S308 - every piece is escaped by _read


def text_difference(before: str, after: str) -> SafeString:
    """The changes between two plain lines (titles, sources, keywords)."""
    words = ([Word(escape(word)) for word in _cut(text)] for text in (before, after))
    return mark_safe(_changed(*words))  # noqa: S308 - every word is escaped


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[DifferenceLine] = []
        self.kinds: list[str] = []
        self.marks: list[str] = []
        self.href = ""

    def _line(self) -> DifferenceLine:
        if not self.lines:
            self.lines.append(DifferenceLine(self.kinds[-1] if self.kinds else "p"))
        return self.lines[-1]

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag in _LINES:
            self.kinds.append(tag)
            self.lines.append(DifferenceLine(tag))
        elif tag in _MARKS:
            self.marks.append(tag)
        elif tag == "a":
            self.href = facts.get("href") or ""
        elif tag == "br":
            self.lines.append(DifferenceLine(self.kinds[-1] if self.kinds else "p"))
        elif tag == "img":
            picture = f'<img src="{escape(facts.get("src") or "")}" alt="{escape(facts.get("alt") or "")}">'
            self._line().words.append(Word(picture))

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _LINES and tag in self.kinds:
            while self.kinds.pop() != tag:
                pass
            self.lines.append(DifferenceLine(self.kinds[-1] if self.kinds else "p"))
        elif tag in self.marks:
            self.marks.remove(tag)
        elif tag == "a":
            self.href = ""

    @override
    def handle_data(self, data: str) -> None:
        marks = tuple(dict.fromkeys(self.marks))
        words = (word for word in _cut(" ".join(data.split("\n"))) if word.strip() or self._line().words)
        self._line().words.extend(Word(escape(word), marks, self.href) for word in words)


def _read(html: str) -> list[DifferenceLine]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [line for line in reader.lines if any(word.html.strip() for word in line.words)]


def _lines(old: list[DifferenceLine], new: list[DifferenceLine]) -> Iterator[str]:
    keys = [[(line.kind, tuple(line.words)) for line in lines] for lines in (old, new)]
    for act, a, b, c, d in SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes():
        if act == "equal":
            yield from (_shown(line, _joined(line.words)) for line in new[c:d])
        else:
            yield from _changed_lines(old[a:b], new[c:d])


def _changed_lines(old: Sequence[DifferenceLine], new: Sequence[DifferenceLine]) -> Iterator[str]:
    """Each new line against the first of the old ones, in their order, that is like it."""
    waiting = list(old)
    for line in new:
        place = next((place for place, one in enumerate(waiting[:_LOOK_AHEAD]) if _are_alike(one, line)), None)
        if place is None:
            yield _shown(line, f"<ins>{_joined(line.words)}</ins>")
            continue
        yield from map(_gone, waiting[:place])
        yield _shown(line, _changed(waiting[place].words, line.words))
        del waiting[: place + 1]
    yield from map(_gone, waiting)


def _are_alike(old: DifferenceLine, new: DifferenceLine) -> bool:
    if old.kind != new.kind or len(old.words) * len(new.words) > _MOST_PAIRS:
        return False
    matcher = SequenceMatcher(None, old.words, new.words, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _changed(old: Sequence[Word], new: Sequence[Word]) -> str:
    pieces = []
    for act, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            pieces.append(_joined(new[c:d]))
            continue
        if a < b:
            pieces.append(f"<del>{_joined(old[a:b])}</del>")
        if c < d:
            pieces.append(f"<ins>{_joined(new[c:d])}</ins>")
    return "".join(pieces)


def _joined(words: Sequence[Word]) -> str:
    return "".join(map(str, words))


def _gone(line: DifferenceLine) -> str:
    return _shown(line, f"<del>{_joined(line.words)}</del>")


def _shown(line: DifferenceLine, html: str) -> str:
    return f'<p data-kind="{line.kind}">{html}</p>'


def _cut(text: str) -> list[str]:
    import rjieba  # noqa: PLC0415 - a dictionary that only those load who compare

    words: list[str] = rjieba.cut(text)
    return words
