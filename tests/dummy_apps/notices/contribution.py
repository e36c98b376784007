from collections.abc import Iterator

from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS, ActNames
from province.console.slots import (
    ADDED_LINKS,
    FIRST_STEPS,
    FRAGMENTS,
    NAVIGATION,
    OVERVIEW,
    SEARCH,
    SUBPAGES,
    WAITING,
    AddedLink,
    ConsoleLink,
    Corner,
    FirstStep,
    Fragment,
    Hit,
    OverviewPart,
    SearchSource,
    Subpages,
    Waiting,
)
from province.halls.queries.columns import COLUMN_FILLERS
from province.people.queries.work import ENDING_WORK, WORK, ProvinceWork
from province.rights.actors import Actor
from tests.dummy_apps.notices.views import banner, overview_share


def find_notices(by: Actor, words: str) -> Iterator[Hit]:
    yield Hit("通告", f"关于{words}的通告", by.name, "/console/notices/")


def notices_waiting(by: Actor) -> Iterator[Waiting]:
    yield Waiting("待签收的通告", 3, "/console/notices/")


contribution = Contribution(
    ACTS(ActNames("通告", {"notices.sign": "签收通告"}, objects={"notice": "通告"})),
    NAVIGATION(ConsoleLink("通告", "console-notices", "bell", "notices.read", order=50, section="通告栏")),
    SUBPAGES(Subpages("console-notice-archive", of="console-notices")),
    ADDED_LINKS(AddedLink("people.tabs", "notices", "通告员名册", "console-notices", "notices.read")),
    SEARCH(SearchSource("notices.read", find_notices, things=("通告",), hint="通告标题")),
    WAITING(notices_waiting),
    OVERVIEW(OverviewPart("notices.read", overview_share, is_reason=True)),
    FIRST_STEPS(FirstStep(90, "写第一个通告", "console-notices", "各厅都看得到")),
    FRAGMENTS(Fragment(Corner.ABOVE, banner)),
    WORK(ProvinceWork("通告", lambda _: 4)),
    ENDING_WORK(ProvinceWork("通告草稿（将作废）", lambda _: 2)),
    COLUMN_FILLERS("SELECT asked.id, 'bulletin'::varchar, now() FROM asked"),
)
