"""The pictures and lights of the overview, the county's desk and the wall: each can be wrong visibly."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.errors import Invalid, NotAllowed
from foundation.rows import draw_id
from province.catalogue.models import HallItem, ItemVersion
from province.catalogue.states import AdoptionState, HallGuideState
from province.console.models import WallLink
from province.console.operations.wall_links import make_wall_link
from province.console.queries.pictures import all_charts
from province.console.slots import Area
from province.content.models import ProofBatch, PushProof
from province.halls.models import Division, Hall, HallDomain, HallFigures, HallKind
from province.halls.operations import suspend_hall
from province.halls.queries.lights import PlaceLight, area_lights
from province.opinion.models import QuestionReport
from province.opinion.states import QuestionState
from tests.conftest import person
from tests.factories.catalogue import make_item, make_published
from tests.factories.copies import save_with_copies
from tests.factories.people import PROVINCE_HOST, client_of
from tests.factories.pushes import make_push, withdraw
from tests.factories.registry import register_halls

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "420582000000", "420583000000"


@pytest.fixture(autouse=True)
def _all_is_well() -> None:
    """Every site is kept and answers, and has a guide that is one."""
    now = timezone.now()
    served = {"services_shown": 1, "services_sampled": 1, "services_checked_at": now}
    HallFigures.objects.update(last_published_at=now, columns={}, **served)
    HallDomain.objects.update(checked_at=now, check_fault="")


def places(area: Area | None = None) -> dict[str, PlaceLight]:
    found = area_lights(area or Area()).places
    return {place.code: place for top in found for place in (top, *top.below)}


def proof_of(hall: Hall, seen: str) -> None:
    now = timezone.now()
    moments = {"started_at": now, "progress_at": now, "finished_at": now}
    proof = PushProof.objects.create(
        push=make_push(), turn=1, expects="shown", expectation={}, roster=b"", expected=1, **moments, **{seen: 1}
    )
    ProofBatch.objects.create(proof=proof, number=0, rows=b"", **{seen: [hall.number]})


def late_version(hall: Hall) -> None:
    version = make_published(make_item(1))
    began = timezone.now() - timedelta(days=1)
    ItemVersion.objects.filter(pk=version.pk).update(valid_from=began, required_from=began)
    HallItem.objects.create(
        hall_id=hall.pk,
        item_id=version.item_id,
        state=AdoptionState.PUBLISHED,
        guide_state=HallGuideState.DONE,
        score=100,
        version_number=version.number - 1,
    )


def late_question(hall: Hall) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    days = {"received_on": yesterday, "due_on": yesterday, "limit_from": yesterday}
    QuestionReport.objects.create(hall=hall, state=QuestionState.WAITING, **days, limit_days=5)


def suspend(hall: Hall) -> None:
    suspend_hall(by=person("zhao"), hall=hall, reason="搬迁")


FAULTS: dict[str, tuple[Callable[[Hall], object], str]] = {
    "1 个服务厅暂停": (suspend, "yellow"),
    "1 个服务厅暂停已过预计恢复时间": (
        lambda hall: (suspend(hall), Hall.objects.update(suspended_until=timezone.now() - timedelta(days=1))),
        "red",
    ),
    "1 个域名打不开": (lambda hall: HallDomain.objects.filter(tenant=hall).update(check_fault="域名没有解析"), "red"),
    "1 个市县级网站检查不合格": (
        lambda hall: HallFigures.objects.filter(hall=hall).update(
            last_published_at=timezone.now() - timedelta(days=30)
        ),
        "red",
    ),
    "1 个网站的推稿核验不符": (lambda hall: proof_of(hall, "wrong"), "red"),
    "1 个网站核验时打不开": (lambda hall: proof_of(hall, "unreachable"), "yellow"),
    "1 项事项新版逾期未接受": (late_version, "yellow"),
    "1 条群众咨询超期未答复": (late_question, "yellow"),
}


class TestLights:
    def test_are_green_where_all_is_well(self) -> None:
        assert {place.light for place in places().values()} == {"green"}

    @pytest.mark.parametrize("words", FAULTS)
    def test_turn_where_the_fault_is_and_say_why(self, north: Hall, words: str) -> None:
        fault, light = FAULTS[words]
        fault(north)
        found = places()
        said = {place: [f"{one.number} {one.words}" for one in found[place].reasons] for place in (NORTH, SOUTH)}
        assert (found[NORTH].light, found[SOUTH].light) == (light, "green")
        assert said == {NORTH: [words], SOUTH: []}
        # the city is as bad as the worst of its counties
        assert found["420500000000"].light == light
        page = client_of("zhao").get("/console/").content.decode()
        number, _, rest = words.partition(" ")
        assert re.search(rf'<a href="/console/[^"]+">{number} {rest}</a>', page)

    def test_tell_lower_sites_from_the_countys_own(self) -> None:
        village = Hall.objects.get(slug="village")
        HallFigures.objects.filter(hall=village).update(last_published_at=None)
        assert [one.words for one in places()[NORTH].reasons] == ["个乡镇、村网站检查不合格"]
        assert places()[NORTH].light == "yellow"
        # at the county's own desk: which township it is
        below = places(Area("420582", is_console=False))
        assert {(place.name, str(place.light)) for place in below.values()} == {("河溶镇", "yellow")}
        assert below["420582103000"].reasons[0].address == ""


class TestCharts:
    def test_count_weeks_of_pushes_and_withdrawals(self) -> None:
        withdraw(make_push())
        make_push(title="另一篇")
        charts = {chart.key: chart for chart in all_charts(Area())}
        assert charts["pushes"].points[-1].values == (2, 1)
        assert [sum(point.values) for point in charts["pushes"].points[:-1]] == [0] * 11
        assert "推稿、撤稿：" in charts["pushes"].words

    def test_rank_places_by_what_their_own_halls_show(self, south: Hall) -> None:
        late_version(south)
        [chart] = [chart for chart in all_charts(Area()) if chart.key == "adoption"]
        assert [(point.label, point.values) for point in chart.points] == [("1. 枝江市", (1,)), ("2. 当阳市", (0,))]
        assert chart.points[0].address == f"/console/items/matrix/?under={SOUTH}"

    def test_put_places_first_in_which_questions_wait_too_long(self, north: Hall, south: Hall) -> None:
        for hall, is_late in ((north, False), (south, False), (south, True)):
            late_question(hall)
            if not is_late:
                QuestionReport.objects.filter(hall=hall).update(due_on=timezone.localdate() + timedelta(days=1))
        [chart] = [chart for chart in all_charts(Area()) if chart.key == "questions"]
        assert [(point.label, point.values[:2]) for point in chart.points] == [("枝江市", (2, 1)), ("当阳市", (1, 0))]
        assert chart.points[0].address == f"/console/halls/?under={SOUTH}"

    def test_stand_on_the_overview_with_their_tables(self) -> None:
        page = client_of("zhao").get("/console/").content.decode()
        for words in ("服务厅状态", "每周推稿与撤稿", "事项公布排行", '<desc id="chart-halls-words">', "看表格"):
            assert words in page
        assert '<a href="/console/halls/?state=live">' in page
        # nothing is styled in place: the page's policy forbids it
        assert " style=" not in page

    def test_stand_on_the_countys_desk_for_its_halls_alone(self, north: Hall) -> None:
        suspend(Hall.objects.get(slug="south"))
        page = client_of("he", host="north.yizhan.localhost").get("/desk/").content.decode()
        assert "下级服务厅运行情况" in page
        assert "河溶镇" in page
        assert "枝江" not in page
        assert "/console/" not in page.partition("<main")[2]
        village = client_of("jiang", host="village.yizhan.localhost").get("/desk/", follow=True).content.decode()
        assert "下级服务厅运行情况" not in village


def many_halls(number: int) -> None:
    """Village halls of the south with all their public rows, and no schemas."""
    parent = Division.objects.get(code=SOUTH)
    halls = register_halls((f"420583{place:06d}", HallKind.VILLAGE) for place in range(100_000, 100_000 + number))
    Division.objects.filter(code__startswith="4205831").update(parent=parent)
    first, *others = halls
    save_with_copies(HallFigures(hall=first), ({"hall_id": hall.pk} for hall in others))
    domain = HallDomain(tenant=first, domain=f"{first.slug}.example.cn", is_primary=True, check_fault="打不开")
    others_domains = ({"id": draw_id(), "tenant_id": hall.pk, "domain": f"{hall.slug}.example.cn"} for hall in others)
    save_with_copies(domain, others_domains)


class TestNumberOfQueries:
    def test_does_not_grow_with_halls(self, north: Hall) -> None:
        proof_of(north, "wrong")
        asked = []
        for number in (10, 9_990):
            Hall.objects.filter(slug__startswith="registered-").delete()
            Division.objects.filter(code__startswith="4205831").delete()
            many_halls(number)

            with CaptureQueriesContext(connection) as captured:
                found = places()
                all_charts(Area())
            assert f"{number} 个域名打不开" in [f"{one.number} {one.words}" for one in found[SOUTH].reasons]
            asked.append(len(captured))
        assert asked[0] == asked[1] <= 20


class TestWall:
    def test_shows_itself_to_who_has_the_link_and_refreshes(self, north: Hall) -> None:
        _, key = make_wall_link(by=person("zhao"), name="大厅东侧")
        suspend(north)
        screen = Client(HTTP_HOST=PROVINCE_HOST)
        answer = screen.get(f"/wall/{key}/")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert answer["Refresh"] == "60"
        assert "1 个服务厅暂停" in page
        assert answer["Cache-Control"] == "no-store"
        # no way further, and nobody's name
        assert 'href="/console' not in page
        for name in ("赵敏", "大厅东侧"):
            assert name not in page
        assert screen.get("/console/wall/").status_code == 302
        assert screen.get(f"/wall/{key}/x/").status_code == 404

    def test_is_shut_once_the_link_is_over(self) -> None:
        link, key = make_wall_link(by=person("zhao"), name="大厅东侧", days=1)
        assert key not in link.digest
        WallLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert Client(HTTP_HOST=PROVINCE_HOST).get(f"/wall/{key}/").status_code == 404
        _, other = make_wall_link(by=person("zhao"), name="值班室")
        revoked = client_of("zhao").post(f"/console/wall/links/{WallLink.objects.get(name='值班室').pk}/revoke/")
        assert revoked.status_code == 302
        assert Client(HTTP_HOST=PROVINCE_HOST).get(f"/wall/{other}/").status_code == 404
        assert Client(HTTP_HOST="north.yizhan.localhost").get(f"/wall/{other}/").status_code == 404

    def test_gives_its_link_once(self) -> None:
        zhao = client_of("zhao")
        answer = zhao.post("/console/wall/links/", {"name": "大厅东侧", "days": "90"}).content.decode()
        [address] = re.findall(r'value="(http[^"]+/wall/[^"]+/)"', answer)
        again = zhao.get("/console/wall/links/").content.decode()
        assert "大厅东侧" in again
        assert address not in again
        assert zhao.get("/console/wall/").status_code == 200

    def test_is_put_up_by_the_province_alone(self) -> None:
        with pytest.raises(NotAllowed):
            make_wall_link(by=person("he"), name="大厅")
        with pytest.raises(Invalid, match="放在哪里"):
            make_wall_link(by=person("zhao"), name=" ")
        assert client_of("wei").get("/console/wall/").status_code == 403
