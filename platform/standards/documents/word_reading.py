"""Read what a Word file says into a layout; whatever could not be shown alike in both files is refused by its name."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any, Final

from foundation.errors import Fault, Invalid
from standards.documents.layout import (
    PAGE,
    PAGES,
    Alignment,
    Block,
    DocumentLayout,
    LayoutRow,
    PageSetup,
    TableCell,
    TextParagraph,
    TextRun,
    TextTable,
    plain_of,
)
from standards.documents.names import NAMED
from standards.documents.word_looks import Looks, is_on, millimetres, value_of
from standards.documents.word_parts import W, WordParts

_MOST_FAULTS: Final = 30
_MOST_BLOCKS: Final = 500
# millimetres: of a paper's sides, of what its margins leave
_SMALLEST, _LARGEST, _NARROWEST = 90, 450, 50
_HARMLESS: Final = frozenset(
    (
        *("pPr", "rPr", "proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "sectPr"),
        *("permStart", "permEnd", "softHyphen", "tblPr", "tblGrid", "trPr", "tcPr"),
    )
)
_NAMES: Final = {
    **dict.fromkeys(("drawing", "pict", "AlternateContent", "object"), "图片或图形"),
    **dict.fromkeys(("ins", "del", "moveFrom", "moveTo", "delText"), "修订"),
    **dict.fromkeys(("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef"), "批注"),
    **dict.fromkeys(("footnoteReference", "endnoteReference"), "脚注或尾注"),
    **dict.fromkeys(("oMath", "oMathPara"), "公式"),
    **dict.fromkeys(("sdt", "customXml", "smartTag"), "内容控件"),
    **dict.fromkeys(("tab", "ptab"), "制表符（请用表格对齐）"),
    "hyperlink": "超链接",
    "ruby": "拼音指南",
    "sym": "特殊符号（请改用普通字符）",
    "altChunk": "嵌入的文件",
    "tbl": "表格里的表格",
}
_FIELDS: Final = {"PAGE": PAGE, "NUMPAGES": PAGES}


def read(file: IO[bytes]) -> Iterator[bytes]:
    """The work itself, in a process of its own."""
    yield json.dumps(plain_of(_Reader(WordParts(file)).layout())).encode()


class _Reader:
    def __init__(self, parts: WordParts) -> None:
        self.parts = parts
        self.looks = Looks(parts.styles)
        self.faults: dict[Fault, None] = {}
        self.place = ""

    def layout(self) -> DocumentLayout:
        body = self.parts.document.find(f"{W}body")
        if body is None:
            raise Invalid.at("file", "文件里没有正文。")
        if len(body) > _MOST_BLOCKS:
            raise Invalid.at("file", f"模板最多 {_MOST_BLOCKS} 段。")
        section = body.find(f"{W}sectPr")
        blocks = tuple(self._blocks(body))
        page, header, footer = self._section(section)
        if self.faults:
            faults = list(self.faults)
            many = f"模板里有 {len(faults)} 处不支持的内容，没有载入。请按提示在 Word 里修改后再上传。"
            raise Invalid.of(faults[:_MOST_FAULTS], many=many)
        return DocumentLayout(blocks, header, footer, page)

    def fault(self, what: str) -> None:
        self.faults[Fault(self.place, f"不支持{what}。")] = None

    def _blocks(self, parent: Any) -> Iterator[Block]:
        numbers = {"p": 0, "tbl": 0}
        for element in parent:
            kind = _kind(element)
            if kind in numbers:
                numbers[kind] += 1
            if kind == "p":
                self.place = f"第 {numbers['p']} 段"
                yield from self._paragraphs(element)
            elif kind == "tbl":
                yield self._table(element, f"表格 {numbers['tbl']}")
            else:
                self._refuse_unknown(element)

    def _refuse_unknown(self, element: Any) -> None:
        kind = _kind(element)
        if kind and kind not in _HARMLESS:
            self.fault(_NAMES.get(kind, f"这种内容（{kind}）"))

    def _paragraphs(self, element: Any) -> Iterator[TextParagraph]:
        """One, or two where a page break stands in it."""
        look = self.looks.of_paragraph(element, self.fault)
        pieces: list[list[TextRun]] = [[]]
        fields = _Fields(self.fault)
        for child in element:
            kind = _kind(child)
            if kind == "r":
                self._run(child, look.style, pieces, fields)
            elif kind == "fldSimple":
                sign = fields.sign_of(child.get(f"{W}instr", ""))
                first = next((one for one in child if _kind(one) == "r"), None)
                if sign and first is not None:
                    pieces[-1].append(self.looks.of_run(first, look.style, self.fault, sign))
            else:
                self._refuse_unknown(child)
        for number, runs in enumerate(pieces):
            yield replace(
                look.paragraph, runs=_joined(runs), begins_page=look.paragraph.begins_page if number == 0 else True
            )

    def _run(self, element: Any, style: Any, pieces: list[list[TextRun]], fields: "_Fields") -> None:
        text = ""

        def end_text() -> None:
            nonlocal text
            if text:
                pieces[-1].append(self.looks.of_run(element, style, self.fault, text))
            text = ""

        for child in element:
            if _kind(child) == "br" and value_of(child, "type") == "page":
                end_text()
                pieces.append([])
            else:
                text += self._text_of(child, fields)
        end_text()

    def _text_of(self, child: Any, fields: "_Fields") -> str:
        """What one part of a run says."""
        match _kind(child):
            case "t":
                return "" if fields.is_result else child.text or ""
            case "noBreakHyphen":
                return "-"
            case "br" if value_of(child, "type") not in {"", "textWrapping"}:
                self.fault("分栏符")
            case "cr" | "br":
                return "\n"
            case "fldChar":
                return fields.take(value_of(child, "fldCharType"))
            case "instrText":
                fields.instructions += child.text or ""
            case _:
                self._refuse_unknown(child)
        return ""

    def _table(self, element: Any, place: str) -> TextTable:
        settings = element.find(f"{W}tblPr")
        self.place = place
        if settings is not None and settings.find(f"{W}tblpPr") is not None:
            self.fault("文字环绕的表格")
        widths = [millimetres(column.get(f"{W}w")) for column in element.iterfind(f"{W}tblGrid/{W}gridCol")]
        edges = self.looks.edges_of_table(element)
        rows = [row for row in element if _kind(row) == "tr"]
        for child in element:
            if child not in rows:
                self._refuse_unknown(child)
        lines = []
        for row, line in enumerate(rows, start=1):
            cells = [cell for cell in line if _kind(cell) == "tc"]
            for child in line:
                if child not in cells and _kind(child) != "tblPrEx":
                    self._refuse_unknown(child)
            if any(line.find(f"{W}trPr/{W}{name}") is not None for name in ("gridBefore", "gridAfter")):
                self.place = f"{place} 第 {row} 行"
                self.fault("缩进的行")
            height = line.find(f"{W}trPr/{W}trHeight")
            made = []
            for column, cell in enumerate(cells, start=1):
                self.place = f"{place} 第 {row} 行第 {column} 格"
                is_ends = (row == 1, row == len(rows), column == 1, column == len(cells))
                made.append(self._cell(cell, edges, is_ends))
            lines.append(LayoutRow(tuple(made), millimetres(height.get(f"{W}val")) if height is not None else 0))
        if not widths or any(sum(cell.span for cell in line.cells) != len(widths) for line in lines):
            self.place = place
            self.fault("各行的列对不齐的表格")
        align = self.looks.align_of(settings.find(f"{W}jc") if settings is not None else None, Alignment.LEFT)
        return TextTable(tuple(widths), tuple(lines), align)

    def _cell(self, cell: Any, edges: dict[str, bool], is_ends: tuple[bool, bool, bool, bool]) -> TableCell:
        settings = {_kind(one): one for one in cell.iterfind(f"{W}tcPr/*")}
        if "vMerge" in settings:
            self.fault("上下合并的单元格")
        if "shd" in settings and self.looks.is_shaded(settings["shd"]):
            self.fault("底纹")
        if "textDirection" in settings and value_of(settings["textDirection"]) != "lrTb":
            self.fault("竖排文字")
        span = int(value_of(settings["gridSpan"]) or 1) if "gridSpan" in settings else 1
        is_middle = "vAlign" in settings and value_of(settings["vAlign"]) == "center"
        own = self.looks.edges_of(settings.get("tcBorders"))
        paragraphs: list[TextParagraph] = []
        for child in cell:
            if _kind(child) == "p":
                paragraphs += self._paragraphs(child)
            else:
                self._refuse_unknown(child)
        is_top, is_bottom, is_left, is_right = is_ends
        inner = {"top": is_top, "bottom": is_bottom, "left": is_left, "right": is_right}
        drawn = ""
        for name, is_end in inner.items():
            usual = edges.get(name if is_end else "insideH" if name in {"top", "bottom"} else "insideV", False)
            drawn += name[0] if own.get(name, usual) else ""
        return TableCell(tuple(paragraphs), span, drawn, is_middle)

    def _section(self, section: Any) -> tuple[PageSetup, tuple[TextParagraph, ...], tuple[TextParagraph, ...]]:
        self.place = "页面设置"
        if len(list(self.parts.document.iter(f"{W}sectPr"))) > 1:
            self.fault("几个节（分节符）")
        settings = self.parts.settings
        if settings is not None and is_on(settings.find(f"{W}evenAndOddHeaders")):
            self.fault("奇偶页不同的页眉页脚")
        if section is None:
            return PageSetup(), (), ()
        for name, what in (("titlePg", "首页不同的页眉页脚"), ("pgBorders", "页面边框"), ("lnNumType", "行号")):
            if is_on(section.find(f"{W}{name}")):
                self.fault(what)
        columns = section.find(f"{W}cols")
        if columns is not None and int(columns.get(f"{W}num") or 1) > 1:
            self.fault("分栏")
        return self._page(section), self._outer(section, "header", "页眉"), self._outer(section, "footer", "页脚")

    def _page(self, section: Any) -> PageSetup:
        size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        page = PageSetup()
        if size is not None:
            page = replace(page, width=millimetres(size.get(f"{W}w")), height=millimetres(size.get(f"{W}h")))
        if margins is not None:
            names = ("top", "bottom", "left", "right", "header", "footer")
            page = replace(page, **{name: millimetres(margins.get(f"{W}{name}")) for name in names})
        if not all(_SMALLEST <= side <= _LARGEST for side in (page.width, page.height)):
            self.fault("这样的纸张大小")
        elif min(page.width - page.left - page.right, page.height - page.top - page.bottom) < _NARROWEST:
            self.fault("这样宽的页边距")
        elif min(page.top, page.bottom, page.left, page.right, page.header, page.footer) < 0:
            self.fault("小于零的页边距")
        return page

    def _outer(self, section: Any, name: str, said: str) -> tuple[TextParagraph, ...]:
        references = section.iterfind(f"{W}{name}Reference")
        reference = next((one for one in references if value_of(one, "type") in {"", "default"}), None)
        root = None if reference is None else self.parts.relation_of(reference)
        found: list[TextParagraph] = []
        for number, child in enumerate(root if root is not None else (), start=1):
            self.place = f"{said}第 {number} 段"
            if _kind(child) == "p":
                found += self._paragraphs(child)
            else:
                self.fault("页眉页脚里的表格") if _kind(child) == "tbl" else self._refuse_unknown(child)
        return tuple(found) if any(one.text for one in found) else ()


class _Fields:
    """A field of Word that stands in several elements: what it is, and whether what stands there is its result."""

    def __init__(self, fault: Any) -> None:
        self._fault = fault
        self.instructions = ""
        self.is_result = False

    def take(self, kind: str) -> str:
        """The sign that stands for the field, where it ends."""
        if kind == "begin":
            self.instructions = ""
        self.is_result = kind == "separate"
        return self.sign_of(self.instructions) if kind == "end" else ""

    def sign_of(self, instructions: str) -> str:
        word = instructions.split(maxsplit=1)[0].upper() if instructions.split() else ""
        if word not in _FIELDS:
            self._fault(f"域（{word[:20] or '空'}），只支持页码（PAGE、NUMPAGES）")
        return _FIELDS.get(word, "")


def _kind(element: Any) -> str:
    """ "" for comments and instructions of XML."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _joined(runs: list[TextRun]) -> tuple[TextRun, ...]:
    """Runs that look alike as one, and each name of a field in one run: Word cuts them where somebody corrected a
    letter."""
    found: list[TextRun] = []
    for run in runs:
        if found and replace(found[-1], text="") == replace(run, text=""):
            found[-1] = replace(found[-1], text=found[-1].text + run.text)
        else:
            found.append(run)
    text = "".join(run.text for run in found)
    for name in NAMED.finditer(text):
        found = _gathered(found, name.start(), name.end())
    return tuple(run for run in found if run.text)


def _gathered(runs: list[TextRun], start: int, end: int) -> list[TextRun]:
    """What stands from ``start`` to ``end`` all in the run in which it begins."""
    found: list[tuple[TextRun, str, str]] = []
    at, whole = 0, ""
    first = -1
    for run in runs:
        left, right = max(start - at, 0), min(end - at, len(run.text))
        if left < right:
            whole += run.text[left:right]
            if first < 0:
                first = len(found)
                found.append((run, run.text[:left], run.text[right:]))
            else:
                found.append((run, "", run.text[right:]))
        else:
            found.append((run, run.text, ""))
        at += len(run.text)
    return [
        replace(run, text=before + (whole if number == first else "") + after)
        for number, (run, before, after) in enumerate(found)
    ]
