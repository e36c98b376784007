from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.cases.states import CASE_KIND
from province.document_templates.slots import DOCUMENT_KINDS
from province.messaging.slots import NOTICE_KINDS
from province.people.queries.work import HALL_WORK, HallWork
from province.workdays.slots import CLOCK_OWNERS, ClockOwner
from tenants.casework.operations.documents import CASE_DOCUMENTS
from tenants.casework.operations.handlers import CASE_NOTICES
from tenants.casework.operations.intake import APPLICATIONS
from tenants.casework.operations.joint_notices import JOINT_NOTICES
from tenants.casework.operations.list_exports import LIST_EXPORT_NOTICE
from tenants.casework.operations.packages import PACKAGES
from tenants.casework.operations.referral_notices import REFERRAL_NOTICES
from tenants.casework.operations.searches import note_desk_search
from tenants.casework.operations.step_documents import document_plugins
from tenants.casework.operations.steps import note_step
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.acts import ACT_NAMES
from tenants.casework.queries.complained import COMPLAINED_CASES
from tenants.casework.queries.desk_search import find_cases, find_opinions
from tenants.casework.queries.earlier import names_of_cases
from tenants.casework.queries.progress import find_progress
from tenants.casework.queries.shared_designs import waiting_designs
from tenants.casework.queries.standing import case_of_run_stands, last_day_of_case_of_run
from tenants.casework.queries.waiting import (
    cases_share,
    cases_waiting,
    opinions_counted,
    waiting_cases,
    waiting_opinions,
    waiting_services,
)
from tenants.casework.states import JOINT_KIND
from tenants.casework.views.licences import desk_page_of_case, licences_beside
from tenants.casework.views.runs import case_of_run
from tenants.casework.views.site import own_part
from tenants.casework.views.site_apply import way_to_apply
from tenants.casework.views.site_packages import packages_block
from tenants.documents.operations.ending import END
from tenants.documents.queries.access import DESIGN, READ
from tenants.documents.slots import TOLD_WHEN_MADE
from tenants.engagement.queries.access import COMPLAINTS
from tenants.engagement.queries.desk_search import find_complaints
from tenants.engagement.queries.waiting import complaints_share, complaints_waiting, waiting_complaints
from tenants.engagement.slots import COMPLAINT_SUBJECTS
from tenants.licences.slots import LICENCE_OWNERS, LicenceOwner
from tenants.licences.states import LICENCE_KIND
from tenants.services.slots import GUIDE, SERVICES, GuideAddition
from tenants.shell.slots import (
    CITIZEN_PARTS,
    DESK,
    DESK_OVERVIEW,
    DESK_SEARCH,
    DESK_WAITING,
    GOES_ON,
    PROGRESS,
    SITE,
    DeskLink,
    DeskPart,
    DeskSearch,
    GoesOn,
    SitePart,
)
from tenants.workflow.slots import (
    EARLIER_CASES,
    FLOW_PLUGINS,
    FORM_ASIDES,
    FORM_TAKERS,
    RUN_SUBJECTS,
    EarlierCases,
    FormAside,
    RunSubject,
)

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*CASE_NOTICES, *JOINT_NOTICES, *REFERRAL_NOTICES, LIST_EXPORT_NOTICE),
    HALL_WORK(HallWork(CASE_KIND, "个办件")),
    CLOCK_OWNERS(ClockOwner(CASE_KIND, "办件"), ClockOwner(JOINT_KIND, "联办意见")),
    FORM_TAKERS(APPLICATIONS, PACKAGES),
    LICENCE_OWNERS(LicenceOwner(CASE_KIND, "办件", desk_page_of_case)),
    FORM_ASIDES(FormAside(name="casework", beside=licences_beside)),
    EARLIER_CASES(EarlierCases(name="casework", names=names_of_cases)),
    DOCUMENT_KINDS(*CASE_DOCUMENTS),
    TOLD_WHEN_MADE(LICENCE_KIND),
    FLOW_PLUGINS(*document_plugins()),
    COMPLAINT_SUBJECTS(COMPLAINED_CASES),
    SITE(SitePart(name="casework", unlisted=("/cases/",))),
    CITIZEN_PARTS(own_part),
    # cases that are there, to their end: what is asked for, decisions and papers, taking back, complaints about them
    GOES_ON(
        *(
            GoesOn(f"site-{name}")
            for name in (
                *("cases", "case", "case-brought", "case-withdraw", "case-complain"),
                *("case-decision", "case-decision-paper", "case-document", "whole", "whole-withdraw", "use-licence"),
                *("case-service", "case-paper"),
            )
        ),
        *(
            GoesOn(f"hall-api:{name}")
            for name in (
                *("list_own_cases", "show_own_case", "change_own_form", "upload_for_own_case", "bring_own_rest"),
                *("withdraw_own_application", "complain", "list_own_licences_for_form"),
                *("choose_own_service", "ask_for_own_paper", "open_document_of_own_case"),
                *("show_own_package", "withdraw_own_package"),
            )
        ),
        # POST begins one
        GoesOn("hall-api:list_own_packages", is_read=True),
    ),
    PROGRESS(find_progress),
    SERVICES(packages_block),
    GUIDE(GuideAddition(route="site-apply", above=way_to_apply)),
    RUN_SUBJECTS(
        RunSubject(
            name="casework",
            head=case_of_run,
            moved=note_step,
            stands=case_of_run_stands,
            last_day=last_day_of_case_of_run,
        )
    ),
    DESK(
        DeskLink(
            label="办件",
            route="desk-cases",
            icon="inbox",
            permissions=(HANDLE,),
            order=69,
            section="办公",
            place=("cases",),
            count=cases_waiting,
            counted="件待受理",
            start=25,
            below="desk-work",
        ),
        DeskLink(
            label="联办意见",
            route="desk-opinions",
            icon="users",
            permissions=(HANDLE,),
            order=73,
            section="办公",
            place=("opinions",),
            count=opinions_counted,
            counted="份意见待出具",
            below="desk-work",
        ),
        # where there are no cases, nobody complains of one
        DeskLink(
            label="群众投诉",
            route="desk-complaints",
            icon="megaphone",
            permissions=(COMPLAINTS,),
            order=62,
            section="群众",
            place=("complaints",),
            count=complaints_waiting,
            counted="条投诉待处理",
            below="desk-questions",
        ),
        # what is issued for cases stands beside them
        DeskLink(
            label="文书",
            route="desk-documents",
            icon="shield-check",
            permissions=(READ, END),
            order=74,
            section="办公",
            place=("documents",),
            below="desk-work",
        ),
        DeskLink(
            label="文书模板",
            route="desk-document-kinds",
            icon="file-text",
            permissions=(DESIGN,),
            order=75,
            section="办公",
            place=("document-templates",),
            below="desk-work",
        ),
    ),
    DESK_SEARCH(
        DeskSearch(
            (HANDLE,),
            find_cases,
            things=("办件",),
            hint="编号末几位、姓名或单位、证件号码、手机号、事项",
            note=note_desk_search,
        ),
        DeskSearch((HANDLE,), find_opinions, things=("联办意见",), hint="联办编号"),
        DeskSearch((COMPLAINTS,), find_complaints, things=("投诉",), hint="投诉的编号或其中的词"),
    ),
    DESK_WAITING(waiting_cases, waiting_services, waiting_opinions, waiting_complaints, waiting_designs),
    DESK_OVERVIEW(DeskPart(HANDLE, cases_share), DeskPart(COMPLAINTS, complaints_share)),
)
