"""值班表, in a browser: shifts, a month by turns and cell by cell, on paper, and a swap that colleagues see."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from province.halls.models import Hall
from tenants.duty.models import DutyTurn
from tests.browsing import PageAt
from tests.factories.sites import inside
from tests.journeys.looks import WORKED_AT, is_sound, open_place

NORTH = "north.yizhan.localhost"


@WORKED_AT
class TestRoster:
    def test_is_kept_for_a_month_printed_and_swapped(self, live_site: str, page_at: PageAt, width: int) -> None:
        page = page_at(NORTH, "/desk/work/", width, who="he")
        open_place(page, "我的待办")
        page.get_by_role("link", name="值班表").click()
        is_sound(page)
        page.get_by_role("main").get_by_role("link", name="添加班次").click()
        for label, said in (("名称", "全天"), ("开始", "08:00"), ("结束", "08:00")):
            page.get_by_label(label, exact=True).fill(said)
        is_sound(page)
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("已添加班次“全天”")).to_be_visible()
        is_sound(page)
        page.get_by_role("link", name="值班表", exact=True).first.click()
        page.get_by_role("link", name="排班").click()
        page.get_by_role("link", name="下个月").click()
        page.get_by_text("按次序轮流排").click()
        page.get_by_label("轮流的人").fill("曹办、华窗")
        page.get_by_role("button", name="轮流排好").click()
        expect(page.get_by_text(re.compile(r"已轮流排好 \d\d 班"))).to_be_visible()
        cells = page.get_by_label(re.compile(r"月2日 全天 带班领导$"))
        cells.fill("何北")
        is_sound(page)
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("已保存，改了 1 格")).to_be_visible()
        expect(page.get_by_text(re.compile(r"还有 \d\d 班没有人"))).to_be_visible()
        is_sound(page)
        assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) == 1
        page.get_by_role("link", name="换班", exact=True).first.click()
        page.get_by_label("换给谁").select_option("孙北")
        page.get_by_label("原因", exact=True).fill("出差。")
        is_sound(page)
        page.get_by_role("button", name="换班", exact=True).click()
        expect(page.get_by_text("已换班，换到的和换出的都已通知。")).to_be_visible()
        with inside(Hall.objects.get(slug="north")):
            first = (timezone.localdate().replace(day=1) + timedelta(days=32)).replace(day=1)
            assert DutyTurn.objects.filter(on__gte=first, account_name="孙北").count() == 1
        colleague = page_at(NORTH, f"/desk/duty/?month={first:%Y-%m}", width, who="cao")
        expect(colleague.get_by_text("曹办 → 孙北，出差。")).to_be_visible()
        expect(colleague.get_by_role("link", name="换班", exact=True)).to_have_count(0)
        is_sound(colleague)
        asked = self._asks_in(colleague, page_at, width)
        page.goto(asked.url)
        page.get_by_role("button", name="确认换班").click()
        expect(page.get_by_text("已确认换班，两个人都已通知。")).to_be_visible()
        is_sound(page)

    def _asks_in(self, colleague: Page, page_at: PageAt, width: int) -> Page:
        """Cao asks Hua, who agrees; returns Hua's page of it."""
        colleague.get_by_role("link", name="请人换班").first.click()
        colleague.get_by_label("换给谁").select_option("华窗")
        colleague.get_by_label("原因", exact=True).fill("孩子家长会。")
        is_sound(colleague)
        colleague.get_by_role("button", name="请对方换班").click()
        expect(colleague.get_by_text("等对方答复")).to_be_visible()
        is_sound(colleague)
        asked = page_at(NORTH, "/desk/duty/mine/", width, who="hua")
        asked.get_by_role("link", name="曹办请华窗").click()
        is_sound(asked)
        asked.get_by_role("button", name="同意", exact=True).click()
        expect(asked.get_by_text("等排班的人确认").first).to_be_visible()
        return asked
