"""Drafts as plain data: what of an item's values is the draft's, and drafts as files carry them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from foundation.errors import Fault, Invalid
from province.catalogue.queries.desks import sees_draft
from province.catalogue.queries.items import item_table
from province.rights.actors import Actor
from standards.items import BUILT_IN, BY_NAME, Filler
from standards.items.exchange import ExchangeItem
from standards.items.live import retired_codes
from standards.items.themes import LIFE_EVENTS
from standards.items.values import is_blank

# states and versions stand beside the draft, whatever a sheet says of them
_PLATFORM: Final = frozenset(element.name for element in BUILT_IN if element.by is Filler.PLATFORM)
_AT_ONCE: Final = 200
_EVENTS: Final = "life_events"


def drafted(values: Mapping[str, Any]) -> dict[str, Any]:
    """The part of these values that a draft keeps."""
    return {name: value for name, value in values.items() if not is_blank(value) and name not in _PLATFORM}


def retired_choices(before: Mapping[str, Any], values: Mapping[str, Any]) -> list[Fault]:
    """Find codes that the province has retired (一件事) and that these values choose anew; where they stood ``before``
    they may stay."""
    faults = []
    for name, value in values.items():
        codes = BY_NAME[name].codes if name in BY_NAME else None
        retired = retired_codes(codes) if codes and isinstance(value, list) else {}
        anew = [one for one in value if one in retired and one not in before.get(name, [])] if retired else []
        faults += [Fault(name, f"「{BY_NAME[name].label}」“{retired[one]}”已停用，不能再选。") for one in anew]
    return faults


def without_retired(values: Mapping[str, Any]) -> dict[str, Any]:
    """These values without the codes that the province has retired or does not know (一件事)."""
    kept = dict(values)
    offered = set(LIFE_EVENTS.values) - retired_codes(LIFE_EVENTS).keys()
    if _EVENTS in kept:
        kept[_EVENTS] = [one for one in kept[_EVENTS] if one in offered]
    return {name: value for name, value in kept.items() if name != _EVENTS or value}


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
