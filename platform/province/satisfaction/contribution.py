from foundation.contributions import Contribution
from province.console.slots import NAVIGATION, ConsoleLink
from province.satisfaction.operations.figures import SEE_RATINGS

contribution = Contribution(
    NAVIGATION(ConsoleLink("好差评", "console-ratings", "table", SEE_RATINGS, order=61, section="监管")),
)
