"""A document as a PDF, the fonts inside."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from standards.documents.fonts import Fonts
from standards.documents.layout import QR, DocumentLayout, TextRun
from standards.documents.lines import POINT
from standards.documents.pages import SEAL_TEXT, PlacedBox, PlacedPage, PlacedText, pages_of

# loaded by those alone who write paper
if TYPE_CHECKING:
    from fpdf import FPDF

_SEAL_COLOUR: Final = (200, 22, 29)
_SAMPLE_COLOUR: Final = (235, 235, 235)
_MEASURED_AT: Final = 1000.0
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
    pen = _Pen(paper, fonts)
    pages = pages_of(layout, pen.measure)
    seal = None
    for number, page in enumerate(pages):
        paper.add_page()
        if facts.sample:
            pen.write_across(facts.sample)
        for box in page.boxes:
            if box.sign != QR:
                seal = (number, box.left, box.top, box.width, box.height)
        pen.draw(page, facts)
    return WrittenPdf(bytes(paper.output()), seal)


class _Pen:
    """Writes with the fonts that the text needs, and loads no other."""

    def __init__(self, paper: "FPDF", fonts: Fonts) -> None:
        self.paper = paper
        self.fonts = fonts
        self._families: dict[str, str] = {}
        self._widths: dict[tuple[str, str], float] = {}

    def measure(self, text: str, run: TextRun) -> float:
        """Millimetres."""
        width = sum(self._width(sign, path) for piece, path in self.fonts.pieces(text, run.font) for sign in piece)
        return width * run.size / _MEASURED_AT

    def _width(self, sign: str, path: str) -> float:
        found = self._widths.get((sign, path))
        if found is None:
            self.paper.set_font(self._family(path), size=_MEASURED_AT)
            found = self._widths[sign, path] = float(self.paper.get_string_width(sign))
        return found

    def _family(self, path: str) -> str:
        if path not in self._families:
            self._families[path] = f"font{len(self._families)}"
            self.paper.add_font(self._families[path], fname=path)
        return self._families[path]

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
            width = sum(self._width(sign, path) for sign in piece) * run.size / _MEASURED_AT
            self.paper.set_font(self._family(path), size=run.size)
            with self.paper.local_context():
                if run.is_bold:
                    self.paper.text_mode = TextMode.FILL_STROKE
                    self.paper.set_draw_color(*colour)
                    self.paper.set_line_width(run.size * POINT * _BOLD)
                self.paper.text(left, text.base, piece)
            left += width
        if run.is_underlined:
            self.paper.set_draw_color(*colour)
            self.paper.set_line_width(0.2)
            below = text.base + run.size * POINT * 0.14
            self.paper.line(text.left, below, text.left + text.width, below)

    def write_across(self, words: str) -> None:
        """Large and faint, behind everything: a part of a copied page still shows it."""
        paper = self.paper
        _, path = next(self.fonts.pieces(words, _PLAIN.font))
        paper.set_font(self._family(path), size=90)
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
        width = self.measure(SEAL_TEXT, run)
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
