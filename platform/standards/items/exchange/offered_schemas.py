"""The schemas of the formats, for others to read: what a sender checks a file against before it is sent."""

from typing import Final

from foundation.errors import NotFound
from standards.items.exchange.national_rows import JSON_SCHEMA, XSD
from standards.items.exchange.schema_files import ITEMS_SCHEMA, schema_files

# what a schema is called in addresses and commands -> its file, and what people call it
OFFERED_SCHEMAS: Final = {
    "up-task.xsd": (XSD, "国家交换格式（XML Schema）"),
    "up-task.schema.json": (JSON_SCHEMA, "国家交换格式（JSON Schema）"),
    "items.schema.json": (ITEMS_SCHEMA, "本平台的 JSON 格式（JSON Schema）"),
}


def offered_schema(name: str) -> str:
    """Return the text of a schema by its name (one of ``OFFERED_SCHEMAS``), with what the province has added. Raises
    NotFound."""
    if name not in OFFERED_SCHEMAS:
        message = f"没有“{name:.40}”这个架构，可用的有：{'、'.join(OFFERED_SCHEMAS)}。"
        raise NotFound(message)
    return schema_files()[OFFERED_SCHEMAS[name][0]]
