"""A department drafts an item, the offices review it, the province publishes it: on a desktop and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from province.catalogue.models import Department, Item, ItemVersion, Office
from province.people.operations.positions import give_position
from province.rights.roles import Reach
from tests.browsing import PROVINCE, PageAt
from tests.conftest import person
from tests.factories.catalogue import DEPARTMENT, approve, change_draft, make_department, values_with
from tests.factories.people import account, make_role, make_unit
from tests.journeys.looks import WORKED_AT, is_sound, open_place
from tests.journeys.test_whole_job import go

NAME = "食品经营许可"
REASON = "设定依据的条款已经修改，请核对"


@pytest.fixture
def department(live_site: str) -> Department:
    """With a unit of its own, in which Lu writes; Ma decides for 法制 and for no other office."""
    writing, deciding = make_unit("食品处"), make_unit("法制处")
    Office.objects.filter(code="legal").update(unit_id=deciding.pk)
    drafter = make_role("业务处室", ["catalogue.read", "catalogue.write", "catalogue.submit"])
    reviewer = make_role("审核处室", ["catalogue.read", "catalogue.review"])
    for who, role, unit in (("lu", drafter, writing), ("ma", reviewer, deciding)):
        give_position(by=person("zhao"), account=account(who), role=role, unit=unit, reach=Reach.UNIT)
    make_department("民政局")
    return make_department(unit_id=writing.pk)


@WORKED_AT
class TestItem:
    def test_goes_from_a_draft_through_the_offices_to_its_publication(
        self, department: Department, page_at: PageAt, width: int
    ) -> None:
        writer = page_at(PROVINCE, "/console/", width, who="lu")
        self._begin(writer)
        self._fill_in(writer)
        self._submit(writer, 1)
        legal = page_at(PROVINCE, "/console/", width, who="ma")
        self._open_waiting(legal)
        self._return(legal)
        self._mend(writer)
        self._answer(writer)
        self._submit(writer, 2)
        self._open_waiting(legal)
        self._see_what_changed(legal)
        self._pass(legal, "法制", of=1)
        operator = page_at(PROVINCE, "/console/", width, who="qian")
        self._open_waiting(operator)
        self._pass(operator, "政务公开", of=2)
        expect(operator.get_by_text("您已代表政务公开审核过这一版")).to_be_visible()
        expect(operator.get_by_role("button", name="编办通过")).to_have_count(0)
        approve(ItemVersion.objects.get(number=2))
        operator.reload()
        self._publish(operator)
        self._look(writer)

    def _begin(self, page: Page) -> None:
        open_place(page, "事项")
        page.get_by_role("heading", name="目录里还没有事项").wait_for()
        is_sound(page)
        page.get_by_role("link", name="新建事项").click()
        page.get_by_label("事项名称").fill(NAME)
        page.get_by_label("类别和类型").select_option(label="行政许可")
        expect(page.get_by_label("主管部门").locator("option")).to_have_text([DEPARTMENT])
        page.get_by_label("基本编码").fill("42")
        page.get_by_role("button", name="开始填写").click()
        expect(page.get_by_role("alert")).to_be_visible()
        is_sound(page)
        page.get_by_label("基本编码").fill("420131001000")
        page.get_by_role("button", name="开始填写").click()
        expect(page.locator(".notice.success")).to_contain_text("草稿已建立")

    def _fill_in(self, page: Page) -> None:
        """One element by hand; the rest, which would take a person an hour, as they would have saved it."""
        is_sound(page)
        page.locator("[name=conditions]").fill("有固定的经营场所")
        page.locator(".bulk").get_by_role("button", name="保存", exact=True).click()
        expect(page.locator(".notice.success")).to_contain_text("已保存")
        assert Item.objects.get().values["conditions"] == "有固定的经营场所"
        page.get_by_role("link", name="返回").click()
        expect(page.get_by_text("补齐后才能报送")).to_be_visible()
        is_sound(page)
        change_draft(Item.objects.get(), by="lu", **values_with(1, name=NAME, department=DEPARTMENT))
        page.reload()
        expect(page.get_by_text("内容已齐，可以报送审核")).to_be_visible()

    def _submit(self, page: Page, number: int) -> None:
        page.get_by_role("button", name="报送审核").click()
        expect(page.locator(".notice.success")).to_contain_text(f"第 {number} 次报送已完成")
        is_sound(page)

    def _open_waiting(self, page: Page) -> None:
        go(page, "/console/items/?view=reviews")
        is_sound(page)
        page.get_by_role("link", name=f"审核{NAME}").click()
        expect(page.get_by_role("heading", name="法制审核的部分")).to_be_visible()
        is_sound(page)

    def _return(self, page: Page) -> None:
        page.get_by_role("button", name="法制退回").click()
        expect(page.get_by_role("alert")).to_contain_text("请写明退回的原因")
        is_sound(page)
        page.locator("#part-legal").get_by_label("意见").fill(REASON)
        page.get_by_role("button", name="法制退回").click()
        expect(page.locator(".notice.success")).to_contain_text("已代表法制退回")

    def _mend(self, page: Page) -> None:
        page.reload()
        expect(page.get_by_text(f"法制退回：{REASON}")).to_be_visible()
        page.get_by_role("link", name="继续填写").click()
        page.locator("[name=conditions]").fill("有与经营规模相适应的场所")
        page.locator(".bulk").get_by_role("button", name="保存", exact=True).click()
        expect(page.locator(".notice.success")).to_contain_text("已保存")
        page.get_by_role("link", name="返回").click()

    def _answer(self, page: Page) -> None:
        page.get_by_role("button", name="报送审核").click()
        expect(page.get_by_role("alert")).to_contain_text("请答复法制退回的原因")
        is_sound(page)
        page.get_by_label(f"法制：{REASON}").fill("已改为现行条款")

    def _see_what_changed(self, page: Page) -> None:
        last = page.locator("#last-return")
        expect(last).to_contain_text(REASON)
        expect(last).to_contain_text("已改为现行条款")
        expect(page.get_by_text("上次退回以来").first).to_be_visible()

    def _pass(self, page: Page, office: str, *, of: int) -> None:
        expect(page.get_by_role("button", name="通过")).to_have_count(of)
        page.get_by_role("button", name=f"{office}通过").click()
        expect(page.locator(".notice.success")).to_contain_text(f"已代表{office}通过")

    def _publish(self, page: Page) -> None:
        page.get_by_role("link", name="公布").click()
        expect(page.get_by_role("heading", name="影响到谁")).to_be_visible()
        is_sound(page)
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_label("以后的某一天零时起").check()
        page.get_by_role("button", name="公布").click()
        expect(page.get_by_role("alert")).to_contain_text("请选择施行日期")
        is_sound(page)
        page.get_by_label("今天起，提交后立即施行").check()
        page.get_by_role("button", name="公布").click()
        expect(page.locator(".notice.success")).to_contain_text("第 1 版已公布")

    def _look(self, page: Page) -> None:
        page.reload()
        expect(page.get_by_text("现行版正在施行")).to_be_visible()
        expect(page.locator("article.guide")).to_contain_text("有与经营规模相适应的场所")
        is_sound(page)
        for tab in ("流程图", "版本与审核", "使用情况"):
            page.get_by_role("link", name=re.compile(tab)).click()
            is_sound(page)
        page.get_by_role("link", name=re.compile("版本与审核")).click()
        page.get_by_role("link", name="比较两个版本").click()
        expect(page.get_by_text("改为“有与经营规模相适应的场所”")).to_be_visible()
        is_sound(page)
