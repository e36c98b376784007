"""Columns of a hall's site."""

from dataclasses import dataclass

from province.halls.models import HallKind
from tenants.portal.models import Column


@dataclass(frozen=True, slots=True)
class StartingColumn:
    """A column that a new hall of some kind begins with. Pushes aim at ``code``, so it is the same everywhere."""

    code: str
    name: str
    kind: Column.Kind = Column.Kind.LIST


_NEWS = StartingColumn("news", "要闻动态")
_NOTICES = StartingColumn("notices", "通知公告")
_POLICIES = StartingColumn("policies", "政策文件")
_GUIDES = StartingColumn("guides", "办事指南")
_ABOUT = StartingColumn("about", "走进本地", Column.Kind.PAGE)
_PICTURES = StartingColumn("pictures", "图说本地", Column.Kind.GALLERY)

STARTING_COLUMNS: dict[HallKind, tuple[StartingColumn, ...]] = {
    HallKind.CITY: (_NEWS, _NOTICES, _POLICIES, StartingColumn("disclosure", "公示公开"), _GUIDES, _ABOUT, _PICTURES),
    HallKind.COUNTY: (_NEWS, _NOTICES, _POLICIES, StartingColumn("disclosure", "公示公开"), _GUIDES, _ABOUT, _PICTURES),
    HallKind.TOWNSHIP: (_NEWS, _NOTICES, StartingColumn("disclosure", "政务公开"), _GUIDES, _ABOUT),
    HallKind.VILLAGE: (_NEWS, _NOTICES, StartingColumn("disclosure", "村务公开"), _ABOUT),
}
