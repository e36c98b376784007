"""Break text into lines as Chinese is set: words of other letters stay whole, no line begins with a closing sign."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from standards.documents.layout import LineRule, TextParagraph, TextRun

# (a piece of text, the run in which it stands) → millimetres
type Measure = Callable[[str, TextRun], float]

POINT: Final = 25.4 / 72  # millimetres
# what letters of a size need in a line of their own
_NEEDED: Final = 1.3
_WORDS: Final = re.compile(r"\n|[!-~]+|.", re.DOTALL)
_CLOSING: Final = frozenset("，。、；：？！）》〉」』】〕〗”’…—％℃,.;:?!)]}%")
_OPENING: Final = frozenset("（《〈「『【〔〖“‘([{")


@dataclass(frozen=True, slots=True)
class SetText:
    """A piece of text of one look, and where it begins in its line, in millimetres."""

    text: str
    run: TextRun
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class SetLine:
    """``left``: where its text begins; ``height`` and ``size`` (of its largest letters) in millimetres."""

    pieces: tuple[SetText, ...]
    left: float
    width: float
    height: float
    size: float


def lines_of(paragraph: TextParagraph, width: float, measure: Measure) -> list[SetLine]:
    """At least one. ``width``: of the column, in millimetres."""
    size = max((run.size for run in paragraph.runs), default=16)
    lines: list[SetLine] = []
    line: list[SetText] = []
    used = 0.0

    def room() -> float:
        first = paragraph.first if not lines else 0
        return max(width - paragraph.left - paragraph.right - first, 5)

    def end_line() -> None:
        nonlocal line, used
        while line and not line[-1].text.strip(" "):
            used -= line.pop().width
        left = paragraph.left + (paragraph.first if not lines else 0)
        of_line = max((piece.run.size for piece in line), default=size)
        height = _height(paragraph, of_line)
        lines.append(SetLine(_joined(line), left, used, height, of_line * POINT))
        line, used = [], 0.0

    for unit in _units(paragraph.runs):
        if unit[0][0] == "\n":
            end_line()
            continue
        unit_width = sum(measure(text, run) for text, run in unit)
        if line and used + unit_width > room() + 0.01:
            end_line()
        pieces = unit if unit_width <= room() else [(sign, run) for text, run in unit for sign in text]
        for text, run in pieces:
            piece_width = measure(text, run)
            if line and used + piece_width > room() + 0.01:
                end_line()
            if line or text != " " or not lines:
                line.append(SetText(text, run, used, piece_width))
                used += piece_width
    end_line()
    return lines


def _height(paragraph: TextParagraph, size: float) -> float:
    needed = size * _NEEDED
    match paragraph.line_rule:
        case LineRule.EXACT:
            return paragraph.line * POINT
        case LineRule.LEAST:
            return max(paragraph.line, needed) * POINT
    return needed * paragraph.line * POINT


def _units(runs: Sequence[TextRun]) -> Iterator[list[tuple[str, TextRun]]]:
    """What no line break may part."""
    unit: list[tuple[str, TextRun]] = []
    for run in runs:
        for word in _WORDS.findall(run.text):
            is_kept = unit and (
                word[0] in _CLOSING
                or unit[-1][0][-1] in _OPENING
                or (word.isascii() and word > " " and _is_word(unit[-1][0]))
            )
            if unit and (word == "\n" or unit[-1][0] == "\n" or not is_kept):
                yield unit
                unit = []
            unit.append((word, run))
    if unit:
        yield unit


def _is_word(text: str) -> bool:
    """A word that was cut because its letters look different."""
    return text.isascii() and text.strip() != ""


def _joined(line: Sequence[SetText]) -> tuple[SetText, ...]:
    """Neighbours of one look together."""
    found: list[SetText] = []
    for piece in line:
        if found and found[-1].run == piece.run:
            last = found[-1]
            found[-1] = SetText(last.text + piece.text, last.run, last.left, last.width + piece.width)
        else:
            found.append(piece)
    return tuple(found)
