from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.queries.acts import ACT_NAMES
from province.console.queries.audit import READ
from province.console.queries.scanner import scanner_name, scanner_state
from province.console.queries.services import SEE
from province.console.queries.store import store_name, store_state
from province.console.queries.wall import SHOW
from province.console.slots import NAVIGATION, OVERVIEW, SERVICES, ConsoleLink, OutsideService, OverviewPart
from province.console.views.overview import services_share, wall_share

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NAVIGATION(ConsoleLink("审计", "console-audit", "history", READ, order=60, section="监管")),
    OVERVIEW(OverviewPart(SEE, services_share, is_reason=True), OverviewPart(SHOW, wall_share)),
    SERVICES(
        OutsideService(85, "对象存储", "图片和附件", store_name, store_state),
        OutsideService(90, "病毒扫描", "检查上传的文件", scanner_name, scanner_state),
    ),
)
