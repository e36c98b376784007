from collections.abc import Iterator

from foundation.contributions import Contribution
from foundation.design.charts import ChartPoint, FigureChart
from foundation.design.picking import Pick
from province.audit.queries.acts import ACTS, ActNames
from province.console.slots import (
    ADDED_LINKS,
    CHARTS,
    FIRST_STEPS,
    FRAGMENTS,
    LIGHTS,
    NAVIGATION,
    OVERVIEW,
    PICKS,
    SEARCH,
    SERVICES,
    SUBPAGES,
    WAITING,
    WALL,
    AddedLink,
    Area,
    ChartPart,
    ConsoleLink,
    Corner,
    Figure,
    FindingKind,
    FirstStep,
    Fragment,
    Hit,
    Light,
    LightPart,
    OutsideService,
    OverviewPart,
    PickKind,
    PlaceFinding,
    SearchSource,
    ServiceState,
    Subpages,
    Waiting,
    WallPart,
    WallShare,
)
from province.halls.queries.columns import COLUMN_FILLERS
from province.people.queries.work import ENDING_WORK, WORK, ProvinceWork
from province.rights.actors import Actor
from tests.dummy_apps.notices.views import banner, overview_share


def find_notices(by: Actor, words: str) -> Iterator[Hit]:
    yield Hit("通告", f"关于{words}的通告", by.name, "/console/notices/")


def pick_notices(by: Actor, words: str) -> Iterator[Pick]:
    yield Pick("n-1", f"关于{words}的通告", by.name)


def notices_waiting(by: Actor) -> Iterator[Waiting]:
    yield Waiting("待签收的通告", 3, "/console/notices/")


def notices_charts(_: Area) -> Iterator[FigureChart]:
    yield FigureChart("notices", "每月通告", [ChartPoint("一月", (5,))], ("通告",))


def unsigned_notices(area: Area) -> Iterator[PlaceFinding]:
    yield PlaceFinding("notices.unsigned", "420582000000"[: area.digits], 4)


contribution = Contribution(
    ACTS(ActNames("通告", {"notices.sign": "签收通告"}, objects={"notice": "通告"})),
    NAVIGATION(ConsoleLink("通告", "console-notices", "bell", "notices.read", order=50, section="通告栏")),
    SUBPAGES(Subpages("console-notice-archive", of="console-notices")),
    ADDED_LINKS(AddedLink("people.tabs", "notices", "通告员名册", "console-notices", "notices.read")),
    SEARCH(SearchSource("notices.read", find_notices, things=("通告",), hint="通告标题")),
    PICKS(PickKind("notices", "notices.read", pick_notices)),
    WAITING(notices_waiting),
    OVERVIEW(OverviewPart("notices.read", overview_share, is_reason=True)),
    CHARTS(ChartPart(90, "notices.read", notices_charts)),
    LIGHTS(
        LightPart(
            {"notices.unsigned": FindingKind(Light.YELLOW, "个通告没有签收", lambda _: "/console/notices/")},
            unsigned_notices,
        )
    ),
    SERVICES(OutsideService(95, "通告电台", "播出通告", lambda: "电台一", lambda: ServiceState(None, "没有接通"))),
    WALL(WallPart(90, lambda: WallShare(figures=(Figure(8, "大屏通告", ""),)))),
    FIRST_STEPS(FirstStep(90, "写第一个通告", "console-notices", "各厅都看得到")),
    FRAGMENTS(Fragment(Corner.ABOVE, banner)),
    WORK(ProvinceWork("通告", lambda _: 4)),
    ENDING_WORK(ProvinceWork("通告草稿（将作废）", lambda _: 2)),
    COLUMN_FILLERS("SELECT asked.id, 'bulletin'::varchar, now() FROM asked"),
)
