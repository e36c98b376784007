"""Drafts as plain data: what of an item's values is the draft's, and drafts as files carry them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from foundation.errors import Invalid
from province.catalogue.queries.desks import sees_draft
from province.catalogue.queries.items import item_table
from province.rights.actors import Actor
from standards.items import BUILT_IN, Filler
from standards.items.exchange import ExchangeItem
from standards.items.values import is_blank

# states and versions stand beside the draft, whatever a sheet says of them
_PLATFORM: Final = frozenset(element.name for element in BUILT_IN if element.by is Filler.PLATFORM)
_AT_ONCE: Final = 200


def drafted(values: Mapping[str, Any]) -> dict[str, Any]:
    """The part of these values that a draft keeps."""
    return {name: value for name, value in values.items() if not is_blank(value) and name not in _PLATFORM}


def drafts_as_files(by: Actor, filters: Mapping[str, str], *, most: int | None = None) -> Iterator[ExchangeItem]:
    """The drafts in the actor's sight, as an import takes them back. ``filters``: those of the table of items.
    Raises Invalid at the first where there are more than ``most``."""
    rows = item_table(by, **filters).defer(None)
    if most is not None and (count := rows.count()) > most:
        message = f"有 {count:,} 项，一次最多下载 {most:,} 项：请先按部门或类别筛选，或者下载 JSON。"
        raise Invalid(message)
    for item in rows.iterator(chunk_size=_AT_ONCE):
        if sees_draft(by, item):
            yield ExchangeItem(item.drafted_type, item.values)
