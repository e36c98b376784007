from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from tenants.shell.slots import DESK, DeskLink
from tenants.workflow.operations.forms import DESIGN
from tenants.workflow.queries.acts import ACT_NAMES

contribution = Contribution(
    ACTS(*ACT_NAMES),
    DESK(
        DeskLink(
            label="表单",
            route="desk-forms",
            icon="file-text",
            permissions=(DESIGN,),
            order=70,
            section="办公",
            place=("forms",),
        ),
    ),
)
