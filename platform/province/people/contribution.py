from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import (
    FRAGMENTS,
    NAVIGATION,
    PICKS,
    SEARCH,
    ConsoleLink,
    Corner,
    Fragment,
    SearchSource,
)
from province.halls.queries.checklist import CHECKLIST, ChecklistItem
from province.halls.queries.forecast import CODE_USES, CodeUse
from province.halls.queries.picks import hall_picks
from province.people.queries.acts import ACT_NAMES
from province.people.queries.checklist import todo_for_administrator
from province.people.queries.picks import COLLEAGUES, PEOPLE
from province.people.queries.positions import positions_at
from province.people.queries.search import find_people
from province.people.views.fragments import preview_banner

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NAVIGATION(ConsoleLink("人员", "console-settings", "users", "people.read", order=80, section="设置")),
    PICKS(
        PEOPLE,
        COLLEAGUES,
        hall_picks("halls-of-people", "people.read"),
        hall_picks("halls-to-manage", "people.manage"),
        hall_picks("halls-to-appoint", "rights.appoint"),
    ),
    SEARCH(SearchSource("people.read", find_people, things=("人员",), hint="姓名、拼音首字母或账号")),
    FRAGMENTS(Fragment(Corner.ABOVE, preview_banner)),
    CODE_USES(CodeUse(20, "个岗位", positions_at)),
    CHECKLIST(ChecklistItem("administrator", "有管理员", todo_for_administrator)),
)
