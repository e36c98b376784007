from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import LIGHTS
from province.halls.queries.checklist import CHECKLIST, ChecklistItem
from province.messaging.slots import NOTICE_KINDS
from tenants.services.operations.notices import GUIDE_FAULTS, GUIDE_NOTICES
from tenants.services.queries.acts import ACT_NAMES
from tenants.services.queries.desk_search import find_adoptions
from tenants.services.queries.reviewers import GUIDE_LIGHTS, todo_for_reviewers
from tenants.services.queries.waiting import waiting_items
from tenants.services.views.home import (
    disclosed,
    entrance,
    home_blocks,
    mapped_pages,
    tell_opened,
    tell_read,
    tell_searched,
)
from tenants.services.views.search import found_services, suggested_services
from tenants.shell.slots import (
    DESK,
    DESK_SEARCH,
    DESK_WAITING,
    SITE,
    SITE_SEARCH,
    DeskLink,
    DeskSearch,
    SitePart,
    SiteSearch,
)

contribution = Contribution(
    ACTS(*ACT_NAMES),
    LIGHTS(GUIDE_LIGHTS),
    NOTICE_KINDS(*GUIDE_NOTICES.all, GUIDE_FAULTS),
    CHECKLIST(ChecklistItem("guide_reviewers", "实施清单有人审核", todo_for_reviewers)),
    SITE(
        SitePart(
            name="services",
            order=20,
            entrance=entrance,
            disclosed=disclosed,
            home=home_blocks,
            pages=mapped_pages,
            unlisted=("/services/find/",),
            styles=(
                *("catalogue/guide.css", "catalogue/flowchart.css", "catalogue/ledger.css"),
                *("services/services.css", "services/guide.js"),
            ),
            readable=("services", "powers"),
            tell_read=tell_read,
            tell_searched=tell_searched,
            tell_opened=tell_opened,
        )
    ),
    SITE_SEARCH(SiteSearch(order=10, find=found_services, suggest=suggested_services)),
    DESK(
        DeskLink(
            label="事项",
            route="desk-items",
            icon="list",
            permissions=("services.adopt", "services.review"),
            order=40,
            section="办事",
            place=("items",),
            start=20,
        ),
        DeskLink(
            label="办理特点",
            route="desk-features",
            icon="list",
            permissions=("services.adopt", "services.review"),
            order=42,
            section="办事",
            place=("features",),
            below="desk-items",
        ),
        DeskLink(
            label="没找到的问题",
            route="desk-searches",
            icon="search",
            permissions=("services.adopt",),
            order=44,
            section="办事",
            place=("searches",),
            below="desk-items",
        ),
    ),
    DESK_SEARCH(
        DeskSearch(
            ("services.adopt", "services.review"), find_adoptions, things=("事项",), hint="事项名称、拼音首字母或编码"
        )
    ),
    DESK_WAITING(waiting_items),
)
