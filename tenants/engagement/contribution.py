from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.messaging.slots import NOTICE_KINDS
from tenants.engagement.operations.answerers import QUESTION_NOTICES
from tenants.engagement.queries.acts import ACT_NAMES
from tenants.engagement.queries.desk_search import find_questions
from tenants.engagement.queries.progress import find_progress
from tenants.engagement.queries.waiting import questions_share, questions_waiting, waiting_questions
from tenants.engagement.views.contributed import entrance, found_answers, mapped_pages, own_questions
from tenants.engagement.views.site import answers_below_guide
from tenants.services.slots import GUIDE, GuideAddition
from tenants.shell.slots import (
    CITIZEN_PARTS,
    DESK,
    DESK_OVERVIEW,
    DESK_SEARCH,
    DESK_WAITING,
    GOES_ON,
    PROGRESS,
    SITE,
    SITE_SEARCH,
    DeskLink,
    DeskPart,
    DeskSearch,
    GoesOn,
    SitePart,
    SiteSearch,
)

_ANSWER = "engagement.answer"

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*QUESTION_NOTICES),
    SITE(
        SitePart(
            name="engagement",
            entrance=entrance,
            pages=mapped_pages,
            unlisted=("/engagement/find/", "/engagement/ask/", "/engagement/questions/"),
            styles=("engagement/engagement.css",),
        )
    ),
    SITE_SEARCH(SiteSearch(order=40, find=found_answers)),
    PROGRESS(find_progress),
    CITIZEN_PARTS(own_questions),
    # what was asked before, with what one asks further about it
    GOES_ON(GoesOn("site-question"), GoesOn("site-question-stop")),
    GUIDE(GuideAddition(label="我有问题", route="site-ask-item", below=answers_below_guide)),
    DESK(
        DeskLink(
            label="群众咨询",
            route="desk-questions",
            icon="inbox",
            permissions=(_ANSWER,),
            order=58,
            section="群众",
            place=("questions",),
            count=questions_waiting,
            counted="条待答复",
            start=30,
        ),
    ),
    DESK_SEARCH(DeskSearch((_ANSWER,), find_questions, things=("咨询",), hint="咨询的编号或其中的词")),
    DESK_WAITING(waiting_questions),
    DESK_OVERVIEW(DeskPart(_ANSWER, questions_share)),
)
