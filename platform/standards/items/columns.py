"""Values as the national exchange's columns carry them, and back.

The columns are text. Several values in one column are joined by ``^``; lists that have one column write a row a line
with ``|`` between cells; legal bases are written as people cite them. Elements without a column are left out.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final

from standards.items.elements import ELEMENTS
from standards.items.elements.grounds import LAW_CELLS
from standards.items.kinds import ROW_TABLES, Element, Kind, Table
from standards.items.values import is_blank

type Row = dict[str, str]
type Rows = dict[Table, list[Row]]

_BETWEEN: Final = "^"
_CELL: Final = "|"
_INDENT: Final = "\u3000\u3000"
_CITED: Final = re.compile(r"《([^《》\n]*)》([^:：\n]*)(?:：(.*))?", re.DOTALL)
_ORDER: Final = "order_num"
_DAY: Final = re.compile(r"\d{8}", re.ASCII)
_NUMBER: Final = re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII)


def to_columns(values: Mapping[str, Any]) -> Rows:
    """Turn values into rows of the national exchange: for every table its rows, each column name -> text.

    A table that has one row an item has just that one; a column whose element says nothing is "".
    """
    rows: Rows = {table: [] if table in ROW_TABLES else [{}] for table in Table}
    for element in ELEMENTS:
        value = values.get(element.name)
        if element.column:
            rows[element.column.table][0][element.column.name] = _write(element, value)
        elif element.cells:
            _write_rows(element, value or [], rows)
    return rows


def from_columns(
    rows: Mapping[Table, Sequence[Mapping[str, str]]], *, known: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Turn rows of the national exchange back into values; elements that say nothing are left out, and what cannot be
    read is kept as it is, for ``check`` to name.

    ``known`` are the item's values as they were before: they tell which of our finer codes a national one stands for.
    """
    values = {}
    for element in ELEMENTS:
        if element.column:
            first = next(iter(rows.get(element.column.table, ())), {})
            value = _read(element, first.get(element.column.name, ""), (known or {}).get(element.name))
        else:
            value = _read_rows(element, rows)
        if not is_blank(value):
            values[element.name] = value
    return values


def _write_rows(element: Element, value: Sequence[Mapping[str, Any]], rows: Rows) -> None:
    """A row a row of the list's own table; or columns side by side in the item's row."""
    for cell in element.cells:
        if cell.column is None:
            continue
        written = [_write(cell, row.get(cell.name)) for row in value]
        target = rows[cell.column.table]
        if cell.column.table not in ROW_TABLES:
            target[0][cell.column.name] = join(written, _BETWEEN) if any(written) else ""
            continue
        target += [{} for _ in range(len(written) - len(target))]
        for number, (row, text) in enumerate(zip(target, written, strict=True), start=1):
            row[cell.column.name] = text
            if cell.column.table == Table.MATERIAL:
                row[_ORDER] = str(number)


def _read_rows(element: Element, rows: Mapping[Table, Sequence[Mapping[str, str]]]) -> list[dict[str, Any]]:
    columns = [(cell, cell.column) for cell in element.cells if cell.column]
    if not columns:
        return []
    table = columns[0][1].table
    if table in ROW_TABLES:
        sources = sorted(rows.get(table, ()), key=_order)
    else:
        first = next(iter(rows.get(table, ())), {})
        beside = {column.name: split(first.get(column.name, ""), _BETWEEN) for _, column in columns}
        count = max(len(texts) for texts in beside.values()) if any(first.get(name) for name in beside) else 0
        sources = [
            {name: texts[number] if number < len(texts) else "" for name, texts in beside.items()}
            for number in range(count)
        ]
    read = [{cell.name: _read(cell, source.get(column.name, "")) for cell, column in columns} for source in sources]
    return [{name: value for name, value in row.items() if not is_blank(value)} for row in read]


def _order(row: Mapping[str, str]) -> int:
    number = row.get(_ORDER, "")
    return int(number) if _NUMBER.fullmatch(number) else 0


def _write(element: Element, value: Any) -> str:  # noqa: PLR0911 - one a kind
    if is_blank(value):
        return ""
    match element.kind:
        case Kind.ROWS if element.cells is LAW_CELLS:
            return "\n".join(map(cite, value))
        case Kind.ROWS:
            return "\n".join(join([_write(cell, row.get(cell.name)) for cell in element.cells], _CELL) for row in value)
        case Kind.CHOICES | Kind.NAMES:
            return join(value, _BETWEEN)
        case Kind.CHOICE if element.national:
            return element.national.get(value, str(value))
        case Kind.FLAG if isinstance(value, bool):
            return str(int(value))
        case Kind.DAY:
            return str(value).replace("-", "")
        case _:
            return str(value)


def _read(element: Element, text: str, known: Any = None) -> Any:  # noqa: PLR0911 - one a kind
    if not text:
        return None
    match element.kind:
        case Kind.ROWS if element.cells is LAW_CELLS:
            return read_citations(text)
        case Kind.ROWS:
            return [_line_row(element, line) for line in text.split("\n")]
        case Kind.CHOICES | Kind.NAMES:
            return split(text, _BETWEEN)
        case Kind.CHOICE if element.national:
            return _finer(element.national, text, known)
        case Kind.FLAG:
            return {"0": False, "1": True}.get(text, text)
        case Kind.NUMBER:
            return int(text) if _NUMBER.fullmatch(text) else text
        case Kind.DAY:
            if _DAY.fullmatch(text):
                with suppress(ValueError):
                    return date.fromisoformat(text).isoformat()
            return text
        case _:
            return text


def _finer(national: Mapping[str, str], text: str, known: Any) -> str | None:
    """Ours for the nation's code; where several would do, the one it was before, else that with the same code, else
    somebody must choose."""
    ours = [code for code, theirs in national.items() if theirs == text]
    if known in ours:
        return str(known)
    if text in ours:
        return text
    return ours[0] if len(ours) == 1 else None if ours else text


def cite(law: Mapping[str, Any]) -> str:
    """Write a legal basis as one text: 《行政许可法》第四十二条：text, further lines of the text indented as paragraphs
    are."""
    head = f"《{law.get('law') or ''}》{law.get('article') or ''}"
    text = law.get("text") or ""
    return f"{head}：{text}".replace("\n", f"\n{_INDENT}") if text else head


def read_citations(text: str) -> list[dict[str, str]]:
    """Read texts that ``cite`` wrote, one after the other, into rows with ``law``, ``article`` and ``text``. A line
    that begins no citation belongs to the text of the law before it; alone it becomes a ``text`` without a law."""
    texts: list[str] = []
    for line in text.split("\n"):
        if texts and not line.startswith("《"):
            texts[-1] += "\n" + line.removeprefix(_INDENT)
        else:
            texts.append(line)
    laws = []
    for cited in texts:
        found = _CITED.fullmatch(cited)
        law, article, words = found.groups() if found else ("", "", cited)
        laws.append({name: value for name, value in (("law", law), ("article", article), ("text", words)) if value})
    return laws


def _line_row(element: Element, line: str) -> dict[str, Any]:
    texts = split(line, _CELL)
    read = {
        cell.name: _read(cell, texts[number] if number < len(texts) else "")
        for number, cell in enumerate(element.cells)
    }
    return {name: value for name, value in read.items() if not is_blank(value)}


def join(texts: Sequence[str], between: str) -> str:
    """Join texts into one line with the character ``between``; that character, backslashes and line breaks inside them
    are escaped with a backslash. ``split`` takes it apart."""

    def safe(text: str) -> str:
        return text.replace("\\", "\\\\").replace(between, f"\\{between}").replace("\n", "\\n")

    return between.join(map(safe, texts))


def split(text: str, between: str) -> list[str]:
    """Take apart what ``join`` made: texts between the character ``between``, with their escapes undone."""
    parts = [""]
    characters = iter(text)
    for character in characters:
        if character == "\\":
            follows = next(characters, "\\")
            parts[-1] += "\n" if follows == "n" else follows
        elif character == between:
            parts.append("")
        else:
            parts[-1] += character
    return parts
