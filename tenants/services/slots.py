"""What apps contribute to the page of an item on a hall's site. All functions are called inside the hall's schema."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString

from foundation.contributions import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideAddition:
    """``label`` and ``route`` of a link beside the guide; the route's one argument is the item's id. ``below``: a part
    of the page below the guide, None where there is nothing about the item."""

    label: str
    route: str
    below: Callable[[UUID], SafeString | None]


GUIDE = Slot[GuideAddition]("services.guide", keys=lambda part: [part.route])
