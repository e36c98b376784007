"""The drawing of a flow in a browser: drawn, saved, and the same flow in the table of steps."""

import re
from typing import Final

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from province.halls.models import Hall
from standards.flows.changes import first_flow
from standards.flows.people import ByRole
from standards.flows.reading import read_flow
from tenants.workflow.models import Flow
from tenants.workflow.operations.flows import create_flow
from tests.browsing import PageAt
from tests.conftest import person
from tests.factories.sites import inside
from tests.journeys.looks import is_sound
from tests.journeys.saving import save_now
from tests.servers import wait_until

HOST = "north.yizhan.localhost"


def _drawn(hall: Hall) -> Flow:
    with inside(hall):
        return Flow.objects.get()


class TestFlowDesigner:
    def test_draws_the_flow_that_the_table_shows(self, live_site: str, page_at: PageAt) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            flow = create_flow(
                by=person("sun"),
                hall=north,
                code="leave",
                title="请假",
                definition=first_flow("请假", ByRole(role="hall_administrator")),
            )
        page = page_at(HOST, f"/desk/flows/{flow.pk}/draw/", who="sun")
        said: list[ConsoleMessage] = []
        page.on("console", lambda one: said.append(one))  # noqa: PLW0108 - Playwright writes on what it is given
        page.reload()
        expect(page.locator(".bjs-powered-by")).to_be_visible()
        page.locator('.fl-canvas [data-element-id="approval"] .djs-hit').first.click()
        panel = page.get_by_role("form", name="环节的属性")
        panel.get_by_label("名称", exact=True).fill("科长审批")
        panel.get_by_label("名称", exact=True).press("Tab")
        panel.get_by_label("办理人", exact=True).select_option("role")
        panel.get_by_label("岗位", exact=True).select_option("approving_leader")
        page.get_by_title("后面接环节").click()
        wait_until(lambda: len(_drawn(north).definition["nodes"]) == 4, what="the drawing is saved")
        expect(page.locator(".fl-saving")).to_contain_text("已自动保存")
        definition = read_flow(_drawn(north).definition)
        approval = next(step for step in definition.steps if step.name == "approval")
        assert (approval.label, approval.who.model_dump()["role"]) == ("科长审批", "approving_leader")
        is_sound(page)
        assert [one.text for one in said if one.type in {"error", "warning"}] == []
        # what is drawn goes along to the page on which all of it is chosen from lists
        page.locator('.fl-canvas [data-element-id="approval"] .djs-hit').first.click()
        panel.get_by_label("名称", exact=True).fill("科室负责人审批")
        panel.get_by_label("名称", exact=True).press("Tab")
        panel.get_by_role("button", name="在环节表里改这一处").click()
        page.wait_for_url("**/nodes/approval/")
        expect(page.get_by_label("名称", exact=True)).to_have_value("科室负责人审批")
        page.get_by_label("名称", exact=True).fill("科长审批")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("link", name="画图").click()
        page.get_by_role("button", name="完成，去检查和发布").click()
        expect(page.get_by_role("row", name="科长审批")).to_be_visible()
        expect(page.get_by_text("几条路，要先连到一个分支")).to_be_visible()
        is_sound(page, 1280, 360)
        # the table is swapped in place: the menu stays open and the keyboard where it was
        page.locator("#acts-approval summary").click()
        page.locator("#wait-approval").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("已改好，可以撤销。")).to_be_visible()
        expect(page.locator("#wait-approval")).to_be_focused()
        page.get_by_role("link", name="科长审批").click()
        is_sound(page, 1280, 360)
        # of a rule of people only what its kind asks for
        copied = page.get_by_role("group", name="到这一步时抄送（第 1 个）")
        expect(copied.get_by_label("岗位")).to_be_hidden()
        copied.get_by_label("抄送给").select_option(label="岗位")
        expect(copied.get_by_label("岗位")).to_be_visible()
        page.get_by_role("link", name="不改了").click()
        page.get_by_role("link", name="改名称和负责人").click()
        expect(page.get_by_label("流程负责人")).to_be_visible()
        is_sound(page, 1280, 360)

    def test_says_in_the_panel_all_that_the_table_says(self, live_site: str, page_at: PageAt) -> None:
        """By keyboard: the code of a message, phrases of a step, an end that ends everything."""
        flow = self._paid()
        page = page_at(HOST, f"/desk/flows/{flow.pk}/draw/", who="sun")
        expect(page.locator(".bjs-powered-by")).to_be_visible()
        self._code_of_message(page)
        self._phrases(page)
        self._end_of_all(page)
        self._wait(page)
        is_sound(page, 1280, 360)
        save_now(page)
        expect(page.locator(".fl-saving")).to_contain_text("已自动保存")
        kept = read_flow(_drawn(Hall.objects.get(slug="north")).definition).named_nodes
        said = {name: kept[name].model_dump() for name in ("paid", "approval", "hold", "finish")}
        assert said["paid"]["message"] == "fee_paid"
        assert said["approval"]["phrases"] == ("情况属实，同意。", "请补正。")
        assert said["finish"]["terminates"]
        assert said["hold"]["wait"]["amount"] == 2
        self._in_the_table(page, f"/desk/flows/{flow.pk}/nodes/approval/")

    @staticmethod
    def _paid() -> Flow:
        north = Hall.objects.get(slug="north")
        drawn = first_flow("请假", ByRole(role="hall_administrator")).as_json()
        end = next(one for one in drawn["nodes"] if one["type"] == "end")
        drawn["nodes"].insert(2, {"type": "message", "name": "paid", "label": "等缴款", "message": "payment"})
        next(edge for edge in drawn["edges"] if edge["target"] == end["name"])["target"] = "paid"
        end["name"] = "finish"
        wait = {"amount": 2, "unit": "days"}
        drawn["nodes"].insert(3, {"type": "timer", "name": "hold", "label": "公示", "wait": wait})
        ways = (("on", "paid", "hold"), ("off", "hold", "finish"))
        drawn["edges"] += [dict(zip(("name", "source", "target"), way, strict=True)) for way in ways]
        with inside(north):
            return create_flow(by=person("sun"), hall=north, code="pay", title="缴款", definition=read_flow(drawn))

    @staticmethod
    def _picked(page: Page, name: str) -> None:
        picker = page.get_by_role("combobox", name="看哪一处")
        picker.focus()
        picker.select_option(name)

    def _code_of_message(self, page: Page) -> None:
        # a sign that is clicked stands in the list, and what is picked there is selected on the drawing
        page.locator('.fl-canvas [data-element-id="approval"] .djs-hit').first.click()
        expect(page.get_by_role("combobox", name="看哪一处")).to_have_value("approval")
        self._picked(page, "paid")
        expect(page.locator('.fl-canvas [data-element-id="paid"]').first).to_have_class(re.compile("selected"))
        code, told = page.get_by_label("消息的代码"), page.get_by_role("alert")
        expect(code).to_have_value("payment")
        code.fill("Pay ment")
        page.keyboard.press("Tab")
        expect(told).to_contain_text("代码用小写英文字母")
        expect(told).to_contain_text("现在仍是 payment")
        is_sound(page, 1280, 360)
        code.fill("fee_paid")
        page.keyboard.press("Tab")
        expect(told).to_be_hidden()

    def _phrases(self, page: Page) -> None:
        self._picked(page, "approval")
        step, keys = page.get_by_role("form", name="环节的属性"), page.keyboard
        step.get_by_text("意见的常用语").first.press("Enter")
        for words in ("情况属实，同意。", "材料不全，不同意。", "请补正。"):
            step.get_by_role("button", name="加一条常用语").focus()
            keys.press("Enter")
            expect(step.get_by_role("textbox", name=re.compile(r"第 \d 条常用语")).last).to_be_focused()
            keys.type(words)
            keys.press("Tab")
        is_sound(page)
        step.get_by_role("button", name="删去第 2 条常用语").focus()
        keys.press("Enter")

    def _end_of_all(self, page: Page) -> None:
        self._picked(page, "finish")
        ends_all = page.get_by_label("别的分支还没办完，也都结束")
        ends_all.focus()
        page.keyboard.press("Space")
        # undone and done again, each at once
        page.get_by_role("button", name="撤销").click()
        expect(ends_all).not_to_be_checked()
        page.get_by_role("button", name="恢复改动").click()
        expect(ends_all).to_be_checked()

    def _wait(self, page: Page) -> None:
        """A time stands in two places of the drawing, and is taken back in both."""
        self._picked(page, "hold")
        wait = page.get_by_label("等待", exact=True)
        wait.fill("3")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="撤销").click()
        expect(wait).to_have_value("2")

    def _in_the_table(self, page: Page, path: str) -> None:
        """It says so as well, and what it changes the drawing has."""
        ends_all = page.get_by_label("别的分支还没办完，也都结束")
        self._picked(page, "finish")
        page.get_by_role("button", name="在环节表里改这一处").click()
        page.wait_for_url("**/nodes/finish/")
        expect(ends_all).to_be_checked()
        ends_all.uncheck()
        page.get_by_role("button", name="保存").click()
        page.goto(page.url.split("/desk/")[0] + path)
        expect(page.get_by_label("意见的常用语")).to_have_value("情况属实，同意。\n请补正。")
        page.get_by_label("意见的常用语").fill("同意。")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("link", name="画图").click()
        self._picked(page, "finish")
        expect(ends_all).not_to_be_checked()
        self._picked(page, "approval")
        page.get_by_text("意见的常用语（1）").click()
        expect(page.get_by_role("textbox", name="第 1 条常用语")).to_have_value("同意。")
        self._picked(page, "paid")
        expect(page.get_by_label("消息的代码")).to_have_value("fee_paid")


class TestUnsaved:
    """What the server has not taken stays with its author, and is not refused as older than itself."""

    def test_is_kept_in_the_browser_and_offered(self, live_site: str, page_at: PageAt) -> None:
        page = _opened(page_at, refuses="409")
        page.on("dialog", lambda dialog: dialog.accept())
        _off(page)
        _renamed(page, "科长审批")
        save_now(page)
        expect(page.locator(".fl-saving")).to_contain_text("网络不通")
        # the window is lost, and somebody else was quicker meanwhile
        page.unroute(_SAVED_AT)
        north = Hall.objects.get(slug="north")
        flow = _drawn(north)
        with inside(north):
            Flow.objects.filter(pk=flow.pk).update(revision=flow.revision + 1)
        page.reload()
        left = page.locator("[data-left]")
        expect(left).to_contain_text("没有保存成功的改动。那以后流程又保存过")
        expect(_sign(page)).to_contain_text("审批")
        is_sound(page, 1280, 360)
        left.get_by_role("button", name="放回来").click()
        expect(left).to_have_count(0)
        expect(_sign(page)).to_contain_text("科长审批")
        save_now(page)
        expect(page.locator(".fl-saving")).to_contain_text("已自动保存")
        assert "科长审批" in str(_drawn(north).definition)
        # refused while it is open in two windows: what is drawn after that is kept as well
        with inside(north):
            Flow.objects.filter(pk=flow.pk).update(revision=99)
        _renamed(page, "处长审批")
        save_now(page)
        expect(page.locator(".fl-saving")).to_contain_text("您的改动存在这台电脑上")
        _renamed(page, "局长审批")
        save_now(page)
        page.reload()
        left.get_by_role("button", name="放回来").click()
        expect(_sign(page)).to_contain_text("局长审批")
        left = page.locator("[data-left]")
        save_now(page)
        expect(page.locator(".fl-saving")).to_contain_text("已自动保存")
        page.reload()
        expect(page.locator(".bjs-powered-by")).to_be_visible()
        expect(left).to_have_count(0)

    def test_that_came_although_its_answer_was_lost_counts_once(self, live_site: str, page_at: PageAt) -> None:
        page = _opened(page_at)
        page.on("dialog", lambda dialog: dialog.accept())
        _deaf(page)
        _renamed(page, "科长审批")
        save_now(page)
        expect(page.locator(".fl-saving")).to_contain_text("网络不通")
        page.evaluate("hear()")
        _renamed(page, "处长审批")
        save_now(page)
        expect(page.locator(".fl-saving")).to_contain_text("已自动保存")
        north = Hall.objects.get(slug="north")
        assert (_drawn(north).revision, "处长审批" in str(_drawn(north).definition)) == (2, True)
        # the same where the page ends before it knows: nothing is offered that the server has
        _deaf(page)
        _renamed(page, "局长审批")
        save_now(page)
        expect(page.locator(".fl-saving")).to_contain_text("网络不通")
        page.reload()
        expect(_sign(page)).to_contain_text("局长审批")
        wait_until(lambda: not page.evaluate("Object.keys(localStorage).length"), what="the copy is dropped")
        expect(page.locator("[data-left]")).to_have_count(0)
        assert _drawn(north).revision == 3


_SAVED_AT: Final = "**/drawing"


def _opened(page_at: PageAt, **given: str) -> Page:
    north = Hall.objects.get(slug="north")
    definition = first_flow("请假", ByRole(role="hall_administrator"))
    with inside(north):
        flow = create_flow(by=person("sun"), hall=north, code="leave", title="请假", definition=definition)
    page = page_at(HOST, f"/desk/flows/{flow.pk}/draw/", who="sun", **given)
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    return page


def _off(page: Page) -> None:
    page.route(_SAVED_AT, lambda route: route.abort("internetdisconnected"))


def _deaf(page: Page) -> None:
    """What is sent arrives, and its answer does not, until ``hear()``."""
    page.evaluate("""() => {
      const send = window.fetch;
      window.hear = () => { window.fetch = send; };
      window.fetch = async (...given) => { await send(...given); throw new TypeError("cut"); };
    }""")


def _sign(page: Page) -> Locator:
    return page.locator('.fl-canvas [data-element-id="approval"]').first


def _renamed(page: Page, label: str) -> None:
    page.get_by_role("combobox", name="看哪一处").select_option("approval")
    name = page.get_by_role("form", name="环节的属性").get_by_label("名称", exact=True)
    name.fill(label)
    name.press("Tab")
