from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.queries.acts import ACT_NAMES
from province.console.queries.audit import READ
from province.console.queries.wall import SHOW
from province.console.slots import NAVIGATION, OVERVIEW, ConsoleLink, OverviewPart
from province.console.views.overview import wall_share

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NAVIGATION(ConsoleLink("审计", "console-audit", "history", READ, order=60, section="监管")),
    OVERVIEW(OverviewPart(SHOW, wall_share)),
)
