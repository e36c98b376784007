"""Pictures and lights on the overview, the desk of a county and the wall; on a desktop and a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from province.catalogue.models import HallItem
from province.console.operations.wall_links import make_wall_link
from province.halls.models import Hall, HallDomain, HallFigures
from province.halls.operations import suspend_hall
from tests.browsing import PROVINCE, PageAt
from tests.conftest import person
from tests.factories.catalogue import make_item, make_published
from tests.factories.pushes import make_push, withdraw
from tests.journeys.looks import WORKED_AT, is_sound_on_phone_and_desk


@pytest.fixture(scope="module")
def _going_on(file_database: None) -> None:
    """Something of everything: a suspended village, a site that nobody reaches, pushes, and items that are shown."""
    now = timezone.now()
    HallFigures.objects.update(last_published_at=now, services_shown=1, services_sampled=1, services_checked_at=now)
    HallDomain.objects.update(checked_at=timezone.now())
    HallDomain.objects.filter(tenant__slug="south").update(check_fault="域名没有解析")
    suspend_hall(by=person("zhao"), hall=Hall.objects.get(slug="village"), reason="搬迁")
    withdraw(make_push())
    make_push(title="另一篇")
    for number, slug in ((1, "north"), (2, "north"), (3, "south")):
        version = make_published(make_item(number))
        hall = Hall.objects.get(slug=slug)
        HallItem.objects.create(
            hall_id=hall.pk, item=version.item, state="published", guide_state="done", score=100, version_number=1
        )


@pytest.mark.usefixtures("_going_on")
@WORKED_AT
class TestPictures:
    def test_lead_from_the_light_to_its_list(self, page_at: PageAt, width: int) -> None:
        page = page_at(PROVINCE, "/console/", width, who="zhao")
        page.get_by_role("heading", name="各市县运行情况").wait_for()
        is_sound_on_phone_and_desk(page)
        chart = page.get_by_role("group", name="服务厅状态")
        expect(chart).to_be_visible()
        table = page.locator("#chart-adoption").get_by_role("table")
        expect(table).to_be_hidden()
        page.emulate_media(media="print")
        expect(table).to_be_visible()
        page.emulate_media(media="screen")
        page.locator("#chart-adoption summary").click()
        expect(page.locator("#chart-adoption").get_by_role("link", name="1. 当阳市").last).to_be_visible()
        page.get_by_role("link", name="1 个服务厅暂停").click()
        expect(page.get_by_role("link", name="红联村村便民服务室", exact=True)).to_be_visible()

    def test_fill_the_wall_and_the_countys_desk(self, page_at: PageAt, width: int) -> None:
        _, key = make_wall_link(by=person("zhao"), name="大厅")
        wall = page_at(PROVINCE, f"/wall/{key}/", width)
        wall.get_by_role("heading", level=1, name="湖北省政务服务厅运行情况").wait_for()
        is_sound_on_phone_and_desk(wall)
        expect(wall.get_by_text("1 个域名打不开").first).to_be_visible()
        desk = page_at("north.yizhan.localhost", "/desk/", width, who="he")
        desk.get_by_role("heading", name="下级服务厅运行情况").wait_for()
        is_sound_on_phone_and_desk(desk)
