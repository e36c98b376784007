"""Documents of the exchange, written piece by piece; who writes has checked each case (``faults_of``)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from standards.cases.tables import FORMAT, NAMESPACE, TABLES, VERSION, CaseTable, Rows

_REPEATED: Final = f'<case xmlns="{NAMESPACE}">'.encode()


def write_case_json(cases: Iterable[Rows], *, is_masked: bool) -> Iterator[bytes]:
    """Write the document, a case a line."""
    head = json.dumps({"format": FORMAT, "version": VERSION, "is_masked": is_masked}, ensure_ascii=False)[:-1]
    yield f'{head}, "cases": ['.encode()
    between = "\n"
    for rows in cases:
        yield (between + json.dumps(plain_rows(rows), ensure_ascii=False)).encode()
        between = ",\n"
    yield b"\n]}\n"


def write_case_xml(cases: Iterable[Rows], *, is_masked: bool) -> Iterator[bytes]:
    """Write the document, case by case, columns in the order of their table."""
    from lxml import etree  # noqa: PLC0415 - only those load it who write the exchange

    said = str(is_masked).lower()
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<exchange xmlns="{NAMESPACE}" is_masked="{said}">\n'.encode()
    for rows in cases:
        node = etree.Element(f"{{{NAMESPACE}}}case", nsmap={None: NAMESPACE})
        for table, lines in plain_rows(rows).items():
            for line in lines:
                inner = etree.SubElement(node, f"{{{NAMESPACE}}}{table}")
                for name, text in line.items():
                    etree.SubElement(inner, f"{{{NAMESPACE}}}{name}").text = text
        yield etree.tostring(node, encoding="utf-8", pretty_print=True).replace(_REPEATED, b"<case>", 1)
    yield b"</exchange>\n"


def plain_rows(rows: Rows) -> dict[str, list[dict[str, str]]]:
    """A case as JSON has it: tables and columns in their order, without tables that have no row."""
    return {table.value: [_ordered(table, row) for row in rows[table]] for table in CaseTable if rows.get(table)}


def _ordered(table: CaseTable, row: Mapping[str, str]) -> dict[str, str]:
    return {one.name: row[one.name] for one in TABLES[table] if one.name in row}
