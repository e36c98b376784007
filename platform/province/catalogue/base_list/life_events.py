"""The life events (一件事) that a province begins with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from standards.items.facets import Whom
from standards.items.live import ListedCode

_FILE: Final = Path(__file__).with_name("_life_events.yaml")


@dataclass(frozen=True, slots=True)
class FirstEvent:
    """A life event as a new province has it. ``place``: its place in the order, from 1."""

    code: str
    name: str
    whom: Whom
    place: int

    @property
    def listed(self) -> ListedCode:
        return ListedCode(self.code, self.name)


def first_life_events() -> tuple[FirstEvent, ...]:
    """Read the events from their file, in their order."""
    rows = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return tuple(
        FirstEvent(row["code"], row["name"], Whom(row["whom"]), place) for place, row in enumerate(rows, start=1)
    )
