"""A document as a PDF, the fonts inside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, cast

from standards.documents.fonts import Fonts, font_at
from standards.documents.layout import QR, DocumentLayout, TextRun
from standards.documents.lines import POINT
from standards.documents.pages import SEAL_TEXT, PlacedBox, PlacedPage, PlacedText, pages_of

# loaded by those alone who write paper
if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

_SEAL_COLOUR: Final = (200, 22, 29)
_SAMPLE_COLOUR: Final = (235, 235, 235)
_THOUSAND: Final = 1_000
# of a letter's size: how much thicker bold letters are drawn
_BOLD: Final = 0.028


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What the file says of itself. ``address``: what the QR code says; ``sample``: words across each page, "" on a
    document that holds."""

    title: str
    address: str
    made_at: datetime
    sample: str = ""


@dataclass(frozen=True, slots=True)
class WrittenPdf:
    """``seal``: page from 0 on; left, top, width and height in millimetres; None where the document has no place."""

    content: bytes
    seal: tuple[int, float, float, float, float] | None


def write_pdf(layout: DocumentLayout, facts: PaperFacts, fonts: Fonts) -> WrittenPdf:
    """The document, laid out page by page."""
    from fpdf import FPDF  # noqa: PLC0415 - see above

    paper = FPDF(format=(layout.page.width, layout.page.height))
    paper.set_auto_page_break(False)
    paper.set_creation_date(facts.made_at)
    paper.set_lang("zh-CN")
    paper.set_title(facts.title)
    paper.set_creator("Yizhan")
    paper.c_margin = 0
    pages = pages_of(layout, lambda text, run: _width(text, run, fonts))
    seal = None
    with TemporaryDirectory() as folder:
        pen = _Pen(paper, fonts, _write_fonts(Path(folder), pages, facts, fonts))
        for number, page in enumerate(pages):
            paper.add_page()
            if facts.sample:
                pen.write_across(facts.sample)
            for box in page.boxes:
                if box.sign != QR:
                    seal = (number, box.left, box.top, box.width, box.height)
            pen.draw(page, facts)
        return WrittenPdf(bytes(paper.output()), seal)


def _width(text: str, run: TextRun, fonts: Fonts) -> float:
    """Millimetres."""
    width = sum(font_at(path).width(sign) for piece, path in fonts.pieces(text, run.font) for sign in piece)
    return width * run.size * POINT / _THOUSAND


def _write_fonts(folder: Path, pages: Sequence[PlacedPage], facts: PaperFacts, fonts: Fonts) -> dict[str, Path]:
    """Of each font that the document needs a file with its letters alone: the whole one would be read whole."""
    letters: dict[str, set[str]] = {}
    for text, run in _texts(pages, facts):
        for piece, path in fonts.pieces(text, run.font):
            letters.setdefault(path, set()).update(piece)
    files = {path: folder / f"{number}.otf" for number, path in enumerate(letters)}
    for path, file in files.items():
        file.write_bytes(font_at(path).part(letters[path]))
    return files


def _texts(pages: Sequence[PlacedPage], facts: PaperFacts) -> Iterator[tuple[str, TextRun]]:
    yield from ((text.text, text.run) for page in pages for text in page.texts)
    yield from ((text, _PLAIN) for text in (SEAL_TEXT, facts.sample))


class _Pen:
    """Writes with the fonts that lie at these places."""

    def __init__(self, paper: "FPDF", fonts: Fonts, files: dict[str, Path]) -> None:
        self.paper = paper
        self.fonts = fonts
        self._families = {path: f"font{number}" for number, path in enumerate(files)}
        for path, file in files.items():
            self.paper.add_font(self._families[path], fname=file)
        for font in self.paper.fonts.values():
            # HarfBuzz has measured these letters: to draw each once more for its bounds took half of a document's time
            cast("TTFFont", font).ttfont.recalcBBoxes = False

    def draw(self, page: PlacedPage, facts: PaperFacts) -> None:
        for line in page.lines:
            self.paper.set_draw_color(*_rgb(line.colour))
            self.paper.set_line_width(line.thickness)
            self.paper.line(line.left, line.top, line.right, line.bottom)
        for text in page.texts:
            self.write(text)
        for box in page.boxes:
            if box.sign == QR:
                self._draw_code(box, facts.address)
            else:
                self._draw_seal(box)

    def write(self, text: PlacedText) -> None:
        from fpdf.enums import TextMode  # noqa: PLC0415 - see above

        run, left = text.run, text.left
        colour = _rgb(run.colour)
        self.paper.set_text_color(*colour)
        for piece, path in self.fonts.pieces(text.text, run.font):
            self.paper.set_font(self._families[path], size=run.size)
            with self.paper.local_context():
                if run.is_bold:
                    self.paper.text_mode = TextMode.FILL_STROKE
                    self.paper.set_draw_color(*colour)
                    self.paper.set_line_width(run.size * POINT * _BOLD)
                self.paper.text(left, text.base, piece)
            left += _width(piece, run, self.fonts)
        if run.is_underlined:
            self.paper.set_draw_color(*colour)
            self.paper.set_line_width(0.2)
            below = text.base + run.size * POINT * 0.14
            self.paper.line(text.left, below, text.left + text.width, below)

    def write_across(self, words: str) -> None:
        """Large and faint, behind everything: a part of a copied page still shows it."""
        paper = self.paper
        _, path = next(self.fonts.pieces(words, _PLAIN.font))
        paper.set_font(self._families[path], size=90)
        paper.set_text_color(*_SAMPLE_COLOUR)
        with paper.rotation(35, paper.w / 2, paper.h / 2):
            paper.text((paper.w - paper.get_string_width(words)) / 2, paper.h / 2 + 16, words)

    def _draw_code(self, box: PlacedBox, address: str) -> None:
        """As squares, which any size prints sharp."""
        modules = code_of(address)
        side = box.width / len(modules)
        self.paper.set_fill_color(0, 0, 0)
        for row, line in enumerate(modules):
            column = 0
            while column < len(line):
                length = 0
                while column + length < len(line) and line[column + length]:
                    length += 1
                if length:
                    self.paper.rect(box.left + column * side, box.top + row * side, length * side, side, style="F")
                column += length or 1

    def _draw_seal(self, box: PlacedBox) -> None:
        """Says that it is signed; no picture that could be cut out and used elsewhere."""
        self.paper.set_draw_color(*_SEAL_COLOUR)
        self.paper.set_line_width(0.4)
        self.paper.rect(box.left, box.top, box.width, box.height)
        run = TextRun(SEAL_TEXT, size=14, colour="C8161D")
        width = _width(SEAL_TEXT, run, self.fonts)
        base = box.top + box.height / 2 + run.size * POINT * 0.36
        self.write(PlacedText(SEAL_TEXT, run, box.left + (box.width - width) / 2, base, width))


_PLAIN: Final = TextRun("")


def code_of(text: str) -> list[list[bool]]:
    """The modules of a QR code, without its quiet zone: the paper around it is white."""
    import qrcode  # noqa: PLC0415 - see above

    code: Any = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    modules: list[list[bool]] = code.get_matrix()
    return modules


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour)
    return red, green, blue
