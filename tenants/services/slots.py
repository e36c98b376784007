"""What apps contribute to the page of an item on a hall's site. All functions are called inside the hall's schema."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString

from foundation.contributions import Slot


def _nothing(_: UUID) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideAddition:
    """``label`` and ``route`` of a link beside the guide, "" for none; the route's one argument is the item's id.
    ``above``: a part above what the guide says, of items that people apply for; ``below``: a part below it; None where
    there is nothing about the item."""

    label: str = ""
    route: str
    above: Callable[[UUID], SafeString | None] = _nothing
    below: Callable[[UUID], SafeString | None] = _nothing


GUIDE = Slot[GuideAddition]("services.guide", keys=lambda part: [part.route])
