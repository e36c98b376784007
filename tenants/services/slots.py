"""What apps contribute to 办事服务 and to the page of an item on a hall's site. All functions are called inside the
hall's schema."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString

from foundation.contributions import Slot
from province.halls.models import Hall


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

# above the groups of 办事服务; None where there is nothing. Whatever changes it has the hall's pages drawn anew
SERVICES = Slot[Callable[[Hall], SafeString | None]]("services.services", keys=lambda part: [part])
