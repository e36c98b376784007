from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.messaging.slots import NOTICE_KINDS
from province.people.queries.work import HALL_WORK, HallWork
from tenants.assistance.operations.notices import ASSISTANCE_NOTICES
from tenants.assistance.operations.searches import note_desk_search
from tenants.assistance.queries.access import ASSIST
from tenants.assistance.queries.acts import ACT_NAMES
from tenants.assistance.queries.desk_search import find_assistances
from tenants.assistance.queries.waiting import assistances_waiting, waiting_assistances
from tenants.assistance.states import ASSISTANCE_KIND
from tenants.shell.slots import DESK, DESK_SEARCH, DESK_WAITING, DeskLink, DeskSearch

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NOTICE_KINDS(*ASSISTANCE_NOTICES),
    HALL_WORK(HallWork(ASSISTANCE_KIND, "件代办")),
    DESK(
        DeskLink(
            label="代办",
            route="desk-assistances",
            icon="send",
            permissions=(ASSIST,),
            order=63,
            section="群众",
            place=("assistance",),
            count=assistances_waiting,
            counted="件代办待处理",
            below="desk-citizens",
        ),
    ),
    DESK_SEARCH(
        DeskSearch(
            (ASSIST,),
            find_assistances,
            things=("代办",),
            hint="姓名、身份证号、编号末几位、事项名称",
            note=note_desk_search,
            is_of_whole_hall=True,
        )
    ),
    DESK_WAITING(waiting_assistances),
)
