"""Write values into a template. Names are looked up in a table, and nothing else: no text is ever run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from foundation.errors import Fault, Invalid
from foundation.texts import visible
from standards.documents.kinds import ORDINAL, QR_PLACE, SEAL_PLACE, DocumentField, DocumentKind, FieldType
from standards.documents.layout import (
    PRIVATE,
    QR,
    SEAL,
    DocumentLayout,
    LayoutRow,
    TextParagraph,
    TextRun,
    TextTable,
)
from standards.documents.names import NAMED, FieldName, names_in

LONGEST_TEXT: Final = 500
LONGEST_LONG_TEXT: Final = 20_000
MOST_ROWS: Final = 200
# between two paragraphs of a long text
_BETWEEN: Final = "\u2029"
_PLACES: Final = {QR_PLACE: QR, SEAL_PLACE: SEAL}


def checked_values(kind: DocumentKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON keeps them: dates in ISO form, numbers as text. Raises Invalid with every fault at the name of
    its field; also for a name that the kind does not have."""
    fields = {field.name: field for field in kind.fields}
    faults = [Fault(name, f"“{kind.name}”没有名为 {name} 的字段。") for name in values if name not in fields]
    clean: dict[str, Any] = {}
    for field in kind.fields:
        value = values.get(field.name)
        try:
            clean[field.name] = _checked(field, value)
        except Invalid as refusal:
            faults.append(Fault(field.name, refusal.message))
        else:
            if field.is_required and not clean[field.name]:
                faults.append(Fault(field.name, f"请填写“{field.label}”。"))
    if faults:
        raise Invalid.of(faults)
    return clean


def fill(
    layout: DocumentLayout, kind: DocumentKind, values: Mapping[str, Any], given: Mapping[str, str]
) -> DocumentLayout:
    """The document. ``values`` as ``checked_values`` gave them; ``given``: what the platform says, by its label.

    A paragraph whose fields are all empty is left out; a paragraph or a row of a table with columns of a field of rows
    stands once for each row.
    """
    texts = dict(given)
    rows: dict[str, list[dict[str, str]]] = {}
    for field in kind.fields:
        value = values.get(field.name)
        if field.type == FieldType.ROWS:
            rows[field.label] = [_row(field, number, row) for number, row in enumerate(value or (), start=1)]
        else:
            texts[field.label] = said(field, value)
    filler = _Filler(texts, rows)
    body: list[TextParagraph | TextTable] = []
    for block in layout.body:
        if isinstance(block, TextTable):
            lines = tuple(one for line in block.lines for one in filler.lines(line))
            body += [replace(block, lines=lines)] if lines else []
        else:
            body += filler.paragraphs(block)
    header, footer = (
        tuple(one for part in parts for one in filler.paragraphs(part)) for parts in (layout.header, layout.footer)
    )
    return replace(layout, body=tuple(body), header=header, footer=footer)


def said(field: DocumentField, value: Any) -> str:
    """As the document says a value: 2026年11月30日. Fields of rows are no text."""
    if value in (None, ""):
        return ""
    if field.type == FieldType.DATE:
        return chinese_date(date.fromisoformat(value))
    return str(value)


def chinese_date(day: date) -> str:
    """In Arabic digits without zeros before them (GB/T 9704-2012 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def example_values(kind: DocumentKind) -> dict[str, Any]:
    """What previews show: the field's own example, or its label."""
    values: dict[str, Any] = {}
    for field in kind.fields:
        if field.type == FieldType.ROWS:
            values[field.name] = [{one.name: one.example or one.label for one in field.columns}] * 2
        elif field.type == FieldType.DATE:
            values[field.name] = field.example or date(2026, 6, 30)
        elif field.type == FieldType.NUMBER:
            values[field.name] = field.example or 20
        else:
            values[field.name] = field.example or f"（{field.label}）"
    return checked_values(kind, values)


class _Filler:
    """``texts``: label → text; ``rows``: label of a field of rows → its rows, label of a column → text."""

    def __init__(self, texts: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
        self.texts = texts
        self.rows = rows

    def lines(self, line: LayoutRow) -> Iterator[LayoutRow]:
        for row in self._rows_of(name for cell in line.cells for one in cell.paragraphs for name in names_in(one.text)):
            cells = (tuple(part for one in cell.paragraphs for part in self._filled(one, row)) for cell in line.cells)
            filled = zip(line.cells, cells, strict=True)
            yield replace(line, cells=tuple(replace(cell, paragraphs=parts) for cell, parts in filled))

    def paragraphs(self, paragraph: TextParagraph) -> list[TextParagraph]:
        names = list(names_in(paragraph.text))
        if names and all(self._is_empty(name) for name in names):
            return []
        return [one for row in self._rows_of(names) for one in self._filled(paragraph, row)]

    def _rows_of(self, names: Iterator[FieldName] | list[FieldName]) -> Sequence[Mapping[str, str]]:
        field = next((name.field for name in names if name.column), "")
        return self.rows[field] if field else ({},)

    def _is_empty(self, name: FieldName) -> bool:
        return not (self.rows.get(name.field) if name.column else name.field in _PLACES or self.texts.get(name.field))

    def _filled(self, paragraph: TextParagraph, row: Mapping[str, str]) -> list[TextParagraph]:
        """One, or one for each paragraph of a long text in it."""

        def text_of(found: Any) -> str:
            name = FieldName.of(found.group(1))
            return row[name.column] if name.column else _PLACES.get(name.field) or self.texts[name.field]

        parts: list[list[TextRun]] = [[]]
        for run in paragraph.runs:
            first, *others = NAMED.sub(text_of, run.text).split(_BETWEEN)
            parts[-1].append(replace(run, text=first))
            parts += [[replace(run, text=one)] for one in others]
        return [replace(paragraph, runs=tuple(part)) for part in parts]


def _row(field: DocumentField, number: int, row: Mapping[str, str]) -> dict[str, str]:
    return {ORDINAL: str(number), **{column.label: row.get(column.name, "") for column in field.columns}}


def _checked(field: DocumentField, value: Any) -> Any:
    """Raises Invalid."""
    if value is None or value == "":
        return [] if field.type == FieldType.ROWS else ""
    match field.type:
        case FieldType.DATE:
            if type(value) is not date:
                raise Invalid(f"“{field.label}”要是日期。")
            return value.isoformat()
        case FieldType.NUMBER:
            if type(value) not in {int, Decimal}:
                raise Invalid(f"“{field.label}”要是数字。")
            return str(value)
        case FieldType.ROWS:
            return _checked_rows(field, value)
    if field.type == FieldType.LONG_TEXT:
        return _checked_text(field.label, value, LONGEST_LONG_TEXT, between=_BETWEEN)
    return _checked_text(field.label, value, LONGEST_TEXT)


def _checked_rows(field: DocumentField, value: Any) -> list[dict[str, str]]:
    if len(value) > MOST_ROWS:
        raise Invalid(f"“{field.label}”最多 {MOST_ROWS} 行，现在有 {len(value)} 行。")
    names = {column.name: column.label for column in field.columns}
    if strangers := {name for row in value for name in row if name not in names}:
        raise Invalid(f"“{field.label}”没有名为 {min(strangers)} 的列。")
    return [
        {
            name: _checked_text(f"{field.label}/{label}", row.get(name, ""), LONGEST_TEXT)
            for name, label in names.items()
        }
        for row in value
    ]


def _checked_text(label: str, value: Any, most: int, *, between: str = " ") -> str:
    if not isinstance(value, str):
        raise Invalid(f"“{label}”要是文字。")
    # signs of private use mean places of the layout
    lines = (line.replace("\t", " ").strip() for line in PRIVATE.sub("", visible(value)).splitlines())
    text = between.join(line for line in lines if line)
    if len(text) > most:
        raise Invalid(f"“{label}”最多 {most:,} 个字，现在有 {len(text):,} 个。")
    return text
