"""Write forms as Word files that people fill in on a computer: the same content as on paper (``forms``), and the same
bytes for the same form."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from foundation.paper.forms import FormField, FormPart, PaperForm

# loaded by those alone who write one
if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_FONT: Final = "宋体"
# millimetres of A4
_MARGIN, _WIDTH, _LABEL, _ROW, _LINE = 20, 170, 27, 9.0, 5.3
_TITLE, _SUBTITLE, _BODY, _SMALL = 20.0, 11.0, 10.5, 9.0  # points
_INK, _WRITTEN, _QUIET, _MARK = "1F2329", "1257A8", "646A6F", "C8161D"
_HEADING_FILL, _LABEL_FILL = "DEE0E3", "F5F6F7"


def write_word_form(form: PaperForm) -> bytes:
    """The form as a .docx, with the numbers of its pages."""
    from docx import Document  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    document = Document()
    _settle(document, form)
    centre = WD_ALIGN_PARAGRAPH.CENTER
    _write(document.add_paragraph(), form.title, size=_TITLE, align=centre)
    _write(document.add_paragraph(), form.subtitle, size=_SUBTITLE, colour=_QUIET, align=centre)
    heads = document.add_paragraph()
    heads.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH * 0.62))
    _write(heads, "\t".join(form.heads))
    _write_table(document, form.parts)
    for number, note in enumerate(form.notes, start=1):
        _write(document.add_paragraph(), f"{number}．{note}", size=_SMALL, colour=_QUIET)
    return _bytes_of(document, form)


def _settle(document: "Document", form: PaperForm) -> None:
    """The page, the font, what stands at the head and at the foot of each page, and what the file says of itself."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(_MARGIN)
    page.top_margin, page.bottom_margin = Mm(16), Mm(15)
    page.header_distance = page.footer_distance = Mm(7)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_BODY)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    _set(fonts, eastAsia=_FONT, cs=_FONT)
    normal.element.rPr.append(_element("lang", val="zh-CN", eastAsia="zh-CN"))
    normal.paragraph_format.space_after = Pt(0)
    if form.mark:
        head = page.header.paragraphs[0]
        _write(head, form.mark, size=14, colour=_MARK, align=WD_ALIGN_PARAGRAPH.RIGHT)
    foot = page.footer.paragraphs[0]
    _write(foot, f"{form.title}　第 ", size=_SMALL, colour=_QUIET, align=WD_ALIGN_PARAGRAPH.CENTER)
    _write_number(foot, "PAGE")
    _write(foot, " 页，共 ", size=_SMALL, colour=_QUIET)
    _write_number(foot, "NUMPAGES")
    _write(foot, " 页", size=_SMALL, colour=_QUIET)
    told = document.core_properties
    told.title = f"{form.title}{f'（{form.mark}）' if form.mark else ''}"
    told.subject, told.author, told.last_modified_by, told.comments = form.subtitle, "Yizhan", "Yizhan", ""
    told.language, told.created, told.modified = "zh-CN", form.made_at, form.made_at


def _write_table(document: "Document", parts: Sequence[FormPart]) -> None:
    """One table: a column between each two edges that a cell of any line has."""
    from docx.shared import Mm  # noqa: PLC0415

    lines = [line for part in parts for line in part.lines]
    boxes = [box for line in lines for box in _boxes(line)]
    edges = sorted({0.0, float(_WIDTH), *(edge for left, right, _ in boxes for edge in (left, left + _LABEL, right))})
    table = document.add_table(rows=0, cols=len(edges) - 1)
    table.style = document.styles["Table Grid"]
    table.autofit = False
    for column, (left, right) in zip(table.columns, pairwise(edges), strict=True):
        column.width = Mm(right - left)
    for part in parts:
        heading = _box(table, edges)
        _fill(heading, _HEADING_FILL)
        _write(heading.paragraphs[0], part.title)
        heading.paragraphs[0].paragraph_format.keep_with_next = True
        for line in part.lines:
            _write_line(table, edges, line)
        if part.text:
            cell = _box(table, edges)
            for number, text in enumerate(part.text):
                _write(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), text)


def _write_line(table: "Table", edges: Sequence[float], line: Sequence[FormField]) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    row = table.add_row()  # type: ignore[no-untyped-call]  # the library's
    row.height = Mm(max(_ROW, max(field.lines for field in line) * _LINE))
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    cells = row.cells
    for left, right, field in _boxes(line):
        for begin, end, text, is_label in (
            (left, left + _LABEL, field.label, True),
            (left + _LABEL, right, field.value, False),
        ):
            cell = cells[edges.index(begin)].merge(cells[edges.index(end) - 1])
            paragraph = cell.paragraphs[0]
            if is_label:
                _fill(cell, _LABEL_FILL)
                _write(paragraph, text, align=WD_ALIGN_PARAGRAPH.CENTER)
            else:
                _write(paragraph, text, colour=_INK if field.is_printed else _WRITTEN)
            if is_label or field.lines == 1:
                cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def _boxes(line: Sequence[FormField]) -> Iterator[tuple[float, float, FormField]]:
    """The left edge of each label and the right edge of its value, in millimetres."""
    total, left = sum(field.share for field in line), 0.0
    for number, field in enumerate(line):
        is_last = number == len(line) - 1
        right = float(_WIDTH) if is_last else round(left + _WIDTH * field.share / total, 1)
        yield left, right, field
        left = right


def _box(table: "Table", edges: Sequence[float]) -> "_Cell":
    """A cell over the whole width, in a row of its own."""
    cells: tuple[_Cell, ...] = table.add_row().cells  # type: ignore[no-untyped-call]  # the library's
    whole: _Cell = cells[0].merge(cells[len(edges) - 2])
    return whole


def _write(paragraph: "Paragraph", text: str, *, size: float = _BODY, colour: str = _INK, align: Any = None) -> None:
    """A line break in the text is one in the paragraph."""
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(colour)
    if align is not None:
        paragraph.alignment = align


def _write_number(paragraph: "Paragraph", field: str) -> None:
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    run = paragraph.add_run()
    run.font.size, run.font.color.rgb = Pt(_SMALL), RGBColor.from_string(_QUIET)
    run._r.append(_element("fldChar", fldCharType="begin"))  # noqa: SLF001 - the library has no fields
    told = _element("instrText")
    told.text = field
    run._r.append(told)  # noqa: SLF001
    run._r.append(_element("fldChar", fldCharType="end"))  # noqa: SLF001


def _fill(cell: "_Cell", colour: str) -> None:
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - the library has no shading
    properties.append(_element("shd", val="clear", color="auto", fill=colour))


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415

    made = OxmlElement(f"w:{name}")
    _set(made, **attributes)
    return made


def _set(element: Any, **attributes: str) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415

    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)


def _bytes_of(document: "Document", form: PaperForm) -> bytes:
    """The parts of the file under the form's own date: the library writes the clock's."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as read, zipfile.ZipFile(out, "w") as book:
        for name in read.namelist():
            part = zipfile.ZipInfo(name, form.made_at.timetuple()[:6])
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            book.writestr(part, read.read(name))
    return out.getvalue()
