from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.catalogue.operations.notices import ITEM_NOTICES
from province.catalogue.queries.acts import ACT_NAMES
from province.catalogue.queries.pictures import ITEM_LIGHTS, adoption_charts, wall_share
from province.catalogue.queries.search.console import find_items
from province.catalogue.queries.waiting import items_waiting
from province.console.slots import (
    CHARTS,
    LIGHTS,
    NAVIGATION,
    SEARCH,
    WAITING,
    WALL,
    ChartPart,
    ConsoleLink,
    SearchSource,
    WallPart,
)
from province.messaging.slots import NOTICE_KINDS

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NAVIGATION(ConsoleLink("事项", "console-items", "list", "catalogue.read", order=30)),
    SEARCH(SearchSource("catalogue.read", find_items, things=("事项",), hint="事项的名称或编码（也可以是拼音首字母）")),
    WAITING(items_waiting),
    NOTICE_KINDS(*ITEM_NOTICES.all),
    CHARTS(ChartPart(30, "catalogue.read", adoption_charts)),
    LIGHTS(ITEM_LIGHTS),
    WALL(WallPart(30, wall_share)),
)
