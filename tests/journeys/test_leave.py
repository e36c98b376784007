"""请假 from nothing: its form is designed, its flow is made as a table, four people run it on desk and phone, and it is
revised meanwhile."""

import re
import socket
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from province.halls.models import Hall
from tenants.workflow.models import PartialUpload, Run
from tests.browsing import PageAt
from tests.factories.documents import pdf
from tests.factories.sites import inside
from tests.journeys.leave_form import design_leave
from tests.journeys.looks import is_sound, visit
from tests.journeys.pictures import keep_picture

HOST = "north.yizhan.localhost"
PHONE, DESK = 360, 1280
# six pieces; bytes a second at which the third is on its way when it is cut
_LONG: Final = pdf(lambda made: made.add_blank_page()) + b"\n" * 3_000_000
_SLOW: Final = 500_000
# what a page may say in Latin letters: names of programs and keys, and the flow's own code
_UNSEEN = """(body) => [...body.querySelectorAll("[aria-label], [placeholder], [title], img[alt]")].flatMap((one) =>
  ["aria-label", "placeholder", "title", "alt"].map((name) => one.getAttribute(name) ?? ""))"""
_LATIN = re.compile(r"[A-Za-z_]{2,}")
_CALLED = {"pdf", "CSV", "Excel", "MB", "BPMN", "bpmn", "io", "Camunda", "Flowable", "Ctrl", "qing_jia"}


@pytest.fixture
def hall(live_site: str, object_store: None) -> Hall:
    return Hall.objects.get(slug="north")


def _keep(page: Page, name: str, at: Locator | None = None) -> None:
    keep_picture(page, f"flow-designer-{name}", at)


def _is_fit(page: Page, *widths: int) -> None:
    """Sound, and in Chinese alone, also where only a reader of screens reads it."""
    is_sound(page, *widths)
    words = [page.locator("body").inner_text(), page.title()]
    words += page.locator("body").evaluate(_UNSEEN)
    assert set(_LATIN.findall("\n".join(words))) - _CALLED == set()


def _box(at: Page | Locator, label: str) -> Locator:
    """What is filled in under this label, needed or not."""
    return at.get_by_label(re.compile(f"^{re.escape(label)}(（选填）)?$"))


def _told(page: Page, words: str) -> None:
    expect(page.locator(".notice").filter(has_text=words).first).to_be_in_viewport()


def _press(page: Page, row: str, button: str) -> None:
    """A button of a row of the table of steps."""
    found = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(f"^{row}")))
    found.get_by_text("操作", exact=True).click()
    found.get_by_role("button", name=button, exact=True).click()
    _told(page, "已改好，可以撤销。")


def _node(page: Page, row: str) -> None:
    page.get_by_role("rowheader", name=re.compile(f"^{row}")).get_by_role("link").click()
    page.wait_for_url("**/nodes/**")


def _save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).first.click()
    _told(page, "已保存。")


def _part(page: Page, legend: str) -> Locator:
    return page.locator("fieldset.card").filter(has=page.locator(f"legend:text-is('{legend}')"))


def _open(page: Page, title: str = "请假") -> None:
    """What waits for this person in the inbox."""
    visit(page, "/desk/work/")
    page.get_by_role("rowheader").get_by_role("link", name=re.compile(title)).first.click()
    page.wait_for_url("**/desk/runs/**")


def _act(page: Page, act: str) -> Locator:
    """The part of a run's page for one act besides the step's own, opened."""
    found = page.locator("details").filter(has=page.locator(f"summary:text-is('{act}')"))
    found.locator("summary").click()
    return found


def _agree(page: Page, opinion: str, outcome: str = "同意") -> None:
    if outcome:
        page.get_by_label(outcome, exact=True).check()
    page.get_by_label(re.compile("^意见")).fill(opinion)
    page.get_by_role("button", name="办理", exact=True).click()
    _told(page, "已办理。")


class TestLeave:
    def test_is_made_run_and_revised(self, hall: Hall, page_at: PageAt) -> None:
        he = page_at(HOST, "/desk/forms/", DESK, who="he")
        design_leave(he)
        visit(he, "/desk/flows/")
        self._make(he)
        self._mend_and_publish(he)
        hua = page_at(HOST, "/desk/work/", PHONE, who="hua")
        self._start(hua)
        cao = page_at(HOST, "/desk/work/", DESK, who="cao")
        self._give_back(cao)
        self._correct(hua)
        self._sign_first(cao, page_at)
        self._revise(he)
        tao = page_at(HOST, "/desk/work/", PHONE, who="tao")
        self._sign_together(tao, he)
        for page, width in ((hua, PHONE), (cao, DESK), (tao, PHONE), (he, DESK)):
            self._read(page, width)
        with inside(hall):
            run = Run.objects.select_related("version__flow__newest").get()
        assert (run.status, run.version.number) == ("finished", 1)
        assert run.version.flow.newest
        assert run.version.flow.newest.number == 2

    def _make(self, page: Page) -> None:
        page.get_by_role("link", name="新建流程").first.click()
        _box(page, "流程名称").fill("请假")
        _is_fit(page)
        page.get_by_role("button", name="开始设计").click()
        _press(page, "审批", "后面加条件分支")
        _box(page, "填写的表单").select_option(label="请假单")
        _box(page, "承诺时限").fill("5")
        _save(page)
        _node(page, "审批")
        _box(page, "名称").fill("科室负责人审批")
        who = _part(page, "办理人")
        _box(who, "办理人").select_option(label="岗位")
        _box(who, "岗位").select_option("handler")
        how = _part(page, "怎样办理")
        _box(how, "同意一类的结果").fill("同意")
        _box(how, "不同意一类的结果").fill("不同意")
        for act in ("退回任意一步", "前加签"):
            _box(how, act).check()
        _box(_part(page, "时限"), "办理时限").fill("2")
        _keep(page, "step", who)
        _is_fit(page)
        _save(page)
        _node(page, "第一路")
        _box(page, "名称").fill("分管领导会签")
        who = _part(page, "办理人")
        _box(who, "办理人").select_option(label="指定人员")
        _box(who, "人员").select_option(
            [one for one in _box(who, "人员").locator("option").all_inner_texts() if "陶批" in one or "何北" in one]
        )
        how = _part(page, "怎样办理")
        _box(how, "有几个人时").select_option(label="会签：都同意才通过")
        _box(how, "同意一类的结果").fill("同意")
        _box(how, "不同意一类的结果").fill("不同意")
        _save(page)
        _node(page, "第二路")
        _box(page, "名称").fill("办公室备案")
        who = _part(page, "办理人")
        _box(who, "办理人").select_option(label="岗位")
        _box(who, "岗位").select_option("window_clerk")
        _save(page)

    def _mend_and_publish(self, page: Page) -> None:
        expect(page.get_by_role("button", name="发布")).to_have_count(0)
        faults = page.locator(".notice.warning")
        _keep(page, "faults")
        _is_fit(page)
        faults.get_by_role("link", name="去改").first.click()
        _box(page, "名称").fill("请假多于三天吗")
        long, short = _part(page, "下一步（第 1 路）"), _part(page, "下一步（第 2 路）")
        expect(_box(long, "第 2 行：看哪一项")).to_be_hidden()
        _box(long, "看哪一项").select_option(label="请假天数")
        _box(long, "怎样比较").select_option(label="大于")
        _box(long, "比较的内容").fill("3")
        expect(_box(long, "有几行时")).to_be_hidden()
        _box(long, "第 2 行：看哪一项").select_option(label="请假天数")
        _box(long, "第 2 行：怎样比较").select_option(label="小于")
        _box(long, "第 2 行：比较的内容").fill("60")
        _box(long, "有几行时").select_option(label="各行都符合")
        expect(_box(long, "第 4 行：看哪一项")).to_be_hidden()
        _keep(page, "condition", long)
        _box(long, "比较的内容").fill("三天")
        _box(short, "其他情况走这条").check()
        page.get_by_role("button", name="保存", exact=True).click()
        page.get_by_role("link", name="“请假天数”要和数字比较，“三天”不是数字。").click()
        expect(_box(long, "比较的内容")).to_be_focused()
        _is_fit(page)
        _box(long, "比较的内容").fill("3")
        _save(page)
        expect(faults).to_have_count(0)
        _keep(page, "table")
        page.get_by_role("button", name="发布").click()
        _told(page, "已发布，现在就能发起。")
        _is_fit(page, DESK, PHONE)

    def _start(self, page: Page) -> None:
        page.get_by_text("发起流程").click()
        page.get_by_role("link", name="请假", exact=True).click()
        page.get_by_label("开始日期").fill("2026-12-07")
        page.get_by_label("结束日期").fill("2026-12-11")
        page.get_by_role("button", name="发起").click()
        page.get_by_role("link", name="请填写“请假事由”").click()
        _is_fit(page)
        page.get_by_label("请假事由").fill("回老家")
        self._upload(page)
        page.get_by_role("button", name="发起").click()
        _told(page, "已发起，编号")
        _keep(page, "phone")
        _is_fit(page)

    def _upload(self, page: Page) -> None:
        """A file that is cut off twice, by the network and in the middle of a piece, and goes on where it was."""
        network = page.context.new_cdp_session(page)
        speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": _SLOW}
        network.send("Network.emulateNetworkConditions", {"offline": False, **speed})
        page.get_by_label("选择文件").set_input_files(
            {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": _LONG}
        )
        sending = page.get_by_role("region", name="正在上传的文件")
        expect(sending).to_contain_text(re.compile(r"[1-9]\d?%"))
        network.send("Network.emulateNetworkConditions", {"offline": True, **speed})
        expect(sending.get_by_role("listitem")).to_contain_text(re.compile(r"网络断开了，已传 [1-9]\d?%"))
        _is_fit(page)
        # the page is sent when its files are there
        self._cut_piece(page)
        network.send("Network.emulateNetworkConditions", {"offline": False, **speed, "uploadThroughput": -1})
        expect(page.get_by_label(re.compile("^保留 证明.pdf"))).to_be_checked(timeout=60_000)
        expect(page.get_by_label("请假事由")).to_have_value("回老家")

    def _cut_piece(self, page: Page) -> None:
        """Half of a piece, then the end of the connection: none of it counts."""
        address = urlsplit(page.url)
        with inside(Hall.objects.get(slug="north")):
            partial = PartialUpload.objects.get()
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies(page.url))
        token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
        path = f"/desk/forms/filled/{partial.filled_id}/chunks/{partial.pk}/?offset={partial.received}"
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookies}\r\nX-CSRFToken: {token}\r\n"
            f"Content-Type: application/octet-stream\r\nContent-Length: {512 * 1024}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", address.port or 80)) as cut:
            cut.sendall(head.encode() + b"x" * 100_000)
        with inside(Hall.objects.get(slug="north")):
            assert PartialUpload.objects.get().received == partial.received

    def _look(self, page: Page) -> None:
        """Beside the form: pages of a PDF, turned and enlarged by keys."""
        viewer = page.get_by_role("region", name="材料", exact=True)
        expect(viewer.get_by_role("status")).to_have_text("证明.pdf，第 1 页，共 2 页")
        sheet = viewer.locator("[data-sheet]")
        upright = sheet.bounding_box() or {}
        viewer.get_by_label("材料内容").focus()
        page.keyboard.press("ArrowRight")
        expect(viewer.get_by_role("status")).to_have_text("证明.pdf，第 2 页，共 2 页")
        expect(viewer.get_by_role("button", name="下一页")).to_be_disabled()
        page.keyboard.press("r")
        expect(viewer.get_by_role("status")).to_contain_text("已旋转 90 度")
        turned = sheet.bounding_box() or {}
        assert turned["height"] < upright["height"]
        page.keyboard.press("+")
        expect(viewer.get_by_role("status")).to_contain_text("125%")
        assert (sheet.bounding_box() or {})["width"] == pytest.approx(turned["width"] * 1.25, abs=2)
        _keep(page, "materials", viewer)

    def _give_back(self, page: Page) -> None:
        page.keyboard.press("j")
        expect(page.get_by_role("rowheader").get_by_role("link").first).to_be_focused()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
        page.keyboard.press("Escape")
        _is_fit(page, DESK, PHONE)
        _keep(page, "inbox")
        _open(page)
        expect(page.get_by_text("5 个工作日", exact=True)).to_be_visible()
        self._look(page)
        back = _act(page, "退回")
        back.get_by_label("原因").fill("请写清楚去哪里。")
        back.get_by_role("button", name="退回").click()
        _told(page, "已退回。")
        _is_fit(page)

    def _correct(self, page: Page) -> None:
        _open(page)
        expect(page.get_by_text("请写清楚去哪里。").first).to_be_visible()
        page.get_by_label("请假事由").fill("回河溶镇老家看父母。")
        _is_fit(page)
        page.get_by_role("button", name="重新提交").click()
        _told(page, "已办理。")

    def _sign_first(self, page: Page, page_at: PageAt) -> None:
        _open(page)
        sign = _act(page, "加签")
        sign.get_by_label("怎么加").select_option(label="前加签")
        sign.get_by_label("加谁").select_option(label="孙北")
        sign.get_by_label("说明").fill("请核对年休假还有几天。")
        _keep(page, "signer", sign)
        sign.get_by_role("button", name="加签").click()
        _told(page, "已加签。")
        sun = page_at(HOST, "/desk/work/", DESK, who="sun")
        _open(sun)
        _is_fit(sun)
        _agree(sun, "还有 7 天。", "")
        _open(page)
        expect(page.get_by_text("还有 7 天。").first).to_be_visible()
        _agree(page, "同意。")
        _is_fit(page)

    def _revise(self, page: Page) -> None:
        """The second version has one step more behind the 会签."""
        visit(page, "/desk/flows/")
        page.get_by_role("rowheader").get_by_role("link", name="请假").click()
        _press(page, "分管领导会签", "后面加环节")
        _node(page, "新的环节")
        _box(page, "名称").fill("人事备案")
        who = _part(page, "办理人")
        _box(who, "办理人").select_option(label="岗位")
        _box(who, "岗位").select_option("handler")
        _save(page)
        page.get_by_role("link", name="看改了什么").click()
        expect(page.get_by_role("main")).to_contain_text("人事备案")
        _keep(page, "compare")
        _is_fit(page)
        page.go_back()
        page.once("dialog", lambda one: one.accept())
        page.get_by_role("button", name="发布").click()
        _told(page, "已发布，现在就能发起。")

    def _sign_together(self, tao: Page, he: Page) -> None:
        _open(tao)
        expect(tao.get_by_role("region", name="这个流程")).to_contain_text("第 1 版")
        _is_fit(tao)
        _agree(tao, "同意。")
        _open(he)
        _is_fit(he)
        _agree(he, "同意，路上注意安全。")

    def _read(self, page: Page, width: int) -> None:
        """Everybody who took part sees how it went."""
        page.reload()
        parts = page.get_by_role("navigation", name="这一页的部分")
        if width == PHONE:
            expect(page.get_by_role("region", name="办理经过")).to_be_hidden()
            parts.get_by_role("link", name="材料").click()
            expect(page.get_by_role("status")).to_contain_text("证明.pdf")
            _is_fit(page)
            parts.get_by_role("link", name="经过").click()
        history = page.get_by_role("region", name="办理经过")
        for words in ("请写清楚去哪里。", "还有 7 天。", "同意，路上注意安全。", "改了：请假事由"):
            expect(history).to_contain_text(words)
        if width == PHONE:
            parts.get_by_role("link", name="流程图").click()
        drawing = page.get_by_role("region", name="流程图").locator("figure svg")
        for words in ("分管领导会签", "何北、陶批"):
            expect(drawing).to_contain_text(words)
        expect(drawing).not_to_contain_text("人事备案")
        if width == DESK:
            _keep(page, "progress", drawing)
        _is_fit(page)
