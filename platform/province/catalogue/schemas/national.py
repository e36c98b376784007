"""What the interface takes and says of the national exchange."""

from typing import Literal

from ninja import Field, Schema


class NationalQuery(Schema):
    """The filters are those of the list of items."""

    format: Literal["xml", "json"] = "xml"
    family: str = ""
    item_type: str = ""
    department: str = ""
    state: str = ""
    words: str = ""

    def filters(self) -> dict[str, str]:
        names = ("family", "item_type", "department", "state", "words")
        return {name: getattr(self, name) for name in names}


class NationalFileQuery(NationalQuery):
    leaves_out: bool = Field(default=False, description="export the others where the schema refuses some")


class HeldBackOut(Schema):
    basic_code: str
    name: str
    message: str


class NationalReportOut(Schema):
    """``untold``: what the exchange has no place for, with how many items say it; ``unreported``: items of which no
    version is in force."""

    items: int
    held_back: list[HeldBackOut]
    untold: dict[str, int]
    unreported: int


class SchemaQuery(Schema):
    name: Literal["up-task.xsd", "up-task.schema.json", "items.schema.json"]
