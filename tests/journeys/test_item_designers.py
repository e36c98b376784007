"""An operator designs an item's form and flow in the console; reviewed and published, a hall begins with them."""

import os
import re
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, expect

from province.catalogue.models import Item, ItemVersion
from province.catalogue.queries.designs import drafted_design
from province.halls.models import Hall
from standards.flows.reading import read_flow
from tenants.casework.models import CaseSetup
from tests.browsing import PROVINCE, PageAt
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import approve, make_item
from tests.factories.sites import inside, make_columns
from tests.journeys.looks import is_sound_on_phone_and_desk
from tests.servers import wait_until

NORTH = "north.yizhan.localhost"
# where pictures are kept to be looked at: YIZHAN_PICTURES=/tmp/pictures
PICTURES = os.environ.get("YIZHAN_PICTURES", "")


def _keep(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"item-designer-{name}.png", full_page=True)


def _sound(page: Page, name: str) -> None:
    is_sound_on_phone_and_desk(page)
    if PICTURES:
        _keep(page, name)
        size = page.viewport_size
        page.set_viewport_size({"width": 360, "height": 800})
        _keep(page, f"{name}-phone")
        page.set_viewport_size(size)


class TestItemDesigners:
    def test_give_a_form_and_a_flow_that_a_hall_begins_with(self, page_at: PageAt, live_site: str, north: Hall) -> None:
        make_columns(north)
        item = make_item()
        page = page_at(PROVINCE, f"/console/items/{item.pk}/design/", who="zhao")
        said: list[ConsoleMessage] = []
        page.on("console", lambda one: said.append(one))  # noqa: PLW0108 - Playwright writes on what it is given
        self._form(page)
        self._preview(page)
        self._table(page)
        self._drawing(page, item)
        self._mended(page, item)
        assert [one.text for one in said if one.type in {"error", "warning"}] == []
        self._published(page_at, page, item)
        self._begun(page_at, north, item)

    def _form(self, page: Page) -> None:
        page.get_by_role("button", name="按事项的申请材料生成").click()
        expect(page.get_by_text("每个服务厅都能用")).to_be_visible()
        _sound(page, "draft")
        page.get_by_role("link", name="设计表单").click()
        tree, panel = page.get_by_role("tree", name="表单里的字段"), page.get_by_role("region", name="属性")
        palette = page.get_by_role("region", name="可以添加的字段")
        # by mouse, and by keys alone
        palette.get_by_label("找字段").fill("是或否")
        palette.get_by_role("button", name="是或否", exact=True).drag_to(
            tree.get_by_role("treeitem").filter(has_text=re.compile("^申请人类型")), target_position={"x": 60, "y": 40}
        )
        expect(panel.get_by_role("heading", name="是或否")).to_be_visible()
        panel.get_by_label("名称", exact=True).fill("经营场所是租的")
        tree.focus()
        for key in ("End", "/"):
            page.keyboard.press(key)
        page.keyboard.press("Control+a")
        page.keyboard.type("附件")
        page.keyboard.press("Enter")
        panel.get_by_label("名称", exact=True).fill("租赁合同")
        panel.get_by_role("button", name="设置显示条件").click()
        condition = page.get_by_role("dialog", name="“租赁合同”的显示条件")
        condition.get_by_label("第 1 行：字段").select_option(label="经营场所是租的")
        condition.get_by_role("group", name="试一试").get_by_label("经营场所是租的").select_option(label="是")
        expect(condition.locator("[data-result]")).to_contain_text("是")
        _keep(page, "condition")
        condition.get_by_role("button", name="确定").click()
        # what is wrong is named, and leads to its field
        palette.get_by_label("找字段").fill("")
        palette.get_by_role("button", name="单行文字", exact=True).click()
        panel.get_by_label("名称", exact=True).fill("")
        panel.get_by_label("名称", exact=True).blur()
        check = page.get_by_role("button", name=re.compile(r"检查（\d 处要改）"))
        check.click()
        faults = page.get_by_role("dialog", name="检查表单")
        expect(faults).to_contain_text("改好才能报送")
        _keep(page, "faults")
        faults.get_by_role("listitem").first.get_by_role("button").click()
        expect(panel.get_by_label("名称", exact=True)).to_be_focused()
        expect(page.locator("[data-saving]")).to_contain_text("已自动保存", timeout=10_000)
        # left as it is, the draft's page leads back to the place
        page.get_by_role("button", name="完成，回到表单和流程").click()
        page.get_by_role("link", name="去改").first.click()
        expect(panel.get_by_role("heading", name="单行文字")).to_be_visible()
        tree.focus()
        page.keyboard.press("Delete")
        expect(page.get_by_role("button", name="检查", exact=True)).to_be_visible()

    def _preview(self, page: Page) -> None:
        page.get_by_role("button", name="预览").click()
        shown = page.get_by_role("dialog", name="预览")
        for view in ("群众", "工作人员", "手机", "长者模式"):
            shown.get_by_role("button", name=view).click()
            expect(shown.frame_locator("iframe").get_by_text("经营场所是租的").first).to_be_visible()
            _keep(page, f"preview-{view}")
        shown.get_by_role("button", name="关闭").click()
        expect(page.locator("[data-saving]")).to_contain_text("已自动保存", timeout=10_000)
        _sound(page, "form")
        page.get_by_role("button", name="完成，回到表单和流程").click()
        expect(page.get_by_text("租赁合同").first).to_be_visible()

    def _table(self, page: Page) -> None:
        page.locator("#flow").get_by_role("button", name="从空白开始设计").click()
        expect(page.get_by_role("row", name="审批")).to_be_visible()
        page.locator("#acts-approval summary").click()
        page.get_by_role("button", name="后面加条件分支").first.click()
        # the branch has no condition yet: named, with the way to its place
        expect(page.get_by_text("去改").first).to_be_visible()
        _sound(page, "table")

    def _drawing(self, page: Page, item: Item) -> None:
        page.get_by_role("link", name="画图").click()
        expect(page.locator(".bjs-powered-by")).to_be_visible()
        expect(page.get_by_title("放一个外部动作")).to_have_count(0)
        page.locator('.fl-canvas [data-element-id="approval"] .djs-hit').first.click()
        panel = page.get_by_role("complementary", name="属性")
        expect(panel.get_by_label("办理人", exact=True).locator("option")).not_to_contain_text(["指定人员"])
        panel.get_by_label("名称", exact=True).fill("科室审查")
        panel.get_by_label("名称", exact=True).press("Tab")
        panel.get_by_label("办理人", exact=True).select_option("role")
        panel.get_by_label("岗位", exact=True).select_option("handler")
        wait_until(lambda: "科室审查" in str(drafted_design(item).flow), what="the drawing is saved")
        expect(page.locator(".fl-saving")).to_contain_text("已自动保存")
        _sound(page, "drawing")
        page.get_by_role("button", name="完成，去检查").click()

    def _mended(self, page: Page, item: Item) -> None:
        """Every fault is gone to and mended on the page that it leads to."""
        page.get_by_role("link", name="去改").first.click()
        expect(page.get_by_role("group", name="下一步（第 1 路）")).to_be_visible()
        first = page.get_by_role("group", name="下一步（第 1 路）")
        first.locator("[name=way_0_name]").select_option(label="经营场所是租的")
        first.locator("[name=way_0_sign]").select_option(label="为“是”")
        _sound(page, "node")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("每个服务厅都能用")).to_be_visible()
        kinds = [node.type for node in read_flow(drafted_design(item).flow or {}).nodes]
        assert "exclusive" in kinds
        page.get_by_role("button", name="撤销").click()
        expect(page.get_by_text("每个服务厅都能用")).to_be_hidden()
        page.get_by_role("button", name="恢复改动").click()
        expect(page.get_by_text("每个服务厅都能用")).to_be_visible()
        page.get_by_role("link", name="改名称和负责人").click()
        page.get_by_label("流程名称").fill("统一审查流程")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("link", name="回到表单和流程").click()
        expect(page.get_by_text("流程：统一审查流程")).to_be_visible()

    def _published(self, page_at: PageAt, page: Page, item: Item) -> None:
        page.get_by_role("link", name="回到事项").click()
        page.get_by_role("button", name="报送审核").click()
        expect(page.locator(".notice.success")).to_contain_text("第 1 次报送已完成")
        version = ItemVersion.objects.get(item=item)
        reviewer = page_at(PROVINCE, f"/console/items/versions/{version.pk}/", who="qian")
        expect(reviewer.get_by_role("heading", name="统一表单和流程")).to_be_visible()
        reviewer.get_by_role("button", name="政务公开通过").click()
        expect(reviewer.locator(".notice.success")).to_contain_text("已代表政务公开通过")
        approve(version)
        page.goto(page.url.partition("/console/")[0] + f"/console/items/versions/{version.pk}/publish/")
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="公布").click()
        expect(page.locator(".notice.success")).to_contain_text("已公布")

    def _begun(self, page_at: PageAt, north: Hall, item: Item) -> None:
        make_shown(north, ItemVersion.objects.get(item=item))
        page = page_at(NORTH, "/desk/cases/setups/", who="he")
        page.get_by_label("已公布指南、可以设置的事项").select_option(label=item.name)
        page.get_by_role("button", name="开始设置").click()
        expect(page.get_by_text("省里下发的，可以在表单设计里修改").first).to_be_visible()
        _keep(page, "setup")
        with inside(north):
            setup = CaseSetup.objects.select_related("form__newest", "flow__newest").get()
            assert setup.form.newest
            assert "租赁合同" in str(setup.form.newest.definition)
            assert setup.flow
            assert setup.flow.newest
            assert "科室审查" in str(setup.flow.newest.definition)
