"""The pages on which an item's draft is written: what it says itself, its handling items, its situations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from province.catalogue.models import Item
from standards.items.codelists import APPLIED
from standards.items.elements.handling import LAYERS
from standards.items.handling import rows_of


@dataclass(frozen=True, slots=True)
class DraftPart:
    """``elements``: those that the page asks for; none: all that no other page asks for."""

    label: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftPartLine:
    """A link to one of the pages; ``number``: how many rows it has, None where that says nothing."""

    label: str
    query: str
    is_here: bool
    number: int | None


PARTS: Final[Mapping[str, DraftPart]] = {
    "": DraftPart("事项内容", ()),
    "handling": DraftPart("业务办理项", (LAYERS[0],)),
    "situations": DraftPart("情形", (LAYERS[1],)),
}


def part_asked(asked: str) -> str:
    """The part of that name; what is none is the item itself."""
    return asked if asked in PARTS else ""


def part_lines(item: Item, here: str) -> list[DraftPartLine]:
    """The pages side by side; none for items for which nobody applies."""
    if item.drafted_type not in APPLIED:
        return []
    return [
        DraftPartLine(
            part.label,
            f"?part={name}" if name else "?",
            name == part_asked(here),
            len(rows_of(item.values, part.elements[0])) if part.elements else None,
        )
        for name, part in PARTS.items()
    ]
