"""Items that are merged and split, by the operations themselves."""

from datetime import datetime
from typing import Any

from province.catalogue.models import Item, Succession
from province.catalogue.operations.successions import confirm_succession, propose_succession
from province.catalogue.states import SuccessionKind
from tests.conftest import person


def propose(kind: SuccessionKind, item: Item, *parts: Item, by: str = "zhao", **facts: Any) -> Succession:
    return propose_succession(by=person(by), kind=kind, item=item, parts=parts, reason="国家目录调整", **facts)


def merge(item: Item, *parts: Item, begins_at: datetime | None = None) -> Succession:
    """One person asks, another one confirms: at once, or on a day to come."""
    asked = propose(SuccessionKind.MERGER, item, *parts, begins_at=begins_at)
    return confirm_succession(by=person("qian"), succession_id=asked.pk)


def split(item: Item, *parts: Item, goes_on: bool = False, begins_at: datetime | None = None) -> Succession:
    asked = propose(SuccessionKind.SPLIT, item, *parts, goes_on=goes_on, begins_at=begins_at)
    return confirm_succession(by=person("qian"), succession_id=asked.pk)
