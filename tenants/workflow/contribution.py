from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from tenants.shell.slots import CITIZEN_PARTS, DESK, SITE, DeskLink, SitePart
from tenants.workflow.queries.acts import ACT_NAMES
from tenants.workflow.views.site_fill import own_forms

contribution = Contribution(
    ACTS(*ACT_NAMES),
    SITE(SitePart(name="workflow", unlisted=("/forms/",))),
    CITIZEN_PARTS(own_forms),
    DESK(
        DeskLink(
            label="填表",
            route="desk-fillings",
            icon="pencil",
            permissions=("workflow.take_part",),
            order=72,
            section="办公",
            place=("fillings",),
        ),
        DeskLink(
            label="流程",
            route="desk-flows",
            icon="network",
            permissions=(DESIGN,),
            order=71,
            section="办公",
            place=("flows",),
        ),
    ),
)
