from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.messaging.slots import NOTICE_KINDS
from province.people.queries.work import HALL_WORK, HallWork
from province.workdays.slots import CLOCK_OWNERS, ClockOwner
from tenants.casework.operations.documents import CASE_DOCUMENTS
from tenants.casework.operations.handlers import CASE_NOTICES
from tenants.casework.operations.intake import APPLICATIONS
from tenants.casework.operations.work import CASE_WORK
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.acts import ACT_NAMES
from tenants.casework.queries.desk_search import find_cases
from tenants.casework.queries.earlier import names_of_cases
from tenants.casework.queries.progress import find_progress
from tenants.casework.views.site import own_part
from tenants.casework.views.site_apply import way_to_apply
from tenants.documents.slots import DOCUMENT_KINDS
from tenants.services.slots import GUIDE, GuideAddition
from tenants.shell.slots import (
    CITIZEN_PARTS,
    DESK,
    DESK_OVERVIEW,
    DESK_SEARCH,
    DESK_WAITING,
    PROGRESS,
    SITE,
    DeskLink,
    DeskPart,
    DeskSearch,
    SitePart,
)
from tenants.workflow.slots import EARLIER_CASES, FORM_TAKERS, RUN_SUBJECTS, EarlierCases, RunSubject

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*CASE_NOTICES),
    HALL_WORK(HallWork(CASE_WORK, "个办件")),
    CLOCK_OWNERS(ClockOwner(CASE_CLOCK, "办件")),
    FORM_TAKERS(APPLICATIONS),
    EARLIER_CASES(EarlierCases(name="casework", names=names_of_cases)),
    DOCUMENT_KINDS(*CASE_DOCUMENTS),
    SITE(SitePart(name="casework", unlisted=("/cases/",))),
    CITIZEN_PARTS(own_part),
    PROGRESS(find_progress),
    GUIDE(GuideAddition(route="site-apply", above=way_to_apply)),
)
