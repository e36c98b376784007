"""A document as a value: pages, paragraphs and tables, as much of Word as both files can show alike."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

FORMAT: Final = 1


class FontName(StrEnum):
    """The families of Chinese official documents (GB/T 9704-2012)."""

    SONG = "song"
    FANG = "fang"
    KAI = "kai"
    HEI = "hei"
    BIAO = "biao"


# as Word files name them
WORD_FONTS: Final[Mapping[FontName, str]] = {
    FontName.SONG: "宋体",
    FontName.FANG: "仿宋",
    FontName.KAI: "楷体",
    FontName.HEI: "黑体",
    FontName.BIAO: "方正小标宋简体",
}


class Alignment(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class LineRule(StrEnum):
    """How high a line is: so many times what it needs, exactly so many points, at least so many."""

    TIMES = "times"
    EXACT = "exact"
    LEAST = "least"


# in a run's text: the page's number, and how many there are; no template can write these signs
PAGE: Final = "\ue000"
PAGES: Final = "\ue001"
# the paragraph is the place of the QR code, of the seal
QR: Final = "\ue002"
SEAL: Final = "\ue003"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text of one look. ``size`` in points; ``colour``: six hexadecimal digits; a line break is ``\\n``."""

    text: str
    font: FontName = FontName.FANG
    size: float = 16
    is_bold: bool = False
    is_underlined: bool = False
    colour: str = "000000"


@dataclass(frozen=True, slots=True)
class TextParagraph:
    """Indents in millimetres (``first``: of the first line, beside ``left``; negative: it hangs), spaces in points.
    ``rule``: the colour of a line below it, "" without one."""

    runs: tuple[TextRun, ...] = ()
    align: Alignment = Alignment.LEFT
    first: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    line_rule: LineRule = LineRule.TIMES
    line: float = 1
    rule: str = ""
    begins_page: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class TableCell:
    """``span``: over so many columns; ``edges``: which of its lines are drawn, of ``tblr``."""

    paragraphs: tuple[TextParagraph, ...]
    span: int = 1
    edges: str = "tblr"
    is_middle: bool = True


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """A row. ``height``: at least, in millimetres."""

    cells: tuple[TableCell, ...]
    height: float = 0


@dataclass(frozen=True, slots=True)
class TextTable:
    """``widths``: of its columns, in millimetres."""

    widths: tuple[float, ...]
    lines: tuple[LayoutRow, ...]
    align: Alignment = Alignment.CENTER


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Millimetres. ``header`` and ``footer``: from the paper's edge. The margins are those of GB/T 9704-2012 5.2."""

    width: float = 210
    height: float = 297
    top: float = 37
    bottom: float = 35
    left: float = 28
    right: float = 26
    header: float = 15
    footer: float = 20


type Block = TextParagraph | TextTable


@dataclass(frozen=True, slots=True)
class DocumentLayout:
    body: tuple[Block, ...]
    header: tuple[TextParagraph, ...] = ()
    footer: tuple[TextParagraph, ...] = ()
    page: PageSetup = field(default_factory=PageSetup)


def placed_paragraphs(layout: DocumentLayout) -> Iterator[tuple[str, TextParagraph]]:
    """Every paragraph, with its place in words: 第 3 段, 表格 1 第 2 行第 1 格, 页眉第 1 段."""
    for name, paragraphs in (("页眉", layout.header), ("页脚", layout.footer)):
        for number, paragraph in enumerate(paragraphs, start=1):
            yield f"{name}第 {number} 段", paragraph
    numbers = {"paragraph": 0, "table": 0}
    for block in layout.body:
        if isinstance(block, TextParagraph):
            numbers["paragraph"] += 1
            yield f"第 {numbers['paragraph']} 段", block
            continue
        numbers["table"] += 1
        for row, line in enumerate(block.lines, start=1):
            for column, cell in enumerate(line.cells, start=1):
                for paragraph in cell.paragraphs:
                    yield f"表格 {numbers['table']} 第 {row} 行第 {column} 格", paragraph


def plain_of(layout: DocumentLayout) -> dict[str, Any]:
    """As JSON keeps it."""
    return {"format": FORMAT, **asdict(layout)}


def layout_from(plain: Mapping[str, Any]) -> DocumentLayout:
    """What ``plain_of`` gave, also after JSON."""
    return DocumentLayout(
        body=tuple(_table(one) if "widths" in one else _paragraph(one) for one in plain["body"]),
        header=tuple(map(_paragraph, plain["header"])),
        footer=tuple(map(_paragraph, plain["footer"])),
        page=PageSetup(**plain["page"]),
    )


def _paragraph(plain: Mapping[str, Any]) -> TextParagraph:
    given = dict(plain)
    given["runs"] = tuple(TextRun(**{**run, "font": FontName(run["font"])}) for run in plain["runs"])
    given["align"], given["line_rule"] = Alignment(plain["align"]), LineRule(plain["line_rule"])
    return TextParagraph(**given)


def _table(plain: Mapping[str, Any]) -> TextTable:
    lines = (
        LayoutRow(
            tuple(
                TableCell(**{**cell, "paragraphs": tuple(map(_paragraph, cell["paragraphs"]))})
                for cell in line["cells"]
            ),
            line["height"],
        )
        for line in plain["lines"]
    )
    return TextTable(tuple(plain["widths"]), tuple(lines), Alignment(plain["align"]))


# what people type never holds these
PRIVATE: Final = re.compile(r"[\ue000-\uf8ff]")
