from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import (
    CHARTS,
    FIRST_STEPS,
    LIGHTS,
    NAVIGATION,
    OVERVIEW,
    PICKS,
    SEARCH,
    SUBPAGES,
    WAITING,
    WALL,
    ChartPart,
    ConsoleLink,
    FirstStep,
    OverviewPart,
    SearchSource,
    Subpages,
    WallPart,
)
from province.content.operations.notices import MANUSCRIPT_NOTICES
from province.content.queries.acts import ACT_NAMES
from province.content.queries.desks import has_desk
from province.content.queries.manuscripts import manuscripts_owned_by
from province.content.queries.overview import texts_waiting
from province.content.queries.pictures import PROOF_LIGHTS, pushes_charts, wall_share
from province.content.queries.pushes import FILLED_COLUMNS, pushes_at
from province.content.queries.search import find_accounts, find_texts
from province.content.views.overview import overview_share
from province.halls.queries.columns import COLUMN_FILLERS
from province.halls.queries.forecast import CODE_USES, CodeUse
from province.halls.queries.picks import division_picks
from province.messaging.slots import NOTICE_KINDS
from province.people.queries.work import WORK, ProvinceWork

_SECTION = "内容"

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NAVIGATION(
        ConsoleLink(
            "稿件", "console-manuscripts", "file-text", "content.read", order=40, section=_SECTION, is_open=has_desk
        ),
        ConsoleLink("推稿", "console-pushes", "send", "content.read", order=41, section=_SECTION, is_open=has_desk),
        ConsoleLink("新媒体", "console-accounts", "smartphone", "accounts.manage", order=42, section=_SECTION),
    ),
    SUBPAGES(
        Subpages("console-library", of="console-manuscripts"),
        Subpages("console-deliveries", of="console-accounts"),
    ),
    SEARCH(
        SearchSource("content.read", find_texts, things=("稿件", "推稿"), hint="稿件标题"),
        SearchSource("accounts.manage", find_accounts, things=("新媒体账号",), hint="新媒体账号名"),
    ),
    PICKS(
        division_picks("divisions-of-accounts", "accounts.manage"), division_picks("divisions-to-push", "content.push")
    ),
    WAITING(texts_waiting),
    NOTICE_KINDS(*MANUSCRIPT_NOTICES.all),
    OVERVIEW(OverviewPart("content.read", overview_share, is_reason=True, is_open=has_desk)),
    CHARTS(ChartPart(20, "content.read", pushes_charts)),
    LIGHTS(PROOF_LIGHTS),
    WALL(WallPart(20, wall_share)),
    FIRST_STEPS(FirstStep(30, "写第一篇稿件", "console-manuscript-new", "三审通过后推送到所有服务厅")),
    WORK(ProvinceWork("稿件", manuscripts_owned_by)),
    COLUMN_FILLERS(FILLED_COLUMNS),
    CODE_USES(CodeUse(10, "条推稿", pushes_at)),
)
