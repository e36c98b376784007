from uuid import UUID

from ninja import Schema


class FeatureLineOut(Schema):
    """What one list says of an item. ``feature``: promise, later, cross-province or intermediary; ``is_listed``: it has
    a basis, so that citizens find it there."""

    item_id: UUID
    basic_code: str
    name: str
    department: str
    feature: str
    label: str
    words: list[str]
    basis: list[str]
    is_listed: bool
