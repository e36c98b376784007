"""What apps whose work lies in halls contribute."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from foundation.contributions import Slot


@dataclass(frozen=True, slots=True)
class UnfinishedWork:
    """What somebody still waits for from a hall, which cannot be retired before. ``words``: 件办件没有办结;
    ``count``: how many there are of a hall, one query."""

    words: str
    count: Callable[[UUID], int]


UNFINISHED_WORK = Slot[UnfinishedWork]("halls.unfinished_work", keys=lambda one: [one.words])
