"""Write a PDF of facts and tables, the Chinese font inside, without a browser."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

# loaded by those alone who write paper
if TYPE_CHECKING:
    from fpdf import FPDF

_FAMILY = "noto"
_WIDTH, _MARGIN = 180, 15  # millimetres of A4
_LINE = 5.5
_TITLE, _HEADING, _BODY, _SMALL = 18, 12, 10, 8.5  # points


@dataclass(frozen=True, slots=True)
class PaperTable:
    """``widths``: shares of the page's width, one a column."""

    title: str
    headings: Sequence[str]
    widths: Sequence[float]
    rows: Iterable[Sequence[str]]


def write_paper(
    *, title: str, facts: Iterable[tuple[str, str]], tables: Iterable[PaperTable], ends: str, marks: str
) -> bytes:
    """A4 pages with their numbers. ``ends``: the last words; ``marks``: the PDF's keywords, for programs."""
    from fpdf import FPDF  # noqa: PLC0415
    from pylopdf_fonts_zh_cn import sans_path  # noqa: PLC0415

    class _Pages(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(_FAMILY, size=_SMALL)
            self.cell(0, 6, f"{title}　第 {self.page_no()} / {{nb}} 页", align="C")

    paper = _Pages(format="A4")
    paper.set_margin(_MARGIN)
    paper.set_auto_page_break(True, margin=18)
    paper.add_font(_FAMILY, fname=str(sans_path()))
    paper.set_lang("zh-CN")
    paper.set_title(title)
    paper.set_keywords(marks)
    paper.set_creator("Yizhan")
    paper.add_page()
    paper.set_font(_FAMILY, size=_TITLE)
    paper.multi_cell(0, 11, title, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.ln(3)
    for name, value in facts:
        _write_fact(paper, name, value)
    for table in tables:
        _write_table(paper, table)
    paper.ln(4)
    paper.set_font(_FAMILY, size=_SMALL)
    paper.multi_cell(0, _LINE, ends, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def _write_fact(paper: "FPDF", name: str, value: str) -> None:
    paper.set_font(_FAMILY, size=_BODY)
    paper.set_text_color(100, 106, 115)
    paper.cell(24, _LINE + 1, name)
    paper.set_text_color(31, 35, 41)
    paper.multi_cell(0, _LINE + 1, value, new_x="LMARGIN", new_y="NEXT", align="L")


def _write_table(paper: "FPDF", table: PaperTable) -> None:
    widths = [_WIDTH * share / sum(table.widths) for share in table.widths]
    paper.ln(4)
    paper.set_font(_FAMILY, size=_HEADING)
    paper.cell(0, 8, table.title, new_x="LMARGIN", new_y="NEXT")
    paper.set_font(_FAMILY, size=_SMALL)
    _write_row(paper, widths, table.headings, is_head=True)
    for row in table.rows:
        _write_row(paper, widths, row)


def _write_row(paper: "FPDF", widths: Sequence[float], row: Sequence[str], *, is_head: bool = False) -> None:
    """As high as its highest cell; never cut by the end of a page."""
    lines = [_lines_of(paper, width, text) for width, text in zip(widths, row, strict=True)]
    height = max(len(some) for some in lines) * _LINE
    if paper.will_page_break(height):
        paper.add_page()
    top, left = paper.get_y(), paper.get_x()
    paper.set_draw_color(222, 224, 227)
    paper.line(left, top + height, left + _WIDTH, top + height)
    if is_head:
        paper.set_text_color(100, 106, 115)
    for width, some in zip(widths, lines, strict=True):
        for number, text in enumerate(some):
            paper.set_xy(left, top + number * _LINE)
            paper.cell(width, _LINE, text)
        left += width
    paper.set_text_color(31, 35, 41)
    paper.set_xy(_MARGIN, top + height)


def _lines_of(paper: "FPDF", width: float, text: str) -> list[str]:
    return cast("list[str]", paper.multi_cell(width, _LINE, text, dry_run=True, output="LINES"))
