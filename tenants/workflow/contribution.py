from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.messaging.slots import NOTICE_KINDS
from province.people.queries.work import HALL_WORK, HallWork
from tenants.workflow.operations.advancing import WORK_ITEM
from tenants.workflow.operations.run_notices import RUN_NOTICES
from tenants.workflow.queries.acts import ACT_NAMES

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*RUN_NOTICES),
    HALL_WORK(HallWork(WORK_ITEM, "项流程待办")),
)
