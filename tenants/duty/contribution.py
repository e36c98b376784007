from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.messaging.slots import NOTICE_KINDS
from tenants.duty.operations.notices import DUTY_NOTICES
from tenants.duty.queries.access import KEEP, READ
from tenants.duty.queries.acts import ACT_NAMES
from tenants.duty.queries.on_duty import people_on_duty
from tenants.duty.queries.overview import duty_share
from tenants.duty.queries.requests import waiting_swaps
from tenants.shell.slots import DESK, DESK_OVERVIEW, DESK_WAITING, DeskLink, DeskPart
from tenants.workflow.slots import DUTY_ROSTER, DutyRoster

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*DUTY_NOTICES),
    DUTY_ROSTER(DutyRoster(people_on_duty)),
    DESK(
        DeskLink(
            label="值班表",
            route="desk-duty",
            icon="calendar",
            permissions=(READ,),
            order=79,
            section="办公",
            place=("duty",),
            below="desk-work",
        )
    ),
    DESK_WAITING(waiting_swaps),
    DESK_OVERVIEW(DeskPart(KEEP, duty_share)),
)
