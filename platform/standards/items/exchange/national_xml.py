"""The national exchange as XML; each item is checked against the schema before it leaves the house."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from foundation.errors import Invalid
from foundation.interchange import XmlEntry, XmlFault, open_xml
from standards.items import Table
from standards.items.codes import NATIONAL_SCHEME, CodeScheme
from standards.items.exchange.items import MOST_ITEMS, ExchangeItem, Faults, Reading
from standards.items.exchange.national_rows import (
    NAMESPACE,
    Known,
    NationalItem,
    read_rows,
    refused,
    rows_of,
    take_row,
    without_doubles,
)
from standards.items.exchange.schema_files import national_xsd
from standards.items.live import per_definition

_COLUMN: Final = re.compile(r"\{" + re.escape(NAMESPACE) + r"\}(\w+)")
_REPEATED: Final = f'<item xmlns="{NAMESPACE}">'.encode()


def write_national_xml(items: Iterable[ExchangeItem]) -> Iterator[bytes]:
    """The document, piece by piece. Raises Invalid at the first item that the schema refuses."""
    from lxml import etree  # noqa: PLC0415 - only those load it who write the exchange

    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<exchange xmlns="{NAMESPACE}">\n'.encode()
    schema = _xml_schema()
    for item in items:
        try:
            node = _node(item)
        except ValueError as error:
            message = f"“{item.name}”里有 XML 不能表示的控制字符，请删去后再导出。"
            raise Invalid(message) from error
        if not schema.validate(node):
            columns = [name for one in schema.error_log for name in _COLUMN.findall(one.message)]
            raise refused(item, columns)
        yield etree.tostring(node, encoding="utf-8", pretty_print=True).replace(_REPEATED, b"<item>", 1)
    yield b"</exchange>\n"


def _node(item: ExchangeItem) -> Any:
    from lxml import etree  # noqa: PLC0415 - only those load it who write the exchange

    node = etree.Element(f"{{{NAMESPACE}}}item", nsmap={None: NAMESPACE})
    for table, rows in rows_of(item).items():
        for row in rows:
            inner = etree.SubElement(node, f"{{{NAMESPACE}}}{table.value}")
            for name, text in row.items():
                etree.SubElement(inner, f"{{{NAMESPACE}}}{name}").text = text
    return node


@per_definition
def _xml_schema() -> Any:
    from lxml import etree  # noqa: PLC0415 - only those load it who write the exchange

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.XMLSchema(etree.fromstring(national_xsd().encode(), parser))


def read_national_xml(content: bytes, *, known: Known | None = None, scheme: CodeScheme = NATIONAL_SCHEME) -> Reading:
    """Every item, and a fault for every line that is wrong. What we have and the nation has not is not in it. The text
    is parsed in a process of its own (``open_xml``).

    Raises Invalid for what is no such document, is too large, or defines types or entities of its own.
    """
    faults = Faults(scheme)
    tables = [table.value for table in Table]
    with open_xml(
        content, namespace=NAMESPACE, root="exchange", entry="item", rows=tables, most=MOST_ITEMS, noun="事项"
    ) as entries:
        found = [read_rows(item, faults, known=known) for entry in entries if (item := _item(entry, faults))]
    return without_doubles(found, faults)


def _item(entry: XmlEntry | XmlFault, faults: Faults) -> NationalItem | None:
    if isinstance(entry, XmlFault):
        _note(entry, faults)
        return None
    found = NationalItem(entry.number, entry.line)
    for part in entry.parts:
        if isinstance(part, XmlFault):
            _note(part, faults)
        else:
            take_row(found, Table(part.name), part.columns, faults, line=part.line)
    return found


def _note(fault: XmlFault, faults: Faults) -> None:
    faults.add(f"line {fault.line}", f"第 {fault.line} 行{fault.message}")
