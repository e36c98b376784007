"""A document, or a template, as a Word file (.docx): written anew, so that nothing of what somebody uploaded goes on to
others, and the same bytes for the same document."""

import io
import zipfile
from datetime import datetime
from typing import Any, Final

from lxml import etree

from standards.documents.kinds import QR_PLACE
from standards.documents.layout import (
    PAGE,
    PAGES,
    QR,
    SEAL,
    WORD_FONTS,
    Alignment,
    DocumentLayout,
    LineRule,
    TableCell,
    TextParagraph,
    TextRun,
    TextTable,
)
from standards.documents.pages import QR_SIZE, SEAL_TEXT, box_of
from standards.documents.pdf import code_of
from standards.documents.word_parts import W

_NAMESPACE: Final = W[1:-1]
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_CORE: Final = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EMU: Final = 36_000  # a millimetre
_TWIPS: Final = 1440 / 25.4
_MODULE: Final = 8  # pixels
_BEGAN: Final = 1980  # ZIP knows no earlier year


def write_word(layout: DocumentLayout, *, title: str, made_at: datetime, address: str = "") -> bytes:
    """``address``: what the QR code says; "" writes a template, with the names of its places."""
    body = _element("body")
    for block in layout.body:
        body.append(_table(block, address) if isinstance(block, TextTable) else _paragraph(block, address))
    if not layout.body or isinstance(layout.body[-1], TextTable):
        # Word wants a paragraph behind a table
        body.append(_element("p"))
    body.append(_section(layout))
    parts = {"word/document.xml": _root("document", body)}
    for name, kind, paragraphs in (("header", "hdr", layout.header), ("footer", "ftr", layout.footer)):
        parts[f"word/{name}1.xml"] = _root(
            kind, *(_paragraph(one, address) for one in paragraphs or (TextParagraph(),))
        )
    return _packed(parts, title=title, made_at=made_at, code=_picture(address) if address else b"")


def _paragraph(paragraph: TextParagraph, address: str) -> Any:
    made = _element("p")
    settings = _append(made, "pPr")
    if paragraph.begins_page:
        _append(settings, "pageBreakBefore")
    if paragraph.rule:
        _append(_append(settings, "pBdr"), "bottom", val="single", sz="12", space="1", color=paragraph.rule)
    rules = {LineRule.TIMES: ("auto", 240), LineRule.EXACT: ("exact", 20), LineRule.LEAST: ("atLeast", 20)}
    rule, unit = rules[paragraph.line_rule]
    before, after, line = (str(round(x)) for x in (paragraph.before * 20, paragraph.after * 20, paragraph.line * unit))
    _append(settings, "spacing", before=before, after=after, line=line, lineRule=rule)
    first = {"hanging" if paragraph.first < 0 else "firstLine": _twips(abs(paragraph.first))}
    _append(settings, "ind", left=_twips(paragraph.left), right=_twips(paragraph.right), **first)
    if paragraph.align != Alignment.LEFT:
        _append(settings, "jc", val=paragraph.align.value)
    place = box_of(paragraph)
    if place == QR and address:
        _append(made, "r").append(_drawing())
        return made
    for run in paragraph.runs:
        _write_run(made, run)
    return made


def _write_run(paragraph: Any, run: TextRun) -> None:
    text = run.text.replace(SEAL, SEAL_TEXT)
    piece = ""
    for sign in text:
        if sign in {PAGE, PAGES}:
            _write_text(paragraph, run, piece)
            piece = ""
            field = _append(paragraph, "fldSimple", instr="PAGE" if sign == PAGE else "NUMPAGES")
            _write_text(field, run, "1")
        else:
            piece += sign
    _write_text(paragraph, run, piece)


def _write_text(parent: Any, run: TextRun, text: str) -> None:
    if not text:
        return
    made = _append(parent, "r")
    settings = _append(made, "rPr")
    font = WORD_FONTS[run.font]
    _append(settings, "rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font)
    if run.is_bold:
        _append(settings, "b")
    if run.colour != "000000":
        _append(settings, "color", val=run.colour)
    for name in ("sz", "szCs"):
        _append(settings, name, val=str(round(run.size * 2)))
    if run.is_underlined:
        _append(settings, "u", val="single")
    for number, line in enumerate(text.split("\n")):
        if number:
            _append(made, "br")
        if line:
            part = _append(made, "t")
            part.text = line
            part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _table(table: TextTable, address: str) -> Any:
    made = _element("tbl")
    settings = _append(made, "tblPr")
    _append(settings, "tblW", w=_twips(sum(table.widths)), type="dxa")
    if table.align != Alignment.LEFT:
        _append(settings, "jc", val=table.align.value)
    _append(settings, "tblLayout", type="fixed")
    grid = _append(made, "tblGrid")
    for width in table.widths:
        _append(grid, "gridCol", w=_twips(width))
    for line in table.lines:
        row = _append(made, "tr")
        if line.height:
            _append(_append(row, "trPr"), "trHeight", val=_twips(line.height))
        column = 0
        for cell in line.cells:
            width = sum(table.widths[column : column + cell.span])
            row.append(_cell(cell, width, address))
            column += cell.span
    return made


def _cell(cell: TableCell, width: float, address: str) -> Any:
    made = _element("tc")
    settings = _append(made, "tcPr")
    _append(settings, "tcW", w=_twips(width), type="dxa")
    if cell.span > 1:
        _append(settings, "gridSpan", val=str(cell.span))
    borders = _append(settings, "tcBorders")
    for edge in ("top", "left", "bottom", "right"):
        is_drawn = edge[0] in cell.edges
        _append(
            borders,
            edge,
            **({"val": "single", "sz": "4", "space": "0", "color": "000000"} if is_drawn else {"val": "nil"}),
        )
    if cell.is_middle:
        _append(settings, "vAlign", val="center")
    for paragraph in cell.paragraphs or (TextParagraph(),):
        made.append(_paragraph(paragraph, address))
    return made


def _section(layout: DocumentLayout) -> Any:
    made = _element("sectPr")
    for name in ("header", "footer"):
        reference = _append(made, f"{name}Reference", type="default")
        reference.set(f"{{{_OFFICE}}}id", f"r{name}")
    page = layout.page
    landscape = {"orient": "landscape"} if page.width > page.height else {}
    _append(made, "pgSz", w=_twips(page.width), h=_twips(page.height), **landscape)
    sides = {name: _twips(getattr(page, name)) for name in ("top", "right", "bottom", "left", "header", "footer")}
    _append(made, "pgMar", **sides, gutter="0")
    return made


def _drawing() -> Any:
    """The picture of the QR code, in the line."""
    a, wp, pic = f"{_DRAWING}/main", f"{_DRAWING}/wordprocessingDrawing", f"{_DRAWING}/picture"
    made = _element("drawing")
    inline = etree.SubElement(made, f"{{{wp}}}inline", nsmap={"wp": wp, "a": a, "pic": pic, "r": _OFFICE})
    size = {"cx": str(round(QR_SIZE * _EMU)), "cy": str(round(QR_SIZE * _EMU))}
    etree.SubElement(inline, f"{{{wp}}}extent", size)
    etree.SubElement(inline, f"{{{wp}}}docPr", {"id": "1", "name": QR_PLACE, "descr": QR_PLACE})
    data = etree.SubElement(etree.SubElement(inline, f"{{{a}}}graphic"), f"{{{a}}}graphicData", {"uri": pic})
    picture = etree.SubElement(data, f"{{{pic}}}pic")
    about = etree.SubElement(picture, f"{{{pic}}}nvPicPr")
    etree.SubElement(about, f"{{{pic}}}cNvPr", {"id": "1", "name": QR_PLACE})
    etree.SubElement(about, f"{{{pic}}}cNvPicPr")
    fill = etree.SubElement(picture, f"{{{pic}}}blipFill")
    etree.SubElement(fill, f"{{{a}}}blip", {f"{{{_OFFICE}}}embed": "rcode"})
    etree.SubElement(etree.SubElement(fill, f"{{{a}}}stretch"), f"{{{a}}}fillRect")
    shape = etree.SubElement(picture, f"{{{pic}}}spPr")
    frame = etree.SubElement(shape, f"{{{a}}}xfrm")
    etree.SubElement(frame, f"{{{a}}}off", {"x": "0", "y": "0"})
    etree.SubElement(frame, f"{{{a}}}ext", size)
    etree.SubElement(etree.SubElement(shape, f"{{{a}}}prstGeom", {"prst": "rect"}), f"{{{a}}}avLst")
    return made


def _picture(address: str) -> bytes:
    """The QR code as PNG."""
    from PIL import Image  # noqa: PLC0415 - by those alone who write one

    modules = code_of(address)
    side = len(modules)
    picture = Image.new("1", (side, side), 1)
    picture.putdata([0 if module else 1 for line in modules for module in line])
    out = io.BytesIO()
    picture.resize((side * _MODULE, side * _MODULE), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def _packed(parts: dict[str, Any], *, title: str, made_at: datetime, code: bytes) -> bytes:
    files = {
        "[Content_Types].xml": _types(has_code=bool(code)),
        "_rels/.rels": _relations(
            {"rdoc": ("officeDocument", "word/document.xml"), "rcore": ("", "docProps/core.xml")}
        ),
        "word/_rels/document.xml.rels": _relations(
            {
                "rheader": ("header", "header1.xml"),
                "rfooter": ("footer", "footer1.xml"),
                **({"rcode": ("image", "media/code.png")} if code else {}),
            }
        ),
        "docProps/core.xml": _core(title, made_at),
        **{
            name: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            for name, root in parts.items()
        },
        **({"word/media/code.png": code} if code else {}),
    }
    out = io.BytesIO()
    stamp = max(made_at.year, _BEGAN), made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, stamp)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return out.getvalue()


def _types(*, has_code: bool) -> bytes:
    root = etree.Element(f"{{{_PACKAGE}/content-types}}Types", nsmap={None: f"{_PACKAGE}/content-types"})
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    for ending, kind in (defaults | ({"png": "image/png"} if has_code else {})).items():
        etree.SubElement(root, "Default", Extension=ending, ContentType=kind)
    overrides = {
        "/word/document.xml": f"{_TYPES}.document.main+xml",
        "/word/header1.xml": f"{_TYPES}.header+xml",
        "/word/footer1.xml": f"{_TYPES}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    for name, kind in overrides.items():
        etree.SubElement(root, "Override", PartName=name, ContentType=kind)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _relations(found: dict[str, tuple[str, str]]) -> bytes:
    """Id → kind ("": what the file says of itself) and target."""
    space = f"{_PACKAGE}/relationships"
    root = etree.Element(f"{{{space}}}Relationships", nsmap={None: space})
    for key, (kind, target) in found.items():
        whole = f"{_OFFICE}/{kind}" if kind else f"{space}/metadata/core-properties"
        etree.SubElement(root, "Relationship", Id=key, Type=whole, Target=target)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _core(title: str, made_at: datetime) -> bytes:
    dc, terms, xsi = (
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/terms/",
        "http://www.w3.org/2001/XMLSchema-instance",
    )
    root = etree.Element(f"{{{_CORE}}}coreProperties", nsmap={"cp": _CORE, "dc": dc, "dcterms": terms, "xsi": xsi})
    etree.SubElement(root, f"{{{dc}}}title").text = title
    etree.SubElement(root, f"{{{dc}}}creator").text = "Yizhan"
    created = etree.SubElement(root, f"{{{terms}}}created", {f"{{{xsi}}}type": "dcterms:W3CDTF"})
    created.text = made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _root(kind: str, *children: Any) -> Any:
    root = etree.Element(f"{W}{kind}", nsmap={"w": _NAMESPACE, "r": _OFFICE})
    root.extend(children)
    return root


def _element(name: str, **values: str) -> Any:
    return etree.Element(f"{W}{name}", {f"{W}{key}": value for key, value in values.items()}, nsmap={"w": _NAMESPACE})


def _append(parent: Any, name: str, **values: str) -> Any:
    return etree.SubElement(parent, f"{W}{name}", {f"{W}{key}": value for key, value in values.items()})


def _twips(length: float) -> str:
    return str(round(length * _TWIPS))
