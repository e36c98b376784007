"""What the interface says of files of items and of the base list."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from province.catalogue.states import ImportState, LineKind, LineState


class ItemImportLineOut(Schema):
    """One item of the file: what an import would do with it, and what has become of it. ``changes``: sentences, of
    which ``removals`` take something out of the draft."""

    id: UUID
    place: str
    basic_code: str
    name: str
    kind: LineKind
    state: LineState
    changes: list[str]
    removals: int
    faults: list[list[str]]
    refusal: str


class ItemImportOut(Schema):
    """``total``: how many items an import writes; ``settled``: how many of them it is done with. ``faults`` and
    ``notices`` belong to no item: place and message."""

    id: UUID
    file_name: str
    state: ImportState
    refusal: str
    created_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None
    faults: list[list[str]]
    notices: list[list[str]]
    kinds: dict[str, int]
    total: int
    settled: int


class BaseListIn(Schema):
    """``publishes``: what is complete is put in force at once, marked as a sample."""

    publishes: bool = False


class BaseListLoadOut(Schema):
    id: UUID
