"""Forms as the API carries them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.designers.schemas import Definition


class FormIn(Schema):
    """``code`` never changes; without one, it is made of the title."""

    title: str = Field(examples=["请假单"])
    code: str = Field("", examples=["leave"])
    definition: Definition | None = None


class FormOpeningIn(Schema):
    """Whether citizens may fill it in on the hall's site."""

    is_open: bool


class FormLineOut(Schema):
    id: UUID
    code: str
    title: str
    state: str
    is_open: bool
    revision: int
    version: int | None = Field(alias="newest.number", default=None)
    origin_version_id: UUID | None = Field(description="the version of an item with which it came down; null: its own")
    origin_digest: str | None = Field(description="SM3 of the form and flow that came with it")
    edited_by_name: MaskedName
    edited_at: datetime | None


class FormOut(FormLineOut):
    definition: dict[str, Any]


class FormVersionOut(Schema):
    number: int
    submitted_by_name: MaskedName
    created_at: datetime


class FormChangeOut(Schema):
    """``where``: the field's name, or title, parts, rights."""

    where: str
    said: str
