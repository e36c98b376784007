from foundation.contributions import Contribution
from province.cases.slots import SUMMARY_FACTS
from province.console.slots import ADDED_LINKS, NAVIGATION, SUBPAGES, AddedLink, ConsoleLink, Subpages
from province.rights.actors import Actor
from province.rights.queries import has_anywhere
from province.satisfaction.operations.figures import SEE_RATINGS
from province.satisfaction.queries.case_facts import rating_facts


def _has_no_halls(by: Actor) -> bool:
    """Who has the halls' place finds the page there, in a row with them."""
    return not has_anywhere(by, "halls.manage")


contribution = Contribution(
    SUMMARY_FACTS(rating_facts),
    NAVIGATION(
        ConsoleLink(
            "好差评", "console-satisfaction", "table", SEE_RATINGS, order=61, section="监管", is_open=_has_no_halls
        )
    ),
    ADDED_LINKS(AddedLink("halls.tabs", "satisfaction", "好差评", "console-satisfaction", SEE_RATINGS)),
    SUBPAGES(Subpages("console-satisfaction", of="console-halls")),
)
