"""A clerk arranges the table of questions, keeps that as a view, and goes through the rows without leaving it."""

import re

import pytest
from playwright.sync_api import Page, expect

from province.halls.models import Hall
from tests.browsing import PageAt
from tests.factories.engagement import make_question
from tests.factories.sites import make_columns
from tests.journeys.looks import faults_of, has_no, visit

NORTH = "north.yizhan.localhost"
QUESTIONS = "/desk/questions/"


@pytest.fixture
def clerk(live_site: str, page_at: PageAt, north: Hall) -> Page:
    make_columns(north)
    for text in ("社保卡丢了怎么补？", "租房能落户吗？", "高龄津贴在哪里办？"):
        make_question(north, text=text)
    return page_at(NORTH, QUESTIONS, who="hua")


class TestTable:
    def test_is_arranged_kept_and_gone_through(self, clerk: Page) -> None:
        clerk.get_by_text("列与视图").click()
        clerk.get_by_role("checkbox", name="提问人").uncheck()
        clerk.get_by_role("button", name="显示这些列").click()
        expect(clerk.get_by_role("columnheader", name="提问人")).to_have_count(0)
        clerk.get_by_role("columnheader", name="编号").get_by_role("link").click()
        expect(clerk.get_by_role("columnheader", name="编号")).to_have_attribute("aria-sort", "ascending")
        clerk.get_by_text("列与视图").click()
        clerk.get_by_label("把现在的筛选、排序和列存为视图").fill("按编号")
        clerk.get_by_label("打开这张表时先看它").check()
        faults = faults_of(clerk, 360, 1280)
        clerk.get_by_role("button", name="保存视图").click()
        expect(clerk.get_by_text("视图“按编号”已保存")).to_be_visible()
        visit(clerk, QUESTIONS)
        expect(clerk.get_by_role("link", name="按编号")).to_have_attribute("aria-current", "page")
        expect(clerk.get_by_role("columnheader", name="提问人")).to_have_count(0)
        faults += self._open_a_row(clerk)
        has_no(faults)

    def _open_a_row(self, page: Page) -> list[str]:
        opener = page.get_by_role("row").nth(1).get_by_role("link", name="在旁边看")
        opener.focus()
        page.keyboard.press("Enter")
        panel = page.get_by_role("dialog")
        expect(panel.get_by_role("heading", level=2).first).to_be_focused()
        expect(panel.get_by_text("答复部门")).to_be_visible()
        expect(page).to_have_url(re.compile(r"#row=\d+"))
        faults = faults_of(page, 360, 1280)
        shared = page.url
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        expect(opener).to_be_focused()
        expect(page).not_to_have_url(re.compile("#row"))
        # a click beside the links does the same, and the act in it is the page's own
        page.get_by_role("row").nth(2).get_by_role("cell").last.click()
        panel.get_by_label("答复内容").fill("可以，请带身份证到综合窗口。")
        panel.get_by_role("button", name="提交答复").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("咨询 ")
        expect(page.locator(".notice.success").first).to_be_visible()
        # somebody who was sent the address sees the same
        page.goto(shared)
        expect(page.get_by_role("dialog").get_by_text("答复部门")).to_be_visible()
        return faults
