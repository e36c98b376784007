from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import (
    CHARTS,
    FIRST_STEPS,
    HALL_DIRECTORY,
    LIGHTS,
    NAVIGATION,
    OVERVIEW,
    PICKS,
    SEARCH,
    SERVICES,
    SUBPAGES,
    WAITING,
    WALL,
    ChartPart,
    ConsoleLink,
    FirstStep,
    HallDirectory,
    OutsideService,
    OverviewPart,
    SearchSource,
    Subpages,
    WallPart,
)
from province.halls.queries.acts import ACT_NAMES
from province.halls.queries.certificates import certificates_name, certificates_state
from province.halls.queries.charts import halls_charts
from province.halls.queries.directory import hall_ids_in_reach, named_halls
from province.halls.queries.division_plans import changes_waiting
from province.halls.queries.lights import HALL_LIGHTS
from province.halls.queries.overview import halls_overview
from province.halls.queries.picks import division_picks, hall_picks
from province.halls.queries.search import find_halls
from province.halls.views.overview import lights_share, wall_share

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NAVIGATION(
        ConsoleLink("服务厅", "console-halls", "building-2", "halls.manage", order=20),
    ),
    SUBPAGES(Subpages("console-divisions", of="console-halls")),
    SEARCH(
        SearchSource("halls.manage", find_halls, things=("服务厅", "区划"), hint="服务厅或地方的名称、12 位区划代码")
    ),
    PICKS(hall_picks("halls", "halls.manage"), division_picks("divisions", "halls.manage")),
    WAITING(changes_waiting),
    OVERVIEW(OverviewPart("halls.manage", halls_overview), OverviewPart("halls.manage", lights_share)),
    CHARTS(ChartPart(10, "halls.manage", halls_charts)),
    LIGHTS(HALL_LIGHTS),
    SERVICES(OutsideService(60, "网站证书", "读者和网站之间的加密", certificates_name, certificates_state)),
    WALL(WallPart(10, wall_share)),
    FIRST_STEPS(FirstStep(10, "载入区划代码", "console-divisions", "上传国家统计局的区划代码文件")),
    HALL_DIRECTORY(HallDirectory(named_halls, hall_ids_in_reach)),
)
