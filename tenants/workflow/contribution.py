from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import LIGHTS, SERVICES
from province.messaging.slots import NOTICE_KINDS
from province.people.queries.work import HALL_WORK, HallWork
from tenants.shell.slots import CITIZEN_PARTS, DESK, DESK_WAITING, GOES_ON, SITE, DeskLink, GoesOn, SitePart
from tenants.workflow.operations.advancing import WORK_ITEM
from tenants.workflow.operations.designs import DESIGN
from tenants.workflow.operations.notice_plugin import NOTICE_PLUGIN
from tenants.workflow.operations.run_notices import RUN_NOTICES
from tenants.workflow.operations.system_plugins import system_plugins, system_services
from tenants.workflow.queries.acts import ACT_NAMES
from tenants.workflow.queries.call_lights import CALL_LIGHTS
from tenants.workflow.queries.candidates import TAKE_PART
from tenants.workflow.queries.work import waiting_work, work_waiting
from tenants.workflow.slots import FLOW_PLUGINS
from tenants.workflow.views.site_fill import own_forms

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*RUN_NOTICES),
    HALL_WORK(HallWork(WORK_ITEM, "项流程待办")),
    SITE(SitePart(name="workflow", unlisted=("/forms/",))),
    CITIZEN_PARTS(own_forms),
    # what was sent, and what is asked for again; a draft is neither filled in nor handed in, but may be deleted
    GOES_ON(
        GoesOn("site-forms"),
        GoesOn("site-filled"),
        GoesOn("site-filled-again"),
        GoesOn("site-filled-drop"),
        GoesOn("site-filled-paper"),
        GoesOn("site-filled-file"),
        GoesOn("site-filled-chunks"),
        GoesOn("site-filled-chunk"),
    ),
    DESK(
        DeskLink(
            label="我的待办",
            route="desk-work",
            icon="inbox",
            permissions=(TAKE_PART,),
            order=68,
            section="办公",
            place=("work",),
            count=work_waiting,
            counted="项待办",
        ),
        DeskLink(
            label="表单",
            route="desk-forms",
            icon="file-text",
            permissions=(DESIGN,),
            order=70,
            section="办公",
            place=("forms",),
            below="desk-work",
        ),
        DeskLink(
            label="流程",
            route="desk-flows",
            icon="network",
            permissions=(DESIGN,),
            order=71,
            section="办公",
            place=("flows",),
            below="desk-work",
        ),
        DeskLink(
            label="地点清单",
            route="desk-places",
            icon="map-pin",
            permissions=(DESIGN,),
            order=78,
            section="办公",
            place=("places",),
            below="desk-work",
        ),
        DeskLink(
            label="填表",
            route="desk-fillings",
            icon="pencil",
            permissions=(TAKE_PART,),
            order=72,
            section="办公",
            place=("fillings",),
            below="desk-work",
        ),
    ),
    DESK_WAITING(waiting_work),
    FLOW_PLUGINS(NOTICE_PLUGIN, *system_plugins()),
    SERVICES(*system_services()),
    LIGHTS(CALL_LIGHTS),
)
