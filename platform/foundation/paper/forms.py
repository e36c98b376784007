"""Write forms that people fill in by hand: A4, ruled, real text with the Chinese font inside; the same form gives the
same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

# loaded by those alone who write paper
if TYPE_CHECKING:
    from fpdf import FPDF

_FAMILY: Final = "noto"
# millimetres of A4
_TOP = 16
_MARGIN, _WIDTH, _BOTTOM = 20, 170, 15
_LABEL, _LINE, _ROW, _PADDING = 27, 5.3, 9, 1.6
_TITLE, _SUBTITLE, _BODY, _SMALL = 20, 11, 10.5, 9  # points
# what somebody wrote, apart from what is printed
_INK, _WRITTEN, _QUIET, _MARK = (31, 35, 41), (18, 87, 168), (100, 106, 115), (200, 22, 29)
_LABELLED = (245, 246, 247)


@dataclass(frozen=True, slots=True)
class FormField:
    """A labelled cell. ``share``: of its line's width, beside the others' shares; ``lines``: how many lines of
    handwriting it has room for; ``is_printed``: the value is the form's own, nobody wrote it."""

    label: str
    value: str = ""
    share: int = 1
    lines: int = 1
    is_printed: bool = False


@dataclass(frozen=True, slots=True)
class FormPart:
    """A heading with lines of cells below it, or with text over the whole width."""

    title: str
    lines: tuple[tuple[FormField, ...], ...] = ()
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperForm:
    """``heads``: what stands at the left and the right above the table; ``mark``: what a form is that was filled in to
    show how, on every page ("": nothing); ``notes``: below the table; ``made_at``: the PDF's date."""

    title: str
    subtitle: str
    heads: tuple[str, str]
    parts: tuple[FormPart, ...]
    notes: tuple[str, ...]
    made_at: datetime
    mark: str = ""


def write_form(form: PaperForm) -> bytes:
    """The form as a PDF, with the numbers of its pages."""
    from fpdf import FPDF  # noqa: PLC0415
    from pylopdf_fonts_zh_cn import sans_path  # noqa: PLC0415

    class _Pages(FPDF):
        def header(self) -> None:
            if form.mark:
                _write_mark(self, form.mark)

        def footer(self) -> None:
            self.set_y(-13)
            self.set_font(_FAMILY, size=_SMALL)
            self.set_text_color(*_QUIET)
            self.cell(0, 6, f"{form.title}　第 {self.page_no()} 页，共 {{nb}} 页", align="C")

    paper = _Pages(format="A4")
    paper.set_creation_date(form.made_at)
    paper.set_margin(_MARGIN)
    paper.set_top_margin(_TOP)
    paper.set_auto_page_break(False)
    paper.add_font(_FAMILY, fname=str(sans_path()))
    paper.set_lang("zh-CN")
    paper.set_title(f"{form.title}{f'（{form.mark}）' if form.mark else ''}")
    paper.set_subject(form.subtitle)
    paper.set_creator("Yizhan")
    paper.add_page()
    paper.set_draw_color(*_INK)
    paper.set_line_width(0.25)
    _write_head(paper, form)
    for part in form.parts:
        _write_part(paper, part)
    _write_notes(paper, form.notes)
    return bytes(paper.output())


def _write_mark(paper: "FPDF", mark: str) -> None:
    """In the corner, and large and faint behind what is written: a part of a copied page still shows it."""
    paper.set_font(_FAMILY, size=110)
    paper.set_text_color(248, 226, 227)
    with paper.rotation(35, paper.w / 2, paper.h / 2):
        width = paper.get_string_width(mark)
        paper.text((paper.w - width) / 2, paper.h / 2 + 18, mark)
    paper.set_font(_FAMILY, size=14)
    paper.set_text_color(*_MARK)
    paper.set_draw_color(*_MARK)
    paper.set_line_width(0.5)
    width = paper.get_string_width(mark) + 8
    paper.set_xy(paper.w - _MARGIN - width, 5)
    paper.cell(width, 8, mark, border=1, align="C")
    paper.set_draw_color(*_INK)
    paper.set_line_width(0.25)
    paper.set_xy(_MARGIN, _TOP)


def _write_head(paper: "FPDF", form: PaperForm) -> None:
    paper.set_text_color(*_INK)
    paper.set_font(_FAMILY, size=_TITLE)
    paper.multi_cell(0, 10, form.title, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.set_font(_FAMILY, size=_SUBTITLE)
    paper.set_text_color(*_QUIET)
    paper.multi_cell(0, 7, form.subtitle, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.ln(2)
    paper.set_text_color(*_INK)
    paper.set_font(_FAMILY, size=_BODY)
    left, right = form.heads
    paper.cell(_WIDTH * 0.62, 7, left)
    paper.cell(_WIDTH * 0.38, 7, right, align="R", new_x="LMARGIN", new_y="NEXT")


def _write_part(paper: "FPDF", part: FormPart) -> None:
    paper.set_font(_FAMILY, size=_BODY)
    text = [one for line in part.text for one in _lines_of(paper, _WIDTH - 2 * _PADDING, line)]
    first = len(text) * _LINE + 2 * _PADDING if text else 0
    if part.lines:
        first = max(first, _height(paper, part.lines[0]))
    # a heading never stands alone at the end of a page
    _keep_together(paper, 7 + min(first, 60))
    paper.set_fill_color(222, 224, 227)
    paper.set_text_color(*_INK)
    paper.cell(_WIDTH, 7, f" {part.title}", border=1, fill=True, new_x="LMARGIN", new_y="NEXT")
    for line in part.lines:
        _write_line(paper, line)
    if text:
        _write_text(paper, text)


def _write_text(paper: "FPDF", text: Sequence[str]) -> None:
    """One frame a page around as many lines as fit."""
    remaining = list(text)
    while remaining:
        _keep_together(paper, _LINE + 2 * _PADDING)
        room = int((_end(paper) - paper.get_y() - 2 * _PADDING) // _LINE)
        lines, remaining = remaining[:room], remaining[room:]
        top = paper.get_y()
        paper.rect(_MARGIN, top, _WIDTH, len(lines) * _LINE + 2 * _PADDING)
        for number, line in enumerate(lines):
            paper.set_xy(_MARGIN + _PADDING, top + _PADDING + number * _LINE)
            paper.cell(_WIDTH - 2 * _PADDING, _LINE, line)
        paper.set_xy(_MARGIN, top + len(lines) * _LINE + 2 * _PADDING)


def _write_line(paper: "FPDF", line: Sequence[FormField]) -> None:
    height = _height(paper, line)
    _keep_together(paper, height)
    top, left = paper.get_y(), float(_MARGIN)
    for field, width in zip(line, _widths(line), strict=True):
        _write_cell(paper, (left, top, _LABEL, height), field.label, is_label=True)
        paper.set_text_color(*(_INK if field.is_printed else _WRITTEN))
        box = (left + _LABEL, top, width - _LABEL, height)
        _write_cell(paper, box, field.value, is_top=field.lines > 1)
        paper.set_text_color(*_INK)
        left += width
    paper.set_xy(_MARGIN, top + height)


def _write_cell(
    paper: "FPDF",
    box: tuple[float, float, float, float],
    text: str,
    *,
    is_label: bool = False,
    is_top: bool = False,
) -> None:
    left, top, width, height = box
    if is_label:
        paper.set_fill_color(*_LABELLED)
    paper.rect(left, top, width, height, style="DF" if is_label else "D")
    lines = _lines_of(paper, width - 2 * _PADDING, text)
    start = top + _PADDING if is_top else top + (height - len(lines) * _LINE) / 2
    for number, one in enumerate(lines):
        paper.set_xy(left + _PADDING, start + number * _LINE)
        paper.cell(width - 2 * _PADDING, _LINE, one, align="C" if is_label else "L")


def _write_notes(paper: "FPDF", notes: Sequence[str]) -> None:
    paper.ln(1.5)
    paper.set_font(_FAMILY, size=_SMALL)
    for number, note in enumerate(notes, start=1):
        lines = _lines_of(paper, _WIDTH - 2 * _PADDING, f"{number}．{note}")
        _keep_together(paper, len(lines) * 4.4)
        paper.set_text_color(*_QUIET)
        for line in lines:
            paper.cell(_WIDTH, 4.4, line, new_x="LMARGIN", new_y="NEXT")


def _height(paper: "FPDF", line: Sequence[FormField]) -> float:
    """As high as its highest cell."""
    heights: list[float] = [_ROW]
    for field, width in zip(line, _widths(line), strict=True):
        texts = ((field.label, _LABEL), (field.value, width - _LABEL))
        lines = [len(_lines_of(paper, room - 2 * _PADDING, text)) for text, room in texts]
        heights.append(max(field.lines, *lines) * _LINE + 2 * _PADDING)
    return max(heights)


def _widths(line: Sequence[FormField]) -> list[float]:
    total = sum(field.share for field in line)
    return [_WIDTH * field.share / total for field in line]


def _end(paper: "FPDF") -> float:
    return paper.h - _BOTTOM


def _keep_together(paper: "FPDF", height: float) -> None:
    """On the next page, where this one has no room for it; what a page could not hold begins where it is."""
    if paper.get_y() + height > _end(paper) and height < paper.h - _BOTTOM - _TOP:
        size = paper.font_size_pt
        paper.add_page()
        paper.set_font(_FAMILY, size=size)
        paper.set_text_color(*_INK)


def _lines_of(paper: "FPDF", width: float, text: str) -> list[str]:
    # no cell's own margin: padding is ours
    paper.c_margin = 0
    return cast("list[str]", paper.multi_cell(width, _LINE, text, dry_run=True, output="LINES", align="L")) or [""]
