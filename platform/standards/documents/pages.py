"""Lay a document out: which text stands where on which page. Pure arithmetic; fonts are known by a measure alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from standards.documents.layout import (
    PAGE,
    PAGES,
    QR,
    SEAL,
    Alignment,
    DocumentLayout,
    LayoutRow,
    TableCell,
    TextParagraph,
    TextRun,
    TextTable,
)
from standards.documents.lines import POINT, Measure, SetLine, lines_of

QR_SIZE: Final = 24.0  # millimetres
SEAL_SIZE: Final = (46.0, 12.0)
SEAL_TEXT: Final = "（电子签章）"
_PADDING: Final = (1.9, 0.6)  # of cells: at the sides, above and below
_BASE: Final = 0.86  # of the letters' size: from their top to their base line


@dataclass(frozen=True, slots=True)
class PlacedText:
    """``left`` and ``base`` (of its base line) in millimetres from the page's upper left corner."""

    text: str
    run: TextRun
    left: float
    base: float
    width: float


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """``colour``: six hexadecimal digits."""

    left: float
    top: float
    right: float
    bottom: float
    colour: str = "000000"
    thickness: float = 0.18


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """Where the QR code or the seal is."""

    sign: str
    left: float
    top: float
    width: float
    height: float


@dataclass(slots=True)
class PlacedPage:
    texts: list[PlacedText] = field(default_factory=list)
    lines: list[PlacedLine] = field(default_factory=list)
    boxes: list[PlacedBox] = field(default_factory=list)


def pages_of(layout: DocumentLayout, measure: Measure) -> list[PlacedPage]:
    """At least one page."""
    setter = _Setter(layout, measure)
    for block in layout.body:
        if isinstance(block, TextTable):
            setter.table(block)
        else:
            setter.paragraph(block)
    setter.outer_parts()
    return setter.pages


@dataclass(frozen=True, slots=True)
class _CellLine:
    """A line of a cell, or a place in it."""

    height: float
    paragraph: TextParagraph
    line: SetLine | None = None
    box: str = ""


class _Setter:
    def __init__(self, layout: DocumentLayout, measure: Measure) -> None:
        self.layout = layout
        self.setup = layout.page
        self.measure = measure
        self.width = self.setup.width - self.setup.left - self.setup.right
        self.end = self.setup.height - self.setup.bottom
        self.pages = [PlacedPage()]
        self.top = self.setup.top

    def begin_page(self) -> None:
        self.pages.append(PlacedPage())
        self.top = self.setup.top

    @property
    def is_at_top(self) -> bool:
        return self.top <= self.setup.top

    def paragraph(self, paragraph: TextParagraph) -> None:
        if paragraph.begins_page and not self.is_at_top:
            self.begin_page()
        if not self.is_at_top:
            self.top += paragraph.before * POINT
        if box := box_of(paragraph):
            self._box(box, paragraph)
        else:
            for line in lines_of(paragraph, self.width, self.measure):
                if self.top + line.height > self.end and not self.is_at_top:
                    self.begin_page()
                _place(self.pages[-1], line, paragraph, self.setup.left, self.top, self.width)
                self.top += line.height
        if paragraph.rule:
            left, right = self.setup.left + paragraph.left, self.setup.left + self.width - paragraph.right
            self.top += 1
            self.pages[-1].lines.append(PlacedLine(left, self.top, right, self.top, paragraph.rule, 0.5))
        self.top += paragraph.after * POINT

    def _box(self, sign: str, paragraph: TextParagraph) -> None:
        width, height = size_of(sign)
        if self.top + height > self.end and not self.is_at_top:
            self.begin_page()
        left = (
            self.setup.left + paragraph.left + _shift(paragraph, self.width - paragraph.left - paragraph.right, width)
        )
        self.pages[-1].boxes.append(PlacedBox(sign, left, self.top, width, height))
        self.top += height + 1

    def table(self, table: TextTable) -> None:
        total = sum(table.widths)
        # wider than the text: as narrow as that
        shrink = min(1, self.width / total) if total else 1
        widths = [width * shrink for width in table.widths]
        left = self.setup.left
        if table.align != Alignment.LEFT:
            left += (self.width - sum(widths)) / (2 if table.align == Alignment.CENTER else 1)
        for line in table.lines:
            self._row(line, widths, left)

    def _row(self, row: LayoutRow, widths: Sequence[float], left: float) -> None:
        """As high as its highest cell; one that a page could not hold goes on on the next."""
        cells: list[tuple[TableCell, float, float, list[_CellLine]]] = []
        at, column = left, 0
        for cell in row.cells:
            width = sum(widths[column : column + cell.span])
            cells.append((cell, at, width, self._cell_lines(cell, width - 2 * _PADDING[0])))
            at, column = at + width, column + cell.span
        height = max([row.height, *(sum(one.height for one in lines) + 2 * _PADDING[1] for *_, lines in cells)])
        if self.top + height > self.end and not self.is_at_top and height <= self.end - self.setup.top:
            self.begin_page()
        while True:
            room = self.end - self.top
            is_whole = height <= room + 0.01
            taken = [lines if is_whole else _fitting(lines, room - 2 * _PADDING[1]) for *_, lines in cells]
            if not is_whole and not any(taken):
                if not self.is_at_top:
                    self.begin_page()
                    continue
                # higher than a page: it is cut rather than lost in an endless loop
                taken = [lines[:1] for *_, lines in cells]
            shown = height if is_whole else room
            for (cell, cell_left, width, lines), part in zip(cells, taken, strict=True):
                self._cell(cell, part, cell_left, width, shown, is_whole=is_whole)
                del lines[: len(part)]
            self.top += shown
            if not any(lines for *_, lines in cells):
                return
            self.begin_page()
            height = max(sum(one.height for one in lines) + 2 * _PADDING[1] for *_, lines in cells)

    def _cell_lines(self, cell: TableCell, width: float) -> list[_CellLine]:
        found = []
        for paragraph in cell.paragraphs:
            if box := box_of(paragraph):
                found.append(_CellLine(size_of(box)[1], paragraph, box=box))
                continue
            lines = lines_of(paragraph, width, self.measure)
            for number, line in enumerate(lines):
                height = line.height
                height += paragraph.before * POINT if number == 0 else 0
                height += paragraph.after * POINT if number == len(lines) - 1 else 0
                found.append(_CellLine(height, paragraph, line))
        return found

    def _cell(
        self, cell: TableCell, lines: Sequence[_CellLine], left: float, width: float, height: float, *, is_whole: bool
    ) -> None:
        page, top, inner = self.pages[-1], self.top, width - 2 * _PADDING[0]
        used = sum(one.height for one in lines)
        at = top + ((height - used) / 2 if cell.is_middle and is_whole else _PADDING[1])
        for one in lines:
            if one.line:
                _place(page, one.line, one.paragraph, left + _PADDING[0], at, inner)
            else:
                box_width, box_height = size_of(one.box)
                box_left = left + _PADDING[0] + _shift(one.paragraph, inner, box_width)
                page.boxes.append(PlacedBox(one.box, box_left, at, box_width, box_height))
            at += one.height
        right, bottom = left + width, top + height
        for edge, ends in (
            ("t", (left, top, right, top)),
            ("b", (left, bottom, right, bottom)),
            ("l", (left, top, left, bottom)),
            ("r", (right, top, right, bottom)),
        ):
            if edge in cell.edges:
                page.lines.append(PlacedLine(*ends))

    def outer_parts(self) -> None:
        """The header and the footer of every page, now that it is known how many there are."""
        for number, page in enumerate(self.pages, start=1):
            numbers = {PAGE: str(number), PAGES: str(len(self.pages))}
            header = [_numbered(one, numbers) for one in self.layout.header]
            footer = [_numbered(one, numbers) for one in self.layout.footer]
            self._outer(page, header, self.setup.header)
            heights = [sum(line.height for line in lines_of(one, self.width, self.measure)) for one in footer]
            self._outer(page, footer, self.setup.height - self.setup.footer - sum(heights))

    def _outer(self, page: PlacedPage, paragraphs: Sequence[TextParagraph], top: float) -> None:
        for paragraph in paragraphs:
            for line in lines_of(paragraph, self.width, self.measure):
                _place(page, line, paragraph, self.setup.left, top, self.width)
                top += line.height


def box_of(paragraph: TextParagraph) -> str:
    """The sign of the place that the paragraph is, "" for text."""
    text = paragraph.text.strip()
    return text if text in {QR, SEAL} else ""


def size_of(sign: str) -> tuple[float, float]:
    """Width and height, in millimetres."""
    return (QR_SIZE, QR_SIZE) if sign == QR else SEAL_SIZE


def _numbered(paragraph: TextParagraph, numbers: dict[str, str]) -> TextParagraph:
    table = str.maketrans(numbers)
    return replace(paragraph, runs=tuple(replace(run, text=run.text.translate(table)) for run in paragraph.runs))


def _shift(paragraph: TextParagraph, room: float, width: float) -> float:
    match paragraph.align:
        case Alignment.CENTER:
            return max(0.0, (room - width) / 2)
        case Alignment.RIGHT:
            return max(0.0, room - width)
    return 0.0


def _place(page: PlacedPage, line: SetLine, paragraph: TextParagraph, left: float, top: float, width: float) -> None:
    left += line.left + _shift(paragraph, width - line.left - paragraph.right, line.width)
    base = top + (line.height - line.size) / 2 + line.size * _BASE
    for piece in line.pieces:
        page.texts.append(PlacedText(piece.text, piece.run, left + piece.left, base, piece.width))


def _fitting(lines: Sequence[_CellLine], room: float) -> list[_CellLine]:
    found: list[_CellLine] = []
    for line in lines:
        room -= line.height
        if room < 0:
            break
        found.append(line)
    return found
