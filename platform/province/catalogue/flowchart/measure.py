"""How wide a text is and where its lines end, without a font: the reader's own is unknown.

Widths are the largest of the fonts that ``--sans`` names, in bold, so a line is never wider than counted.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from foundation.texts import line_of

ELLIPSIS: Final = "…"
# no line begins with one of these, or ends with one of those (GB/T 15834)
NO_START: Final = frozenset("，。、；：？！）］｝》」』】〕〉〗…—·％‰℃”’～,.;:?!)]}>%-~")
NO_END: Final = frozenset("（［｛《「『【〔〈〖“‘＃￥([{<#¥$")
# thousandths of an em
_EM: Final = 1000
_WIDTHS: Final = {
    mark: width
    for marks, width in (
        (" '`|,.:;!iljI", 320),
        ('()[]{}-/\\"frtJ*', 440),
        ("0123456789abcdeghknopqsuvxyzL#$_<>=+~^?FEPST", 640),
        ("ABCDGHKNOQRUVXYZ&", 800),
        ("mwMW%@", 1000),
    )
    for mark in marks
}
# astral planes: emoji and rare signs, whose size fonts do not agree on
_ASTRAL: Final = 0x1F000
_MOST_MARKS: Final = 2
_NOT_IN_XML: Final = re.compile("[\ufffe\uffff]")
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/@_+&=-]*(?: (?=[^\x00-\x7f]))?|.", re.DOTALL)


@lru_cache(maxsize=8192)
def _size_of(mark: str) -> tuple[int, bool]:
    """Thousandths of an em, and whether fonts agree on it."""
    if mark < "\x7f":
        return _WIDTHS.get(mark, _EM), True
    if unicodedata.combining(mark) or unicodedata.category(mark) in {"Mn", "Me"}:
        return 0, False
    wide = unicodedata.east_asian_width(mark)
    return _EM, wide in "WFA" and ord(mark) < _ASTRAL and unicodedata.category(mark) != "Co"


def width_of(text: str, size: float) -> float:
    return sum(_size_of(mark)[0] for mark in text) * size / _EM


def is_certain(text: str) -> bool:
    """No font draws it wider than counted."""
    return all(_size_of(mark)[1] for mark in text)


def plain(value: object, *, most: int) -> str:
    """What can be drawn of a cell: one line, at most ``most`` characters; nothing for what is no text."""
    if not isinstance(value, str):
        return ""
    marks = 0
    kept = []
    # four times: blanks and what cannot be seen fall away
    for mark in line_of(_NOT_IN_XML.sub("", value[: 4 * most])):
        category = unicodedata.category(mark)
        marks = marks + 1 if category in {"Mn", "Me", "Mc"} else 0
        if category not in {"Cf", "Cs", "Cn"} and marks <= _MOST_MARKS:
            kept.append(mark)
    text = "".join(kept).strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def wrap(text: str, *, width: float, size: float, most: int) -> list[str]:
    """At most ``most`` lines; what does not fit is folded with an ellipsis."""
    # the thinnest letters are a third of an em
    bound = int(3 * width / size + 3) * (most + 1)
    lines: list[str] = []
    line = ""
    for piece in _pieces(text[:bound], width, size):
        if width_of((line + piece).rstrip(), size) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        if len(lines) > most:
            break
        line = piece.lstrip()
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) > most or len(text) > bound:
        lines = lines[:most]
        lines[-1] = _folded(lines[-1], width, size)
    return lines


def balanced(text: str, *, width: float, size: float, most: int) -> list[str]:
    """The same lines, but of about the same length: a heading's last line is not one lone character."""
    lines = wrap(text, width=width, size=size, most=most)
    if len(lines) == 1 or lines[-1].endswith(ELLIPSIS):
        return lines
    narrow = width_of(text, size) / len(lines)
    while narrow < width:
        tried = wrap(text, width=narrow, size=size, most=most + 1)
        if len(tried) <= len(lines):
            return tried
        narrow += size / 2
    return lines


def _folded(line: str, width: float, size: float) -> str:
    line = line.removesuffix(ELLIPSIS)
    while line and width_of(line + ELLIPSIS, size) > width:
        line = line[:-1]
    while line and (line[-1] in NO_START or line[-1] in NO_END or line[-1] == " "):
        line = line[:-1]
    return line + ELLIPSIS


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    """What a line is never broken within; longer ones than a line are cut, for nothing may be lost."""
    for piece in _glued(match.group() for match in _WORD.finditer(text)):
        if width_of(piece.strip(), size) <= width:
            yield piece
        else:
            yield from _cut(piece, width, size)


def _cut(piece: str, width: float, size: float) -> Iterator[str]:
    rest = ""
    for mark in piece:
        if rest and width_of(rest + mark, size) > width:
            if mark in NO_START and len(rest) > 1 and rest[-1] not in NO_START:
                yield rest[:-1]
                rest = rest[-1]
            else:
                yield rest
                rest = ""
        rest += mark
    if rest:
        yield rest


def _glued(words: Iterable[str]) -> Iterator[str]:
    piece = ""
    for before, word in pairwise(["", *words]):
        if before and _holds(before, word):
            piece += word
        else:
            if piece:
                yield piece
            piece = word
    if piece:
        yield piece


def _holds(before: str, after: str) -> bool:
    is_counted = before.strip()[-1:].isdigit() and unicodedata.east_asian_width(after[0]) == "W"
    is_mark = not _size_of(after[0])[0]
    return after[0] in NO_START or before[-1] in NO_END or is_counted or is_mark
