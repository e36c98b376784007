"""What the wall (大屏) shows, and to whom: figures and pictures, nobody's name."""

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from foundation.design.charts import FigureChart
from foundation.errors import NotFound
from province.console.models import WallLink
from province.console.queries.pictures import all_charts
from province.console.slots import WALL, Area, Figure

SHOW = "console.wall"


@dataclass(frozen=True, slots=True)
class Wall:
    figures: list[Figure]
    cards: list[SafeString]
    charts: list[FigureChart]


def wall() -> Wall:
    """By a number of queries that does not grow with halls. Addresses are left out: nobody clicks on a wall."""
    shares = [part.show() for part in sorted(WALL.entries(), key=lambda part: part.order)]
    return Wall(
        [figure for share in shares for figure in share.figures],
        [card for share in shares for card in share.cards],
        all_charts(Area(is_console=False)),
    )


def wall_link_with_key(key: str) -> WallLink:
    """Raises NotFound for a key that is none, that is over or that was revoked."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    found = WallLink.objects.filter(digest=digest, revoked_at=None, expires_at__gt=timezone.now()).first()
    if found is None:
        raise NotFound("这个大屏链接无效、已到期或已停用，请向省级运营人员索取新的链接。")
    return found


def wall_links() -> QuerySet[WallLink]:
    """All of them, the newest first; those that are over show it."""
    return WallLink.objects.order_by("-created_at")
