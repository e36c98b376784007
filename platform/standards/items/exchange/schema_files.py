"""The schemas of the formats, made from the definition; those in ``schemas/`` are these without anything that a
province has added, which a test compares."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from django.db.models import TextChoices

from standards.items import ELEMENTS, Element, Filler, Kind, Table
from standards.items.codelists import ALL_TYPES, TYPES_OF
from standards.items.elements.grounds import LAW_CELLS
from standards.items.exchange import json_items, national_rows
from standards.items.exchange.items import is_hall_element
from standards.items.exchange.looks import notes_of
from standards.items.exchange.national_rows import (
    COLUMNS,
    JSON_SCHEMA,
    NAMESPACE,
    ORDER_COLUMN,
    REQUIRED,
    SCHEMAS,
    XSD,
)
from standards.items.kinds import ROW_TABLES

ITEMS_SCHEMA: Final = SCHEMAS / "items.schema.json"
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_UUID: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LARGEST_ORDER: Final = 999_999


def schema_files() -> dict[Path, str]:
    """Every file with what has to stand in it."""
    return {
        ITEMS_SCHEMA: _dumped(_items_schema()),
        JSON_SCHEMA: _dumped(national_json_schema()),
        XSD: national_xsd(),
    }


def _dumped(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


# our own JSON


def _items_schema() -> dict[str, Any]:
    parts: dict[str, dict[str, Any]] = {"values": {}, "hall_values": {}}
    for element in ELEMENTS:
        if element.name == "item_type":
            continue
        is_hall = is_hall_element(element.name)
        described = _described(element)
        if not is_hall:
            # no item is without a name
            parts["values"][element.name] = described | ({"minLength": 1} if element.name == "name" else {})
        if is_hall or element.by is Filler.BOTH:
            parts["hall_values"][element.name] = described
    item = {
        "type": "object",
        "required": ["family", "item_type", "values"],
        "additionalProperties": False,
        "properties": {
            "family": {"enum": [family.value for family in TYPES_OF]},
            "item_type": {"enum": sorted(one.value for one in ALL_TYPES)},
            "values": _object(parts["values"]) | {"required": ["name"]},
            "hall_values": _object(parts["hall_values"]),
        },
        "oneOf": [
            {
                "properties": {
                    "family": {"const": family.value},
                    "item_type": {"enum": sorted(one.value for one in types)},
                }
            }
            for family, types in TYPES_OF.items()
        ],
    }
    law = _object({cell.name: _described(cell) for cell in LAW_CELLS})
    return _document(json_items.FORMAT, json_items.VERSION, item, {"law": law, **_code_lists()})


def _document(name: str, version: int, item: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "$schema": _DRAFT,
        "$id": f"urn:{name}:{version}",
        "type": "object",
        "required": ["format", "version", "items"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": name},
            "version": {"const": version},
            "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
        },
        "$defs": {"item": item, **others},
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def _described(element: Element) -> dict[str, Any]:
    return {"title": element.label, "description": "；".join(notes_of(element)), **_value(element)}


def _value(element: Element) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    kinds: dict[Kind, dict[str, Any]] = {
        Kind.LINE: text | {"maxLength": element.most, "pattern": r"^[^\n\t]*$"},
        Kind.TEXT: text | {"maxLength": element.most},
        Kind.NUMBER: {"type": "integer", "minimum": element.least, "maximum": element.most},
        Kind.FLAG: {"type": "boolean"},
        Kind.DAY: text | {"pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        Kind.LINK: text | {"maxLength": element.most, "pattern": "^https?://[^ ]+$"},
        Kind.FILE: text | {"pattern": f"^{_UUID}$"},
        Kind.CHOICE: {"$ref": f"#/$defs/{_name(element)}"},
        Kind.CHOICES: {"type": "array", "uniqueItems": True, "items": {"$ref": f"#/$defs/{_name(element)}"}},
        Kind.NAMES: {
            "type": "array",
            "uniqueItems": True,
            "items": text | {"minLength": 1, "maxLength": element.most, "pattern": r"^[^\n\t]*$"},
        },
        Kind.ROWS: {"type": "array", "maxItems": element.most, "items": _row(element)},
    }
    return kinds[element.kind]


def _row(element: Element) -> dict[str, Any]:
    if element.cells is LAW_CELLS:
        return {"$ref": "#/$defs/law"}
    return _object({cell.name: _described(cell) for cell in element.cells})


def _name(element: Element) -> str:
    return element.codes.__name__ if element.codes else ""


def _code_lists() -> dict[str, Any]:
    lists: dict[str, type[TextChoices]] = {
        one.codes.__name__: one.codes
        for element in ELEMENTS
        if element.name != "item_type"
        for one in (element, *element.cells)
        if one.codes
    }
    return {
        name: {"oneOf": [{"const": code, "title": str(label)} for code, label in codes.choices]}
        for name, codes in sorted(lists.items())
    }


# the national exchange


def _columns_of(table: Table) -> Iterator[tuple[str, Element, Element | None]]:
    for name, (element, cell) in COLUMNS[table].items():
        yield name, element, cell


def _pattern(table: Table, element: Element, cell: Element | None) -> tuple[str, int]:
    """What the column's text looks like, or how long it may be; both empty: any text."""
    said = cell or element
    codes = (
        "|".join(dict.fromkeys((said.national or {}).get(code, code) for code in said.codes.values))
        if said.codes
        else ""
    )
    if cell and table not in ROW_TABLES:
        # side by side: an entry each, joined
        return "", 0
    return {
        Kind.CHOICE: (f"({codes})", 0),
        Kind.CHOICES: (rf"({codes})(\^({codes}))*", 0),
        Kind.FLAG: ("[01]", 0),
        Kind.DAY: ("[0-9]{8}", 0),
        Kind.NUMBER: (rf"0|[1-9][0-9]{{0,{max(len(str(said.most)) - 1, 0)}}}", 0),
        Kind.FILE: (_UUID, 0),
        Kind.LINK: (r"https?://[^\s]+", 0),
    }.get(said.kind, ("", said.most if said.kind in {Kind.LINE, Kind.TEXT} else 0))


def national_json_schema() -> dict[str, Any]:
    """The JSON Schema of the national exchange, after the definition as it is now."""
    tables = {}
    for table in Table:
        columns: dict[str, Any] = {}
        for name, element, cell in _columns_of(table):
            pattern, most = _pattern(table, element, cell)
            facets = ({"pattern": f"^({pattern})$"} if pattern else {}) | ({"maxLength": most} if most else {})
            columns[name] = {"title": (cell or element).label, "type": "string", "minLength": 1} | facets
        if table is Table.MATERIAL:
            columns[ORDER_COLUMN] = {"title": "序号", "type": "string", "pattern": "^[1-9][0-9]{0,5}$"}
        required = list(REQUIRED) if table is Table.DIRECTORY else []
        row = _object(columns) | ({"required": required} if required else {})
        most_rows = {} if table in ROW_TABLES else {"minItems": 1, "maxItems": 1}
        tables[table.value] = {"title": table.label, "type": "array", "items": row} | most_rows
    item = _object(tables) | {"required": [Table.DIRECTORY.value]}
    return _document(national_rows.FORMAT, national_rows.VERSION, item, {})


def national_xsd() -> str:
    """The XML Schema of the national exchange, after the definition as it is now."""
    rows = "\n".join(_xsd_row(table) for table in Table)
    refs = "\n".join(
        f'        <xs:element ref="{table.value}"'
        + (
            ' minOccurs="0" maxOccurs="unbounded"/>'
            if table in ROW_TABLES
            else f' minOccurs="{int(table is Table.DIRECTORY)}"/>'
        )
        for table in Table
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Made from standards/items: change that, never this. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}"
           targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
  <xs:element name="exchange">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="item" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:element name="item">
    <xs:complexType>
      <xs:sequence>
{refs}
      </xs:sequence>
    </xs:complexType>
  </xs:element>
{rows}
</xs:schema>
"""


def _xsd_row(table: Table) -> str:
    columns = [_xsd_column(table, name, element, cell) for name, element, cell in _columns_of(table)]
    if table is Table.MATERIAL:
        columns.append(
            f'        <xs:element name="{ORDER_COLUMN}" minOccurs="0"><xs:simpleType><xs:restriction base="xs:integer">'
            f'<xs:minInclusive value="1"/><xs:maxInclusive value="{_LARGEST_ORDER}"/>'
            "</xs:restriction></xs:simpleType></xs:element>"
        )
    body = "\n".join(columns)
    return f"""  <xs:element name="{table.value}">
    <xs:annotation><xs:documentation>{escape(table.label)}</xs:documentation></xs:annotation>
    <xs:complexType>
      <xs:all>
{body}
      </xs:all>
    </xs:complexType>
  </xs:element>"""


def _xsd_column(table: Table, name: str, element: Element, cell: Element | None) -> str:
    pattern, most = _pattern(table, element, cell)
    facets = '<xs:minLength value="1"/>'
    if pattern:
        facets = f"<xs:pattern value={quoteattr(pattern)}/>"
    elif most:
        facets += f'<xs:maxLength value="{most}"/>'
    needed = "" if table is Table.DIRECTORY and name in REQUIRED else ' minOccurs="0"'
    label = escape((cell or element).label)
    return (
        f'        <xs:element name="{name}"{needed}>'
        f"<xs:annotation><xs:documentation>{label}</xs:documentation></xs:annotation>"
        f'<xs:simpleType><xs:restriction base="xs:string">{facets}</xs:restriction></xs:simpleType></xs:element>'
    )
