"""Templates that come with the platform, in a few words each: how a document of a Chinese authority is set
(GB/T 9704-2012 7.2, 7.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from standards.documents.kinds import ADDRESS, CODE, ISSUED_ON, ISSUER, QR_PLACE, SEAL_PLACE, DocumentKind
from standards.documents.layout import (
    PAGE,
    Alignment,
    Block,
    DocumentLayout,
    FontName,
    LayoutRow,
    LineRule,
    TableCell,
    TextParagraph,
    TextRun,
    TextTable,
)

# 三号 and what goes with it
_SIZE: Final = 16.0
_LINE: Final = 28.95  # points: 22 lines a page
_SIGN: Final = _SIZE * 25.4 / 72  # a character, in millimetres
_RED: Final = "C8161D"
_PLAIN: Final = TextParagraph(line_rule=LineRule.LEAST, line=_LINE)
_SMALL: Final = TextParagraph(line_rule=LineRule.LEAST, line=16)


def default_layout(kind: DocumentKind) -> DocumentLayout:
    """The template of a kind until a hall loads its own."""
    body = [block for line in kind.default["body"] for block in _blocks(line)]
    footer = (_set(_SMALL, f"— {PAGE} —", font=FontName.SONG, size=14, align=Alignment.CENTER),)
    return DocumentLayout(tuple(body), footer=footer)


def _blocks(line: str | Mapping[str, Any]) -> list[Block]:
    """A line of a template: plain text, or one word that says how its text is set."""
    if line == "closing":
        return [_GAP, _CLOSING]
    if isinstance(line, str):
        return [_set(_PLAIN, line, first=2 * _SIGN)]
    ((word, said),) = line.items()
    if word == "table":
        return [_table(said)]
    return [_SET[word](str(said))]


def _set(
    base: TextParagraph,
    text: str,
    *,
    font: FontName = FontName.FANG,
    size: float = _SIZE,
    colour: str = "000000",
    **look: Any,
) -> TextParagraph:
    runs = (TextRun(text, font=font, size=size, colour=colour),) if text else ()
    return replace(base, runs=runs, **look)


_SET: Final = {
    # 发文机关标志, with the red line below it
    "issuer": lambda text: _set(
        TextParagraph(), text, font=FontName.BIAO, size=34, colour=_RED, align=Alignment.CENTER, rule=_RED, after=14
    ),
    "title": lambda text: _set(_PLAIN, text, font=FontName.BIAO, size=22, align=Alignment.CENTER, before=14, after=18),
    "number": lambda text: _set(_PLAIN, text, align=Alignment.CENTER),
    "to": lambda text: _set(_PLAIN, text),
    "heading": lambda text: _set(_PLAIN, text, font=FontName.HEI, first=2 * _SIGN),
    "sub": lambda text: _set(_PLAIN, text, first=2 * _SIGN),
    # 署名 and 成文日期: four characters from the right edge
    "right": lambda text: _set(_PLAIN, text, align=Alignment.RIGHT, right=4 * _SIGN),
    "seal": lambda text: _set(_PLAIN, text, align=Alignment.RIGHT, right=2 * _SIGN, before=10),
    "qr": lambda text: _set(_SMALL, text, before=10),
    "small": lambda text: _set(_SMALL, text, font=FontName.SONG, size=10.5),
}


def _closing() -> TextTable:
    """At the left what the document is checked by, at the right the seal, the authority and the day: never parted by
    the end of a page."""
    checked = (
        replace(_SET["qr"](f"{{{{{QR_PLACE}}}}}"), before=0),
        _set(_SMALL, f"验证码：{{{{{CODE}}}}}", font=FontName.SONG, size=8),
        _set(_SMALL, f"查验：{{{{{ADDRESS}}}}}", font=FontName.SONG, size=8),
    )
    signed = tuple(_set(_PLAIN, f"{{{{{name}}}}}", align=Alignment.CENTER) for name in (SEAL_PLACE, ISSUER, ISSUED_ON))
    cells = (TableCell(checked, edges="", is_middle=False), TableCell(signed, edges=""))
    return TextTable((86, 70), (LayoutRow(cells),))


_GAP: Final = _set(TextParagraph(line_rule=LineRule.EXACT, line=10), "")
_CLOSING: Final = _closing()


def _table(said: Mapping[str, Sequence[Any]]) -> TextTable:
    """``widths``: in millimetres; ``rows``: of texts, the first of them the headings."""
    widths = tuple(float(width) for width in said["widths"])
    lines = []
    for number, row in enumerate(said["rows"]):
        font = FontName.HEI if number == 0 and said.get("has_heading", True) else FontName.FANG
        cells = (
            TableCell((_set(TextParagraph(line_rule=LineRule.LEAST, line=20), str(text), font=font, size=12),), span)
            for text, span in map(_cell, row)
        )
        lines.append(LayoutRow(tuple(cells), 9))
    return TextTable(widths, tuple(lines))


def _cell(said: str | Mapping[str, Any]) -> tuple[str, int]:
    return (said, 1) if isinstance(said, str) else (str(said["text"]), int(said["span"]))
