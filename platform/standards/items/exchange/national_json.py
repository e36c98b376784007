"""The national exchange's rows as JSON."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from foundation.interchange import JsonEntry
from standards.items import Table
from standards.items.codes import NATIONAL_SCHEME, CodeScheme
from standards.items.exchange.items import ExchangeItem, Faults, Reading
from standards.items.exchange.json_text import open_document, written_document
from standards.items.exchange.national_rows import (
    FORMAT,
    VERSION,
    Known,
    NationalItem,
    read_rows,
    refused,
    rows_of,
    take_row,
    without_doubles,
)
from standards.items.exchange.schema_files import national_json_schema
from standards.items.live import per_definition

# where a document says what it is
_HEAD: Final = 2_000
_FORMAT: Final = FORMAT.encode()
_CALLED: Final = re.compile(rb'"format"\s*:\s*"' + _FORMAT + b'"')


def write_national_json(items: Iterable[ExchangeItem]) -> Iterator[bytes]:
    """Write the document, piece by piece. Raises Invalid at the first item that the schema refuses."""
    yield from written_document({"format": FORMAT, "version": VERSION}, map(_checked_data, items))


def national_data(item: ExchangeItem) -> dict[str, Any]:
    """Return an item as an entry of a national document: for each table its rows. Raises Invalid where the schema
    refuses it."""
    return _checked_data(item)


def _checked_data(item: ExchangeItem) -> dict[str, Any]:
    data = {table.value: rows for table, rows in rows_of(item).items()}
    if errors := list(_json_schema().iter_errors(data)):
        raise refused(item, [str(one.instance_path[-1]) for one in errors if one.instance_path])
    return data


@per_definition
def _json_schema() -> Any:
    import jsonschema_rs  # noqa: PLC0415 - only those load it who read or write the exchange

    schema = national_json_schema()
    return jsonschema_rs.validator_for({"$ref": "#/$defs/item", "$defs": schema["$defs"]})


def is_national_json(content: bytes) -> bool:
    """Say whether a JSON document calls itself one of the national exchange; it need not be a right one."""
    return bool(_CALLED.search(content[:_HEAD]))


def read_national_json(content: bytes, *, known: Known | None = None, scheme: CodeScheme = NATIONAL_SCHEME) -> Reading:
    """Read every item, and a fault for every entry that is wrong. What we have and the nation has not is not in it.

    Raises Invalid for what is no such document.
    """
    faults = Faults(scheme)
    with open_document(content, name=FORMAT, version=VERSION) as entries:
        items = (_item(entry, faults) for entry in entries)
        found = [read_rows(item, faults, known=known) for item in items if item]
    return without_doubles(found, faults)


def _item(entry: JsonEntry, faults: Faults) -> NationalItem | None:
    if not isinstance(entry.data, Mapping):
        faults.add(entry.where, f"{entry.words}应为对象（花括号）。")
        return None
    found = NationalItem(entry.number, entry.line)
    for name, rows in entry.data.items():
        if name not in Table:
            faults.add(entry.where, f"{entry.words}没有“{name:.40}”这张表。")
        elif not isinstance(rows, list) or not all(_is_row(row) for row in rows):
            faults.add(entry.where, f"{entry.words}的“{name}”应为若干行，每行的值都是文字。")
        else:
            for row in rows:
                texts = [(column, text, entry.line) for column, text in row.items()]
                take_row(found, Table(name), texts, faults, line=entry.line)
    return found


def _is_row(row: Any) -> bool:
    return isinstance(row, Mapping) and all(isinstance(text, str) for text in row.values())
