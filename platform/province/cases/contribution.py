from foundation.contributions import Contribution
from province.cases.operations.figures import SEE_CASES
from province.cases.queries.applicants import phone_of_applicant
from province.cases.queries.open_cases import open_cases, open_cases_of_item
from province.cases.queries.referrals import sent_without_result, waiting_at
from province.catalogue.slots import ITEM_USES
from province.citizens.slots import NOTICE_PHONES
from province.console.slots import ADDED_LINKS, NAVIGATION, SUBPAGES, AddedLink, ConsoleLink, Subpages
from province.halls.slots import UNFINISHED_WORK, UnfinishedWork
from province.rights.actors import Actor
from province.rights.queries import has_anywhere


def _has_no_halls(by: Actor) -> bool:
    """Who has the halls' place finds the page there, in a row with them."""
    return not has_anywhere(by, "halls.manage")


contribution = Contribution(
    NOTICE_PHONES(phone_of_applicant),
    NAVIGATION(
        ConsoleLink(
            "办件概览",
            "console-case-summary",
            "layout-dashboard",
            SEE_CASES,
            order=59,
            section="监管",
            is_open=_has_no_halls,
        )
    ),
    ADDED_LINKS(AddedLink("halls.tabs", "cases", "办件概览", "console-case-summary", SEE_CASES)),
    UNFINISHED_WORK(
        UnfinishedWork("件办件没有办结", open_cases),
        UnfinishedWork("件其他服务厅送来的办件或者征询没有签收、答复", waiting_at),
        UnfinishedWork("件送往其他服务厅的办件或者征询没有结果", sent_without_result),
    ),
    ITEM_USES(open_cases_of_item),
    SUBPAGES(Subpages("console-case-summary", of="console-halls")),
)
