from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.queries.acts import ACT_NAMES
from province.console.queries.audit import READ
from province.console.slots import NAVIGATION, ConsoleLink

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NAVIGATION(ConsoleLink("审计", "console-audit", "history", READ, order=60, section="监管")),
)
