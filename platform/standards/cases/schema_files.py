"""The schemas of the exchange's documents, made from the tables; a test compares those in ``schemas/`` with these."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from standards.cases.tables import (
    FORMAT,
    JSON_SCHEMA,
    LABELS,
    NAMESPACE,
    SINGLE,
    TABLES,
    VERSION,
    XSD,
    CaseColumn,
    CaseTable,
)

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def case_schema_files() -> dict[Path, str]:
    """Every file with what has to stand in it."""
    return {JSON_SCHEMA: json.dumps(case_json_schema(), ensure_ascii=False, indent=1) + "\n", XSD: case_xsd()}


def case_json_schema() -> dict[str, Any]:
    """The JSON Schema: a document with its cases, a case with its tables."""
    return {
        "$schema": _DRAFT,
        "$id": NAMESPACE,
        "type": "object",
        "required": ["format", "version", "is_masked", "cases"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "is_masked": {"title": "姓名、证件号码、电话已遮盖", "type": "boolean"},
            "cases": {"type": "array", "items": {"$ref": "#/$defs/case"}},
        },
        "$defs": {"case": _case()},
    }


def row_schema(table: CaseTable) -> dict[str, Any]:
    """The JSON Schema of one row of a table."""
    return {
        "type": "object",
        "required": [one.name for one in TABLES[table] if one.is_needed],
        "additionalProperties": False,
        "properties": {one.name: _column(one) for one in TABLES[table]},
    }


def _case() -> dict[str, Any]:
    tables = {
        table.value: {
            "title": LABELS[table],
            "type": "array",
            "items": row_schema(table),
            **({"maxItems": 1} if table in SINGLE else {}),
            **({"minItems": 1} if table is CaseTable.ACCEPT else {}),
        }
        for table in CaseTable
    }
    return {
        "type": "object",
        "required": [CaseTable.ACCEPT.value],
        "additionalProperties": False,
        "properties": tables,
    }


def _column(column: CaseColumn) -> dict[str, Any]:
    listed: Mapping[str, Any] = {"enum": list(column.codes)} if column.codes else {}
    facets = listed or {"minLength": 1, "maxLength": column.most, "pattern": f"^{column.whole_pattern}$"}
    return {"title": column.label, "type": "string", **facets}


def case_xsd() -> str:
    """The XML Schema: ``exchange`` holds ``case``, a case its tables, a row its columns."""
    refs = "\n".join(
        f'        <xs:element ref="{table.value}" minOccurs="{int(table is CaseTable.ACCEPT)}"'
        f"{'' if table in SINGLE else ' maxOccurs=' + quoteattr('unbounded')}/>"
        for table in CaseTable
    )
    rows = "\n".join(_xsd_row(table) for table in CaseTable)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Made from standards/cases: change that, never this. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}"
           targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
  <xs:element name="exchange">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="case" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attribute name="is_masked" type="xs:boolean" use="required"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="case">
    <xs:complexType>
      <xs:sequence>
{refs}
      </xs:sequence>
    </xs:complexType>
  </xs:element>
{rows}
</xs:schema>
"""


def _xsd_row(table: CaseTable) -> str:
    columns = "\n".join(_xsd_column(one) for one in TABLES[table])
    return f"""  <xs:element name="{table.value}">
    <xs:annotation><xs:documentation>{escape(LABELS[table])}</xs:documentation></xs:annotation>
    <xs:complexType>
      <xs:sequence>
{columns}
      </xs:sequence>
    </xs:complexType>
  </xs:element>"""


def _xsd_column(column: CaseColumn) -> str:
    if column.codes:
        facets = "".join(f"<xs:enumeration value={quoteattr(code)}/>" for code in column.codes)
    else:
        facets = f'<xs:minLength value="1"/><xs:maxLength value="{column.most}"/>'
        if column.pattern:
            facets += f"<xs:pattern value={quoteattr(column.pattern)}/>"
    needed = "" if column.is_needed else ' minOccurs="0"'
    return (
        f'        <xs:element name="{column.name}"{needed}>'
        f"<xs:annotation><xs:documentation>{escape(column.label)}</xs:documentation></xs:annotation>"
        f'<xs:simpleType><xs:restriction base="xs:string">{facets}</xs:restriction></xs:simpleType></xs:element>'
    )
