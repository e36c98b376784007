"""An office worker designs 请假 from nothing, half by mouse and half by keyboard alone, and publishes it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from foundation import schemas
from province.halls.models import Hall
from tenants.workflow.models import Form
from tests.browsing import PageAt
from tests.factories.adoptions import adopt
from tests.factories.catalogue import make_published
from tests.factories.forms import make_form
from tests.factories.sites import change_hall
from tests.journeys.looks import is_sound
from tests.journeys.pictures import keep_picture
from tests.journeys.saving import save_now

HOST = "north.yizhan.localhost"
TREE = "表单里的字段"


@pytest.fixture
def hall(live_site: str) -> Hall:
    return Hall.objects.get(slug="north")


def _keep(page: Page, name: str) -> None:
    keep_picture(page, f"form-designer-{name}")


def _item(page: Page, label: str) -> Locator:
    return page.get_by_role("treeitem").filter(has_text=re.compile(f"^{label}"))


def _panel(page: Page) -> Locator:
    return page.get_by_role("region", name="属性")


def _labels(page: Page) -> list[str]:
    return page.locator("[aria-level='3'] .fd-label").all_text_contents()


def _saved(page: Page) -> None:
    save_now(page)
    expect(page.locator("[data-saving]")).to_contain_text("已自动保存", timeout=10_000)


def _form(hall: Hall) -> Form:
    with schemas.enter(hall.schema_name):
        return Form.objects.select_related("newest").get()


class TestLeave:
    def test_is_designed_by_mouse_and_by_keyboard_and_published(self, hall: Hall, page_at: PageAt) -> None:
        adopt(hall, adopted := make_published())
        page = page_at(HOST, "/desk/forms/", who="sun")
        page.get_by_role("link", name="新建表单").first.click()
        page.get_by_label("表单名称").fill("请假单")
        page.get_by_role("button", name="开始设计").click()
        tree = page.get_by_role("tree", name=TREE)
        expect(tree).to_be_visible()
        expect(page.get_by_text("还没有字段")).to_be_visible()
        self._by_mouse(page)
        self._by_keyboard(page)
        self._conditions(page)
        self._bound(page, adopted.values["materials"][0]["name"])
        self._preview(page)
        self._finished(page, hall)

    def _by_mouse(self, page: Page) -> None:
        palette = page.get_by_role("region", name="可以添加的字段")
        panel = _panel(page)
        palette.get_by_role("button", name="单选", exact=True).drag_to(page.get_by_role("treeitem").first)
        panel.get_by_label("名称", exact=True).fill("请假类型")
        panel.get_by_label("名称", exact=True).blur()
        panel.get_by_label("必填", exact=True).check()
        panel.get_by_label("第 1 个选项").fill("年休假")
        panel.get_by_label("第 2 个选项").fill("病假")
        panel.get_by_role("button", name="加一个").click()
        panel.get_by_label("第 3 个选项").fill("事假")
        palette.get_by_role("button", name="起止日期").click()
        panel.get_by_label("名称", exact=True).fill("请假时间")
        panel.get_by_label("名称", exact=True).blur()
        # a field that is dragged stands where it was let go
        palette.get_by_role("button", name="说明", exact=True).drag_to(
            _item(page, "请假类型"), target_position={"x": 60, "y": 4}
        )
        assert _labels(page) == ["说明", "请假类型", "请假时间"]
        _item(page, "说明").drag_to(_item(page, "请假时间"), target_position={"x": 60, "y": 36})
        assert _labels(page) == ["请假类型", "请假时间", "说明"]
        page.get_by_role("button", name="撤销").click()
        page.get_by_role("button", name="撤销").click()
        assert _labels(page) == ["请假类型", "请假时间"]
        page.get_by_role("button", name="重做").click()
        page.get_by_role("button", name="撤销").click()
        # by itself, once nothing was changed for two seconds
        expect(page.locator("[data-saving]")).to_contain_text("已自动保存", timeout=10_000)
        _keep(page, "whole")

    def _by_keyboard(self, page: Page) -> None:
        """Nothing but keys from here on."""
        keys = page.keyboard
        tree = page.get_by_role("tree", name=TREE)
        tree.focus()
        keys.press("End")
        for words, label in (("合计", "请假天数"), ("理由", "请假事由"), ("人员", "工作代理人"), ("附件", "病假证明")):
            keys.press("/")
            keys.press("Control+a")
            keys.type(words)
            keys.press("Enter")
            # out of the search and to the form, by Tab alone: the palette's buttons lie between
            keys.press("Control+a")
            keys.press("Delete")
            keys.press("Escape")
            expect(tree).to_be_focused()
            keys.press("Enter")
            expect(_panel(page).get_by_label("名称", exact=True)).to_be_focused()
            keys.press("Control+a")
            keys.type(label)
            keys.press("Tab")
            keys.press("Escape")
            expect(tree).to_be_focused()
        told = page.get_by_role("status").filter(has_text="病假证明")
        keys.press("Alt+ArrowUp")
        expect(told).to_contain_text("“病假证明”移到第 5 个，共 6 个")
        keys.press("Alt+ArrowDown")
        keys.press("Control+d")
        assert _labels(page)[-1] == "病假证明（副本）"
        keys.press("Delete")
        assert _labels(page)[-1] == "病假证明"
        keys.press("Control+z")
        keys.press("Control+Shift+Z")
        assert _labels(page)[2:] == ["请假天数", "请假事由", "工作代理人", "病假证明"]
        # asked on the page of the field above it, and on one of its own again
        keys.press("t")
        expect(_item(page, "病假证明")).to_contain_text("与上同页")
        expect(_panel(page).get_by_label("与上一个字段同页")).to_be_checked()
        keys.press("t")
        expect(_item(page, "病假证明")).not_to_contain_text("与上同页")
        keys.press("?")
        shortcuts = page.get_by_role("dialog", name="快捷键")
        expect(shortcuts).to_contain_text("把选中的上移、下移")
        is_sound(page)
        keys.press("Escape")
        expect(tree).to_be_focused()

    def _conditions(self, page: Page) -> None:
        _item(page, "工作代理人").click()
        _panel(page).get_by_label("名录").select_option(label="人员")
        # what is not finished is named, and leads to its field
        page.get_by_role("button", name=re.compile("检查（1 处要改）")).click()
        page.get_by_role("dialog", name="检查表单").get_by_role("button", name="请假天数").click()
        panel = _panel(page)
        expect(panel.get_by_role("button", name="设置算式")).to_be_focused()
        page.keyboard.press("Enter")
        formula = page.get_by_role("dialog", name="“请假天数”的算式")
        formula.get_by_label("常用算式").select_option(label="取一个数（例如起止日期的天数）")
        formula.get_by_label("哪个数").select_option(label="请假时间：工作日天数")
        trial = formula.get_by_role("group", name="请假时间")
        trial.get_by_label("开始日期").fill("2026-11-27")
        trial.get_by_label("结束日期").fill("2026-11-30")
        expect(formula.locator("[data-result]")).to_contain_text("2")
        formula.get_by_role("button", name="确定").click()
        expect(panel).to_contain_text("【请假时间：工作日天数】")

        _item(page, "病假证明").click()
        panel.get_by_role("button", name="设置显示条件").click()
        condition = page.get_by_role("dialog", name="“病假证明”的显示条件")
        condition.get_by_label("第 1 行：字段").select_option(label="请假类型")
        condition.get_by_label("比较的内容").select_option(label="病假")
        expect(condition.locator("[data-words]")).to_have_text("意思是：“请假类型”是“病假”。")
        condition.get_by_role("group", name="试一试").get_by_label("请假类型").select_option(label="病假")
        expect(condition.locator("[data-result]")).to_contain_text("是")
        _keep(page, "condition")
        is_sound(page)
        condition.get_by_role("button", name="确定").click()
        # who is faster than the server sets what was picked last, and not what was answered before
        for kind in ("事假", "病假"):
            panel.get_by_role("button", name="修改显示条件").click()
            expect(condition.locator("[data-words]")).to_be_visible()
            condition.get_by_label("比较的内容").select_option(label=kind)
            condition.get_by_role("button", name="确定").click()
            expect(condition).to_be_hidden()
            expect(_item(page, "病假证明")).to_contain_text(f"显示条件：“请假类型”是“{kind}”")
        # a label that changes changes the words, and the condition goes on
        _item(page, "请假类型").click()
        panel.get_by_label("名称", exact=True).fill("假别")
        expect(_item(page, "病假证明")).to_contain_text("“假别”是“病假”")
        expect(page.get_by_role("button", name="检查", exact=True)).to_be_visible()
        _saved(page)
        # and a name that changes is followed by what calls it
        _item(page, "请假时间").click()
        panel.get_by_text("高级").click()
        panel.get_by_label("代码").fill("leave_time")
        panel.get_by_label("代码").blur()
        expect(page.get_by_role("button", name="检查", exact=True)).to_be_visible()
        expect(_item(page, "请假天数")).to_contain_text("【请假时间：工作日天数】")
        _saved(page)

    def _bound(self, page: Page, material: str) -> None:
        """A material of the hall's items, and what citizens may fill in."""
        panel = _panel(page)
        _item(page, "病假证明").click()
        panel.get_by_role("button", name="从事项材料里选").click()
        found = page.get_by_role("dialog", name="“病假证明”对应哪份材料")
        found.get_by_label("事项或者材料的名称").fill(material[:4])
        expect(found.get_by_role("button", name=material)).to_be_visible()
        _keep(page, "material")
        found.get_by_role("button", name=material).click()
        expect(panel.locator("[data-bound]")).to_contain_text(material)
        page.get_by_role("treeitem").first.click()
        panel.get_by_label("给谁另写").select_option(label="群众（网上填写）")
        panel.get_by_role("button", name="给这些人另写").click()
        panel.get_by_label("群众（网上填写）：各字段").select_option(label="只看")
        page.get_by_role("button", name="撤销").click()
        expect(panel.get_by_label("群众（网上填写）：各字段")).to_have_value("write")
        _keep(page, "rights")
        is_sound(page)
        _item(page, "工作代理人").click()
        panel.get_by_label("群众（网上填写）").select_option(label="不显示")
        _keep(page, "field-rights")
        # a condition of a cell is over its own line
        palette = page.get_by_role("region", name="可以添加的字段")
        palette.get_by_role("button", name="明细（可增加行）").click()
        panel.get_by_label("字段的类型").select_option(label="金额")
        panel.get_by_role("button", name="加进一行").click()
        panel.get_by_role("button", name="设置显示条件").click()
        condition = page.get_by_role("dialog", name="“金额”的显示条件")
        condition.get_by_label("第 1 行：字段").select_option(label="本行的名称")
        condition.get_by_label("怎样比较").select_option(label="已经填了")
        expect(condition.locator("[data-words]")).to_have_text("意思是：“名称”已经填了。")
        condition.get_by_role("button", name="确定").click()
        expect(_item(page, "金额")).to_contain_text("显示条件：“名称”已经填了")
        _saved(page)

    def _preview(self, page: Page) -> None:
        """As everybody will see it, saved or not."""
        page.get_by_role("button", name="预览").click()
        shown = page.get_by_role("dialog", name="预览")
        for view in ("群众", "工作人员", "手机", "长者模式", "打印"):
            shown.get_by_role("button", name=view).click()
            frame = shown.frame_locator("iframe")
            expect(frame.get_by_text("请假事由").first).to_be_visible()
            if view == "群众":
                # every page that is gone through now, one below the other
                expect(frame.get_by_role("heading", level=1)).to_have_count(4)
                _keep(page, "preview")
        shown.get_by_role("button", name="关闭").click()

    def _finished(self, page: Page, hall: Hall) -> None:
        is_sound(page, 1280, 360)
        page.get_by_role("button", name="完成，去发布").click()
        page.get_by_role("button", name="发布", exact=True).click()
        expect(page.get_by_text("已发布，现在就能填写。")).to_be_visible()
        is_sound(page, 1280, 360)
        _keep(page, "published")
        form = _form(hall)
        assert form.newest
        fields = [field for part in form.newest.definition["parts"] for field in part["fields"]]
        names = ["qing_jia_lei_xing", "leave_time", "qing_jia_tian_shu", "qing_jia_shi_you"]
        assert [field["name"] for field in fields][:4] == names
        assert fields[2]["expression"] == "leave_time.workdays"
        rules = form.newest.definition["rights"]
        assert [(rule["role"], rule["otherwise"]) for rule in rules] == [("", "write"), ("citizen", "write")]
        assert rules[1]["rights"] == {fields[4]["name"]: "hidden"}
        proof = next(field for field in fields if field["type"] == "material")
        assert (proof["label"], bool(proof["item"])) == ("病假证明", True)
        assert proof["visible_when"] == 'qing_jia_lei_xing == "option_2"'


class TestVisit:
    def test_binds_a_time_to_the_office_hours_of_a_day(self, hall: Hall, page_at: PageAt) -> None:
        with schemas.enter(hall.schema_name):
            form = make_form(hall, {"format": 1, "title": "预约", "parts": []}, code="visit")
        page = page_at(HOST, f"/desk/forms/{form.pk}/design/", who="sun")
        panel = _panel(page)
        palette = page.get_by_role("region", name="可以添加的字段")
        palette.get_by_role("button", name="时间", exact=True).click()
        only, day = panel.get_by_label("只能是办公时间"), panel.get_by_label("看哪一天的办公时间")
        # without hours it goes by no day
        expect(day).to_be_hidden()
        palette.get_by_role("button", name="日期", exact=True).click()
        page.get_by_role("tree", name=TREE).focus()
        page.keyboard.press("Home")
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        only.focus()
        page.keyboard.press("Space")
        day.select_option(label="“日期”那天")
        is_sound(page)
        # the hall has not said when it is open: that is named, and stands at the box
        page.get_by_role("button", name="检查（1 处要改）").click()
        page.get_by_role("dialog", name="检查表单").get_by_role("button", name="本厅还没有写开放时间").click()
        expect(only).to_be_focused()
        change_hall(hall, opening_hours=[{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"}])
        # the day's name changes, and the time follows
        _item(page, "日期").click()
        panel.get_by_text("高级").click()
        panel.get_by_label("代码").fill("visit_on")
        panel.get_by_label("代码").blur()
        _item(page, "时间").click()
        expect(day).to_have_value("visit_on")
        _item(page, "日期").click()
        page.get_by_role("button", name="删除", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="“时间”的条件、算式或者办公时间还用着它")).to_have_count(1)
        page.get_by_role("button", name="撤销").click()
        # a time that any hour fits goes by no day
        _item(page, "时间").click()
        only.uncheck()
        expect(day).to_be_hidden()
        page.get_by_role("button", name="撤销").click()
        page.get_by_role("button", name="预览").click()
        shown = page.get_by_role("dialog", name="预览")
        for view in ("群众", "工作人员", "长者模式"):
            shown.get_by_role("button", name=view).click()
            expect(shown.frame_locator("iframe").get_by_text("办公时间：周一至周五 08:30–12:00")).to_be_visible()
        shown.get_by_role("button", name="关闭").click()
        _saved(page)
        with schemas.enter(hall.schema_name):
            [time, _] = Form.objects.get().definition["parts"][0]["fields"]
        assert (time["office_hours_only"], time["day_field"]) == (True, "visit_on")


class TestCircle:
    """What cannot be saved stays with its author: on the page, and in this browser where the page is lost."""

    def test_keeps_the_work_beside_a_circle_until_it_is_broken(self, hall: Hall, page_at: PageAt) -> None:
        fields = [
            {"type": "computed", "name": name, "label": label, "expression": text, "result": "number"}
            for name, label, text in (("one", "甲", "1 + 1"), ("two", "乙", "one + 1"))
        ]
        part = {"name": "sums", "label": "计算", "fields": fields}
        with schemas.enter(hall.schema_name):
            form = make_form(hall, {"format": 1, "title": "圈", "parts": [part]}, code="round")
        page = page_at(HOST, f"/desk/forms/{form.pk}/design/", who="sun", refuses="422")
        panel, saving = _panel(page), page.locator("[data-saving]")
        formula = page.get_by_role("dialog", name="“甲”的算式")
        _item(page, "甲").click()
        panel.get_by_role("button", name="修改算式").click()
        formula.get_by_label("算式", exact=True).fill("【乙】 + 1")
        formula.get_by_role("button", name="确定").click()
        expect(panel).to_contain_text("【乙】 + 1")
        _item(page, "乙").click()
        panel.get_by_label("填写提示").fill("别的改动")
        save_now(page)
        expect(saving).to_contain_text("没有保存：条件或者计算绕成了圈：甲 → 乙 → 甲。请断开其中一处。")
        expect(saving).to_contain_text("您的改动还在这个页面里，改好以后自动保存。")
        is_sound(page, 1280, 360)
        # the window is lost: this browser has kept it, and offers it
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        left = page.locator("[data-left]")
        expect(left).to_contain_text("没有保存成功的改动")
        expect(_item(page, "甲")).to_contain_text("1 + 1")
        is_sound(page, 1280, 360)
        left.get_by_role("button", name="放回来").click()
        expect(left).to_be_hidden()
        expect(_item(page, "甲")).to_contain_text("【乙】 + 1")
        save_now(page)
        # by keyboard to the place, and out of the circle
        page.get_by_role("button", name="去“甲”").focus()
        page.keyboard.press("Enter")
        expect(panel.get_by_role("button", name="修改算式")).to_be_focused()
        page.keyboard.press("Enter")
        formula.get_by_label("算式", exact=True).fill("2 + 1")
        formula.get_by_role("button", name="确定").click()
        expect(panel).to_contain_text("2 + 1")
        _saved(page)
        expect(page.get_by_role("button", name="去“甲”")).to_be_hidden()
        with schemas.enter(hall.schema_name):
            one, two = Form.objects.get().definition["parts"][0]["fields"]
        assert (one["expression"], two["hint"]) == ("2 + 1", "别的改动")
        page.reload()
        expect(page.locator("[data-form-designer].is-ready")).to_be_visible()
        expect(left).to_have_count(0)
