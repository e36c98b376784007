from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.messaging.slots import NOTICE_KINDS
from province.workdays.slots import CLOCK_OWNERS, ClockOwner
from tenants.casework.slots import CASE_GRADES, CASE_PARTS, FIGURE_LINKS
from tenants.ratings.operations.notices import RATING_NOTICES
from tenants.ratings.queries.access import ASK, MEND
from tenants.ratings.queries.acts import ACT_NAMES
from tenants.ratings.queries.figures import disclosed_ratings, link_to_figures
from tenants.ratings.queries.records import grades_of_cases
from tenants.ratings.queries.waiting import low_ratings_waiting, waiting_low_ratings
from tenants.ratings.states import RATING_CLOCK
from tenants.ratings.views.site import part_of_case
from tenants.shell.slots import DESK, DESK_WAITING, GOES_ON, SITE, DeskLink, GoesOn, SitePart

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*RATING_NOTICES),
    CLOCK_OWNERS(ClockOwner(RATING_CLOCK, "好差评")),
    CASE_GRADES(grades_of_cases),
    CASE_PARTS(part_of_case),
    FIGURE_LINKS(link_to_figures),
    SITE(
        SitePart(
            name="ratings",
            disclosed=disclosed_ratings,
            unlisted=("/ratings/link/",),
        )
    ),
    # of what has ended: the days in which it may be rated go on
    GOES_ON(GoesOn("site-rating"), GoesOn("site-rating-link"), GoesOn("hall-api:show_own_rating")),
    DESK(
        DeskLink(
            label="差评处理",
            route="desk-ratings",
            icon="megaphone",
            permissions=(MEND,),
            order=59,
            section="群众",
            place=("ratings",),
            count=low_ratings_waiting,
            counted="条差评在办",
            below="desk-questions",
        ),
        DeskLink(
            label="请群众评价",
            route="desk-rating-visits",
            icon="qr-code",
            permissions=(ASK,),
            order=61,
            section="群众",
            place=("rating-visits",),
            below="desk-questions",
        ),
    ),
    DESK_WAITING(waiting_low_ratings),
)
