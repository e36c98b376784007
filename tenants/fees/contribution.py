from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from tenants.casework.slots import CASE_ENDS, CASE_PARTS, DESK_CASE_PARTS, SERVICE_CHECKS
from tenants.fees.operations.opening import drop_orders_of_ended_case
from tenants.fees.operations.steps import FEE_PLUGIN
from tenants.fees.queries.access import RIGHTS, TAKE
from tenants.fees.queries.acts import ACT_NAMES
from tenants.fees.queries.shown import why_not_served
from tenants.fees.queries.waiting import fees_share, fees_waiting, waiting_fees
from tenants.fees.views.desk import part_of_desk_case
from tenants.fees.views.site import part_of_case
from tenants.shell.slots import DESK, DESK_OVERVIEW, DESK_WAITING, GOES_ON, SITE, DeskLink, DeskPart, GoesOn, SitePart
from tenants.workflow.slots import FLOW_PLUGINS

contribution = Contribution(
    ACTS(*ACT_NAMES),
    CASE_PARTS(part_of_case),
    DESK_CASE_PARTS(part_of_desk_case),
    SERVICE_CHECKS(why_not_served),
    CASE_ENDS(drop_orders_of_ended_case),
    FLOW_PLUGINS(FEE_PLUGIN),
    SITE(SitePart(name="fees", unlisted=("/fees/",))),
    GOES_ON(
        GoesOn("site-fee-pay"),
        GoesOn("hall-api:list_own_fee_orders"),
        GoesOn("hall-api:pay_own_fee_order"),
    ),
    DESK(
        DeskLink(
            label="收费",
            route="desk-fees",
            icon="columns-3",
            permissions=RIGHTS,
            order=76,
            section="办公",
            place=("fees",),
            count=fees_waiting,
            counted="张待缴费",
            below="desk-work",
        ),
    ),
    DESK_WAITING(waiting_fees),
    DESK_OVERVIEW(DeskPart(TAKE, fees_share)),
)
