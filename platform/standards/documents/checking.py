"""Whether a template fits a kind of document: every fault with its place, before it is ever filled."""

from collections.abc import Iterator
from typing import Final

from foundation.errors import Fault, Invalid
from standards.documents.kinds import CODE, PLACES, QR_PLACE, DocumentKind
from standards.documents.layout import PAGE, PAGES, PRIVATE, DocumentLayout, TextTable, placed_paragraphs
from standards.documents.names import BRACES, NAMED, FieldName, fault_of, names_in

MOST_FAULTS: Final = 30


def checked_template(layout: DocumentLayout, kind: DocumentKind) -> None:
    """Raises Invalid with every fault, at most thirty."""
    faults = list(_faults(layout, kind))
    if faults:
        raise Invalid.of(
            faults[:MOST_FAULTS], many=f"模板有 {len(faults)} 处不对，没有载入。请按提示在 Word 里修改后再上传。"
        )


def _faults(layout: DocumentLayout, kind: DocumentKind) -> Iterator[Fault]:
    found: set[str] = set()
    for place, paragraph in placed_paragraphs(layout):
        names = list(names_in(paragraph.text))
        found |= {str(name) for name in names}
        yield from _faults_of_text(place, paragraph.text)
        yield from (Fault(place, wrong) for name in names if (wrong := fault_of(name, kind)))
        yield from _faults_of_places(place, paragraph.text, names)
        if len({name.field for name in names if name.column}) > 1:
            yield Fault(place, "一段里只能用同一个多行字段的列。")
    yield from _faults_of_rows(layout)
    if CODE not in found and QR_PLACE not in found:
        yield Fault("全文", "没有 {{验证二维码}}，也没有 {{验证码}}：拿到文书的人无法核验，请至少写一个。")
    for field in kind.fields:
        wanted = {f"{field.label}/{one.label}" for one in field.columns} or {field.label}
        if field.is_required and not wanted & found:
            yield Fault("全文", f"没有写必须有的字段“{min(wanted)}”。")


def _faults_of_text(place: str, text: str) -> Iterator[Fault]:
    plain = text.replace(PAGE, "").replace(PAGES, "")
    if BRACES.search(NAMED.sub("", plain)):
        yield Fault(place, "花括号没有成对：字段写成 {{字段名}}，左右各两个。")
    if PRIVATE.search(plain):
        yield Fault(place, "有不能保存的字符（自造字），请改用标准汉字。")
    if plain != text and not place.startswith("页"):
        yield Fault(place, "页码要写在页眉或页脚里。")


def _faults_of_rows(layout: DocumentLayout) -> Iterator[Fault]:
    tables = (block for block in layout.body if isinstance(block, TextTable))
    for table, block in enumerate(tables, start=1):
        for row, line in enumerate(block.lines, start=1):
            names = (name for cell in line.cells for one in cell.paragraphs for name in names_in(one.text))
            if len({name.field for name in names if name.column}) > 1:
                yield Fault(f"表格 {table} 第 {row} 行", "一行里只能用同一个多行字段的列。")


def _faults_of_places(place: str, text: str, names: list[FieldName]) -> Iterator[Fault]:
    """The QR code and the seal stand alone, in the text itself."""
    for name in names:
        if name.field not in PLACES or name.column:
            continue
        if text.strip() != (NAMED.search(text) or [""])[0]:
            yield Fault(place, f"“{name}”要单独占一段。")
        if place.startswith("页"):
            yield Fault(place, f"“{name}”要写在正文里，不能写在页眉或页脚。")
