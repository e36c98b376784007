"""A hall adopts an item, fills in its part, shows it, and follows a new version: on a desktop and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from foundation import schemas
from province.catalogue.models import Item, Proposal
from province.catalogue.states import AdoptionState
from province.halls.models import Hall
from tenants.services.models import Adoption
from tests.browsing import PageAt
from tests.factories.adoptions import hall_guide_for, save
from tests.factories.catalogue import make_item, make_published
from tests.factories.sites import change_hall, make_columns
from tests.journeys.looks import WORKED_AT, is_sound, open_place

HOST = "north.yizhan.localhost"
NAME = "食品经营许可"


@pytest.fixture
def hall(live_site: str) -> Hall:
    """With something to adopt."""
    found = Hall.objects.get(slug="north")
    make_columns(found)
    hours = [{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"}]
    change_hall(found, address="子龙路 8 号", phone="0717-3251234", opening_hours=hours)
    make_published()
    make_published(make_item(8, name="药品经营许可"))
    return found


def _said(page: Page, words: str) -> None:
    expect(page.locator(".notice.success").first).to_contain_text(words)
    is_sound(page)


def _adoption(hall: Hall) -> Adoption:
    with schemas.enter(hall.schema_name):
        return Adoption.objects.get()


@WORKED_AT
class TestItemOfAHall:
    def test_goes_from_its_offer_to_a_new_version(self, hall: Hall, page_at: PageAt, width: int) -> None:
        sun = page_at(HOST, "/desk/", width, who="sun")
        self._adopt(sun)
        self._fill_in(sun, hall)
        self._say_once(sun)
        self._submit(sun, hall)
        li = page_at(HOST, "/desk/", width, who="li")
        self._pass(li, hall)
        self._read(page_at(HOST, "/", 360))
        make_published(Item.objects.get(pk=_adoption(hall).item_id), conditions="有固定的场所。")
        self._accept(li, hall)
        self._propose(li)

    def _adopt(self, page: Page) -> None:
        open_place(page, "事项")
        expect(page.get_by_role("heading", name="本厅还没有认领事项")).to_be_visible()
        is_sound(page)
        page.get_by_role("link", name="认领事项").first.click()
        expect(page.get_by_role("button", name="认领全部 2 项")).to_be_visible()
        is_sound(page)
        page.get_by_label(f"选择{NAME}").check()
        expect(page.locator("[data-bulk]")).to_contain_text("已选 1 项")
        is_sound(page)
        page.get_by_role("button", name="认领所选").click()
        _said(page, "已认领 1 项：0 项信息已齐")

    def _fill_in(self, page: Page, hall: Hall) -> None:
        """One element and one row by hand; the rest as somebody would have saved it."""
        expect(page.get_by_text("补齐后才能提交")).to_be_visible()
        is_sound(page)
        page.get_by_role("link", name="填写", exact=True).click()
        is_sound(page)
        page.locator("[name=body_name]").fill("当阳市市场监督管理局")
        page.get_by_role("button", name="添加办理窗口和时间").click()
        page.locator("[name='windows.2.window']").fill("综合窗口")
        page.locator("[name='windows.2.address']").fill("子龙路 10 号")
        page.locator("[name='windows.2.hours']").fill("工作日")
        page.locator(".bulk").get_by_role("button", name="保存", exact=True).click()
        _said(page, "已保存，还有")
        adoption = _adoption(hall)
        assert adoption.values["body_name"] == "当阳市市场监督管理局"
        assert [one["address"] for one in adoption.values["windows"]] == ["子龙路 8 号", "子龙路 10 号"]
        page.get_by_role("link", name="本厅填写").click()
        expect(page.get_by_text("综合窗口")).to_be_visible()
        is_sound(page)

    def _say_once(self, page: Page) -> None:
        open_place(page, "事项")
        page.get_by_role("link", name="常用信息").click()
        is_sound(page)
        page.get_by_role("link", name="全部事项", exact=True).click()
        is_sound(page)
        page.locator("[name=complaints]").fill("12345")
        page.locator(".bulk").get_by_role("button", name="保存", exact=True).click()
        _said(page, "可以在下面一次补齐")
        page.get_by_role("button", name="用常用信息补齐").click()
        _said(page, "已补齐 1 个事项的空白处")

    def _submit(self, page: Page, hall: Hall) -> None:
        adoption = _adoption(hall)
        assert adoption.values["complaints"] == "12345"
        save(hall, adoption, part=hall_guide_for(Item.objects.get(pk=adoption.item_id)))
        open_place(page, "事项")
        page.get_by_label(f"选择{NAME}").check()
        page.locator("[data-bulk]").get_by_role("button", name="提交审核").click()
        _said(page, "已提交审核 1 项")

    def _pass(self, page: Page, hall: Hall) -> None:
        page.get_by_role("main").get_by_role("link", name=NAME).click()
        expect(page.get_by_text("这是第一次公布")).to_be_visible()
        is_sound(page)
        page.get_by_role("button", name="审核通过并公布").click()
        _said(page, "群众立即看到")
        assert _adoption(hall).state == AdoptionState.PUBLISHED
        for tab in ("各次提交", "全部记录", "省里规定"):
            page.get_by_role("link", name=tab).click()
            is_sound(page)

    def _read(self, page: Page) -> None:
        """As a citizen does on a telephone, from the home page."""
        page.get_by_role("link", name=NAME).click()
        expect(page.get_by_role("heading", level=1, name=NAME)).to_be_visible()
        expect(page.get_by_role("heading", level=2, name="要带什么")).to_be_visible()
        page.get_by_role("heading", level=2, name="到哪里办").click()
        expect(page.get_by_text("人民路 1 号").first).to_be_visible()
        is_sound(page)

    def _accept(self, page: Page, hall: Hall) -> None:
        open_place(page, "事项")
        is_sound(page)
        page.get_by_role("link", name="最新第 2 版").click()
        expect(page.get_by_text("「受理条件」由")).to_be_visible()
        is_sound(page)
        page.get_by_role("button", name="接受新版").click()
        _said(page, "已接受新版")
        assert _adoption(hall).version_number == 2

    def _propose(self, page: Page) -> None:
        page.get_by_role("link", name="向省里提建议").click()
        page.get_by_label("要改哪一项").select_option(label="受理条件")
        page.get_by_role("button", name="下一步").click()
        is_sound(page)
        page.locator("[name=conditions]").fill("有固定的经营场所。")
        page.get_by_label("为什么要改").fill("群众看不懂“场所”指什么")
        page.get_by_role("button", name="提交建议").click()
        _said(page, "建议已提交给省里")
        assert Proposal.objects.get().values == {"conditions": "有固定的经营场所。"}
