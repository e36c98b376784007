"""工作日历, in a browser: the text of the notice becomes the calendar by which questions are answered; a hall
arranges days of its own."""

from playwright.sync_api import Page, expect

from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.workdays.models import YearCalendar
from tests.browsing import PROVINCE, PageAt
from tests.factories.engagement import make_question
from tests.factories.sites import make_columns
from tests.journeys.looks import WORKED_AT, is_sound, open_place
from tests.standards.test_notices import notice_of

PHONE = 360


@WORKED_AT
class TestCalendar:
    def test_comes_from_the_notice_and_is_turned_day_by_day(self, live_site: str, page_at: PageAt, width: int) -> None:
        make_question(Hall.objects.get(slug="north"))
        page = page_at(PROVINCE, "/console/", width, who="zhao")
        open_place(page, "人员")
        page.get_by_role("main").get_by_role("link", name="工作日历").click()
        page.get_by_label("年份", exact=True).fill("2026")
        page.get_by_role("button", name="查看").click()
        expect(page.get_by_role("heading", name="全国 2026 年")).to_be_visible()
        expect(page.get_by_role("button", name="10月1日，放假，国庆节")).to_be_visible()
        is_sound(page)
        self._paste(page)
        self._turn(page)
        self._publish(page)

    def _paste(self, page: Page) -> None:
        page.get_by_role("link", name="粘贴通知").click()
        text = page.get_by_label("通知全文")
        text.fill(notice_of(2026).replace("1月1日（周四）", "1月1日（周五）"))
        page.get_by_role("button", name="看看读懂了什么").click()
        expect(page.get_by_role("alert")).to_contain_text("2026年1月1日是周四，不是周五")
        is_sound(page)
        text.fill(notice_of(2026))
        page.get_by_role("button", name="看看读懂了什么").click()
        expect(page.get_by_text("文号：国办发明电〔2025〕7号")).to_be_visible()
        is_sound(page)
        page.get_by_role("button", name="存为草稿").click()
        expect(page.locator(".notice.success")).to_contain_text("已存为草稿")

    def _turn(self, page: Page) -> None:
        page.get_by_label("放假的名称").fill("试放假")
        page.get_by_role("button", name="3月3日，上班").click()
        turned = page.get_by_role("button", name="3月3日，放假，试放假，公布后会变")
        expect(turned).to_be_focused()
        # a day on by the arrow keys, and back again by Enter
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("button", name="3月4日，上班")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="3月4日，放假，试放假，公布后会变")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="3月4日，上班")).to_be_focused()
        is_sound(page)

    def _publish(self, page: Page) -> None:
        page.get_by_role("link", name="核对并公布").click()
        expect(page.get_by_text("1 天与现在不同：3月3日不上班")).to_be_visible()
        is_sound(page)
        page.get_by_role("button", name="公布", exact=True).click()
        expect(page.locator(".notice.success")).to_contain_text("已公布")
        drain_events()
        assert YearCalendar.objects.get(year=2026, state="published").version == 2
        page.get_by_role("link", name="第 2 版").click()
        expect(page.get_by_role("cell", name="试放假")).to_be_visible()
        is_sound(page)

    def test_of_a_hall_has_days_of_its_own(self, live_site: str, page_at: PageAt, width: int) -> None:
        make_columns(Hall.objects.get(slug="north"))
        page = page_at("north.yizhan.localhost", "/desk/workdays/", width, who="he")
        if width == PHONE:
            # the bar: the search has room, and what opens from it stays within the window
            box = page.get_by_role("searchbox").bounding_box()
            assert box
            assert box["width"] > PHONE / 2
            for opener in (page.locator(".tasks > summary"), page.locator("summary.me-link")):
                opener.focus()
                page.keyboard.press("Enter")
                panel = opener.locator("xpath=following-sibling::div").bounding_box()
                assert panel
                assert panel["x"] >= 0
                assert panel["x"] + panel["width"] <= PHONE
                page.keyboard.press("Enter")
        page.get_by_label("开始日期").fill("2027-08-03")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("alert").first).to_contain_text("请写明原因")
        page.get_by_label("原因").fill("赶集日")
        page.get_by_role("button", name="先看看影响").click()
        expect(page.get_by_text("1 天与现在不同：8月3日不算工作日")).to_be_visible()
        is_sound(page)
        page.get_by_role("button", name="保存").click()
        expect(page.locator(".notice.success")).to_contain_text("8月3日全天不办公：赶集日")
        is_sound(page)
