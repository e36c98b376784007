from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.messaging.slots import NOTICE_KINDS
from province.people.queries.work import HALL_WORK, HallWork
from province.workdays.slots import CLOCK_OWNERS, ClockOwner
from tenants.casework.operations.handlers import CASE_NOTICES
from tenants.casework.operations.intake import APPLICATIONS
from tenants.casework.operations.work import CASE_WORK
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.acts import ACT_NAMES
from tenants.casework.queries.desk_search import find_cases
from tenants.casework.queries.waiting import cases_share, cases_waiting, waiting_cases
from tenants.casework.states import CASE_CLOCK
from tenants.casework.views.runs import case_of_run
from tenants.shell.slots import (
    DESK,
    DESK_OVERVIEW,
    DESK_SEARCH,
    DESK_WAITING,
    DeskLink,
    DeskPart,
    DeskSearch,
)
from tenants.workflow.slots import FORM_TAKERS, RUN_SUBJECTS, RunSubject

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*CASE_NOTICES),
    HALL_WORK(HallWork(CASE_WORK, "个办件")),
    CLOCK_OWNERS(ClockOwner(CASE_CLOCK, "办件")),
    FORM_TAKERS(APPLICATIONS),
    RUN_SUBJECTS(RunSubject(name="casework", head=case_of_run)),
    DESK(
        DeskLink(
            label="办件",
            route="desk-cases",
            icon="inbox",
            permissions=(HANDLE,),
            order=38,
            section="办事",
            place=("cases",),
            count=cases_waiting,
            counted="件待受理",
            start=25,
        ),
    ),
    DESK_SEARCH(DeskSearch((HANDLE,), find_cases, things=("办件",), hint="编号末几位、事项名称、申请人证件号码")),
    DESK_WAITING(waiting_cases),
    DESK_OVERVIEW(DeskPart(HANDLE, cases_share)),
)
