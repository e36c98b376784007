"""How wide a text is and where its lines end, without a font: the reader's own is unknown.

Widths are the largest of the fonts that ``--sans`` names, in bold, so a line is never wider than counted.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from foundation.texts import line_of

ELLIPSIS: Final = "…"
# no line begins with one of these, or ends with one of those (GB/T 15834)
NO_START: Final = frozenset("，。、；：？！）］｝》」』】〕〉〗…—·％‰℃”’～,.;:?!)]}>%-~")
NO_END: Final = frozenset("（［｛《「『【〔〈〖“‘＃￥([{<#¥$")
_CLINGING: Final = NO_START | {" "}
# thousandths of an em
_EM: Final = 1000
_ASCII: Final = {
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
# of these fonts agree: a Chinese text is made of nothing else
_USUAL: Final = re.compile(r"[ -~、-〕一-鿿！-～“”‘’—…·]*")
# astral planes: emoji and rare signs, on whose size fonts do not agree
_ASTRAL: Final = 0x1F000
_MARKS: Final = frozenset({"Mn", "Me"})
_UNSEEN: Final = frozenset({"Cf", "Cs", "Cn"})
_MOST_MARKS: Final = 2
_MOST_KNOWN: Final = 8192
_NOT_IN_XML: Final = re.compile("[\ufffe\uffff]")
_ENDS: Final = "，；。、）"
_CLAUSE: Final = re.compile("[^，；。]+[，；。]*|.")
_WORDS: Final = re.compile("[^，；。、]+[，；。、]*|.")
_WORD: Final = re.compile(
    r"\d{1,4} ?个(?:工作|自然)日|[A-Za-z0-9][A-Za-z0-9.,:/@_+&=-]*(?: (?=[^\x00-\x7f]))?|.", re.DOTALL
)

# what a line is not broken within, its width, and its width without blanks at the end
type _Piece = tuple[str, int, int]


class _Ems(dict[str, int]):
    """The width of a character; forgets rather than grow."""

    def __missing__(self, mark: str) -> int:
        if len(self) > _MOST_KNOWN:
            self.clear()
        width = 0 if unicodedata.category(mark) in _MARKS else _ASCII.get(mark, _EM)
        self[mark] = width
        return width


_EMS: Final = _Ems()


def ems(text: str) -> int:
    """Return how wide a text is set, in thousandths of the letter size."""
    return sum(map(_EMS.__getitem__, text))


def width_of(text: str, size: float) -> float:
    """Return how wide a text is set in letters of this size, in the same unit."""
    return ems(text) * size / _EM


def is_certain(text: str) -> bool:
    """Say whether no usual font draws the text wider than it is counted here."""
    return _USUAL.fullmatch(text) is not None or all(
        mark in _ASCII
        or (
            unicodedata.east_asian_width(mark) in "WF"
            and ord(mark) < _ASTRAL
            and unicodedata.category(mark) not in {"Co", *_MARKS}
        )
        for mark in text
    )


def plain(value: object, *, most: int) -> str:
    """Return what can be drawn of a cell: one line of at most ``most`` characters, cut with an ellipsis; "" for what is
    no text."""
    if not isinstance(value, str):
        return ""
    # four times: blanks and what cannot be seen fall away
    text = value[: 4 * most]
    if _USUAL.fullmatch(text) is None:
        text = "".join(_seen(line_of(_NOT_IN_XML.sub("", text))))
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def _seen(text: str) -> Iterator[str]:
    """Without characters that show nothing, and without heaps of accents."""
    marks = 0
    for mark in text:
        category = unicodedata.category(mark)
        marks = marks + 1 if category in _MARKS else 0
        if category not in _UNSEEN and marks <= _MOST_MARKS:
            yield mark


def wrap(text: str, *, width: float, size: float, most: int) -> list[str]:
    """Break a text into at most ``most`` lines that are no wider than ``width``; what does not fit is cut with an
    ellipsis."""
    limit = int(width * _EM / size)
    if ems(text) <= limit:
        return [text] if text else []
    return _filled(_pieces(text, limit, most), limit, most)


def paragraph(text: str, *, width: float, size: float, most: int) -> list[str]:
    """Break a text as ``wrap`` does, but leave no lone character on the last line if another can join it."""
    lines = wrap(text, width=width, size=size, most=most)
    if len(lines) > 1 and len(lines[-1].strip(_ENDS)) == 1:
        again = wrap(text, width=width - size, size=size, most=most)
        if len(again) == len(lines) and not again[-1].endswith(ELLIPSIS):
            return again
    return lines


def balanced(text: str, *, width: float, size: float, most: int) -> list[str]:
    """Break a text as ``wrap`` does, but end lines where a clause or a word of a list ends, or else make them about
    equally long."""
    limit = int(width * _EM / size)
    if ems(text) <= limit:
        return [text] if text else []
    pieces = _pieces(text, limit, most)
    lines = _filled(pieces, limit, most)
    if len(lines) <= 1 or lines[-1].endswith(ELLIPSIS):
        return lines
    for parts in (_CLAUSE.findall(text), _packed(_WORDS.findall(text), limit)):
        clauses = [part.strip() for part in parts]
        if len(clauses) == len(lines) and all(_is_line(clause, limit) for clause in clauses):
            return clauses
    narrow = max(ems(text) // len(lines), *(piece[2] for piece in pieces))
    while narrow < limit:
        tried = _filled(pieces, narrow, most + 1)
        if len(tried) <= len(lines):
            return tried
        narrow += _EM // 2
    return lines


def _filled(pieces: Sequence[_Piece], limit: int, most: int) -> list[str]:
    lines: list[str] = []
    line, filled = "", 0
    for piece, whole, bare in pieces:
        if filled + bare <= limit:
            line += piece
            filled += whole
            continue
        if line.strip():
            lines.append(line.rstrip())
        if len(lines) > most:
            break
        line = piece.lstrip()
        filled = ems(line)
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = _folded(lines[-1], limit)
    return lines


def _packed(parts: Sequence[str], limit: int) -> list[str]:
    lines = [""]
    for part in parts:
        if ems(lines[-1] + part) <= limit:
            lines[-1] += part
        else:
            lines.append(part)
    return lines


def _is_line(text: str, limit: int) -> bool:
    return 0 < ems(text) <= limit and text[0] not in NO_START and text[-1] not in NO_END


def _folded(line: str, limit: int) -> str:
    line = line.removesuffix(ELLIPSIS)
    while line and ems(line + ELLIPSIS) > limit:
        line = line[:-1]
    while line and (line[-1] in NO_START or line[-1] in NO_END or line[-1] == " "):
        line = line[:-1]
    return line + ELLIPSIS


def _pieces(text: str, limit: int, most: int) -> list[_Piece]:
    """Of as much of the text as ``most`` lines hold, and some more."""
    pieces: list[_Piece] = []
    left = limit * (most + 2)
    for piece in _glued(_WORD.findall(text)):
        # nearly all are one letter
        width = _EMS[piece] if len(piece) == 1 else ems(piece)
        if width <= limit or ems(piece.strip()) <= limit:
            pieces.append((piece, width, ems(piece.rstrip()) if piece[-1] == " " else width))
        else:
            # longer than a line: nothing may be lost
            pieces += [(part, ems(part), ems(part.rstrip())) for part in _cut(piece, limit)]
        left -= width
        if left < 0:
            break
    return pieces


def _cut(piece: str, limit: int) -> Iterator[str]:
    rest = ""
    for mark in piece:
        if rest and ems(rest + mark) > limit:
            at = next((at for at in range(len(rest), 0, -1) if _may_part(rest[:at], (rest + mark)[at])), len(rest))
            yield rest[:at]
            rest = rest[at:]
        rest += mark
    if rest:
        yield rest


def _glued(words: Iterable[str]) -> list[str]:
    # hundreds a drawing: ``_may_part`` is written out here
    pieces: list[str] = []
    piece = last = ""
    for word in words:
        first = word[0]
        if piece and (
            first in _CLINGING or last in NO_END or not _EMS[first] or (last.isdigit() and "一" <= first <= "鿿")
        ):
            piece += word
        else:
            if piece:
                pieces.append(piece)
            piece = word
        last = first if len(word) == 1 and first != " " else word.rstrip()[-1:]
    if piece:
        pieces.append(piece)
    return pieces


def _may_part(before: str, after: str) -> bool:
    return not (after[0] in _CLINGING or before.rstrip()[-1:] in NO_END or not _EMS[after[0]])
