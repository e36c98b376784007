from typing import Any
from uuid import UUID

from ninja import Schema

from province.catalogue.schemas.items import Values


class CatalogueFileOut(Schema):
    id: UUID
    name: str
    media_type: str
    size: int


class MaterialIn(Schema):
    """What it brings along for all items: cells of the definition's list of materials."""

    values: Values
    blank_form_id: UUID | None = None
    filled_sample_id: UUID | None = None


class MaterialOut(Schema):
    id: UUID
    name: str
    values: dict[str, Any]
    blank_form: CatalogueFileOut | None
    filled_sample: CatalogueFileOut | None
