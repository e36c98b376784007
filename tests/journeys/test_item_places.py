"""What an operator arranges around the items, in a browser: on a desktop and on a phone."""

from playwright.sync_api import Page, expect

from foundation.events.operations import drain_events, handle_next_delivery
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import Department, Item, Material, Office
from province.halls.models import Hall
from tests.browsing import PROVINCE, PageAt
from tests.factories.catalogue import make_proposal
from tests.journeys.looks import WORKED_AT, is_sound, open_place
from tests.journeys.test_whole_job import go


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def says(page: Page, words: str) -> None:
    expect(page.locator(".notice.success")).to_contain_text(words)
    is_sound(page)


@WORKED_AT
class TestPlaces:
    def test_are_arranged_by_an_operator(self, live_site: str, page_at: PageAt, width: int) -> None:
        make_proposal(Hall.objects.get(slug="north"))
        page = page_at(PROVINCE, "/console/", width, who="zhao")
        page.on("dialog", lambda dialog: dialog.accept())
        expect(page.get_by_role("link", name="待答复的事项建议")).to_be_visible()
        is_sound(page)
        self._load(page)
        self._audit(page)
        self._departments(page)
        self._offices(page)
        self._materials(page)
        self._proposals(page)
        self._search(page)

    def _load(self, page: Page) -> None:
        open_place(page, "事项")
        page.get_by_role("link", name="载入基础清单").click()
        departments = len({one.department for one in read_base_list()})
        page.get_by_label("立即公布").check()
        is_sound(page)
        page.get_by_role("button", name="载入基础清单").click()
        expect(page.get_by_role("status")).to_contain_text(f"0 / {departments} 个部门")
        is_sound(page)
        handle_next_delivery()
        expect(page.get_by_role("status")).not_to_contain_text(f"0 / {departments} 个部门")
        drain_events()
        expect(page.get_by_role("heading", name="已全部载入")).to_be_visible()
        is_sound(page)
        page.get_by_role("link", name="去看这些事项").click()
        expect(page.get_by_text(f"共 {len(read_base_list())} 项")).to_be_visible()
        is_sound(page)

    def _audit(self, page: Page) -> None:
        open_tab(page, "体检")
        expect(page.get_by_text("没有发现问题，另有")).to_be_visible()
        is_sound(page)
        page.get_by_role("link", name="条文可能已变").click()
        page.get_by_role("cell").get_by_role("link").first.click()
        is_sound(page)
        open_place(page, "事项")

    def _departments(self, page: Page) -> None:
        open_tab(page, "主管部门")
        is_sound(page)
        page.get_by_role("link", name="新建主管部门").click()
        page.get_by_role("button", name="新建").click()
        expect(page.get_by_role("alert")).to_be_visible()
        is_sound(page)
        page.get_by_label("名称").fill("大数据局")
        page.get_by_role("button", name="新建").click()
        says(page, "已新建主管部门“大数据局”")
        page.get_by_role("main").get_by_role("link", name="大数据局").click()
        is_sound(page)
        page.get_by_label("新的名称").fill("数据管理局")
        page.get_by_role("button", name="改名").click()
        says(page, "已改名")
        assert Department.objects.filter(name="数据管理局").exists()

    def _offices(self, page: Page) -> None:
        open_tab(page, "审核部门")
        is_sound(page)
        page.get_by_role("link", name="增加审核部门").click()
        page.get_by_role("textbox", name="名称").fill("财政")
        page.get_by_role("spinbutton", name="第几步").fill("2")
        page.get_by_label("要花多少钱", exact=True).check()
        is_sound(page)
        page.get_by_text("另外单独审核的要素").first.click()
        is_sound(page)
        page.get_by_role("button", name="增加").click()
        says(page, "已增加财政")
        page.get_by_role("button", name="停用法制").click()
        says(page, "法制已停用")
        expect(page.get_by_text("个要素没有部门审核")).to_be_visible()
        assert Office.objects.get(name="财政").sections == ["fees"]

    def _materials(self, page: Page) -> None:
        open_tab(page, "共用材料")
        is_sound(page)
        page.get_by_label("材料名称").fill("身份证")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("main").get_by_role("link", name="居民身份证", exact=True).click()
        is_sound(page)
        page.get_by_label("纸质材料规格").fill("A4")
        page.get_by_role("button", name="保存", exact=True).last.click()
        says(page, "已保存")
        assert Material.objects.get(name="居民身份证").values["page_format"] == "A4"

    def _proposals(self, page: Page) -> None:
        go(page, "/console/items/proposals/")
        is_sound(page)
        page.get_by_role("link", name="老年人优待证办理").click()
        is_sound(page)
        page.get_by_role("button", name="不采纳").click()
        expect(page.get_by_role("alert")).to_contain_text("未采纳的理由")
        is_sound(page)
        page.get_by_label("主管部门").select_option("民政局")
        page.get_by_label("基本编码").fill("422099001000")
        page.get_by_role("button", name="采纳，写进草稿").click()
        expect(page.locator(".notice.success")).to_contain_text("已采纳，内容已写进草稿")
        assert Item.objects.get(basic_code="422099001000").proposed_by_name == "孙北"

    def _search(self, page: Page) -> None:
        go(page, "/console/items/")
        page.keyboard.press("Control+k")
        page.keyboard.type("lnryd")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="老年人优待证办理").first).to_be_visible()
        is_sound(page)
