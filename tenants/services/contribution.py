from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.halls.models import Hall, HallKind
from tenants.services.queries.acts import ACT_NAMES
from tenants.services.queries.waiting import waiting_items
from tenants.services.views.home import entrance, home_blocks, mapped_pages
from tenants.shell.slots import DESK, DESK_WAITING, SITE, DeskLink, SitePart

_SECTION = "办事"


def _has_halls_below(hall: Hall) -> bool:
    return hall.kind != HallKind.VILLAGE


contribution = Contribution(
    ACTS(*ACT_NAMES),
    SITE(
        SitePart(
            name="services",
            entrance=entrance,
            home=home_blocks,
            pages=mapped_pages,
            unlisted=("/services/find/",),
            styles=("catalogue/guide.css", "catalogue/flowchart.css", "services/services.css", "services/guide.js"),
            readable=("services",),
        )
    ),
    DESK(
        DeskLink(
            label="事项",
            route="desk-items",
            icon="list",
            permissions=("services.adopt", "services.review"),
            order=40,
            section=_SECTION,
            place=("items",),
            start=20,
        ),
        DeskLink(
            label="下级认领情况",
            route="desk-matrix",
            icon="table",
            permissions=("services.adopt",),
            order=41,
            section=_SECTION,
            place=("matrix", "assignments"),
            is_for=_has_halls_below,
        ),
    ),
    DESK_WAITING(waiting_items),
)
