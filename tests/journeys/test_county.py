"""A county hands items down to its village and sees in the table how they stand: on a desktop and on a phone."""

import re

from playwright.sync_api import Page, expect

from foundation.events.operations import drain_events
from province.catalogue.models import Assignment
from province.halls.models import Hall
from tests.browsing import PageAt
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_item, make_published
from tests.journeys.looks import WORKED_AT, is_sound

HOST = "north.yizhan.localhost"
NAME = "食品经营许可"


@WORKED_AT
class TestCounty:
    def test_hands_down_and_sees_what_comes_of_it(self, live_site: str, page_at: PageAt, width: int) -> None:
        north = Hall.objects.get(slug="north")
        make_shown(north, make_published())
        make_published(make_item(1, name="公共场所卫生许可"))
        page = page_at(HOST, "/desk/lower-halls/", width, who="sun")
        expect(page.get_by_text("2 项 × 2 个服务厅")).to_be_visible()
        is_sound(page)
        self._hand_down(page)
        self._look(page, width)

    def _hand_down(self, page: Page) -> None:
        page.get_by_role("link", name="下发事项").click()
        onward = page.get_by_role("button", name="下一步：预览")
        expect(onward).to_be_disabled()
        expect(page.get_by_label(NAME)).not_to_be_checked()
        page.get_by_label("全选").check()
        expect(onward).to_be_disabled()
        page.get_by_label("村便民服务室").check()
        is_sound(page)
        onward.click()
        expect(page.get_by_text("将向 1 个下级服务厅下发 1 项事项")).to_be_visible()
        is_sound(page)
        page.get_by_role("button", name="确认下发").click()
        progress = page.get_by_role("region", name=re.compile("1 项 → 1 个服务厅"))
        expect(progress.get_by_role("status")).to_contain_text("正在认领：0 / 1")
        is_sound(page)
        assert Assignment.objects.count() == 1
        drain_events()
        # by itself
        expect(progress.get_by_role("status")).to_contain_text("已全部认领：1 / 1")
        page.get_by_role("navigation", name="当前位置").get_by_role("link", name="历次下发").click()
        expect(page.get_by_text("已完成")).to_be_visible()
        is_sound(page)

    def _look(self, page: Page, width: int) -> None:
        page.get_by_role("navigation", name="当前位置").get_by_role("link", name="下级认领情况").click()
        if width < 700:
            page.get_by_role("list", name="各服务厅").get_by_role("link", name=re.compile("红联村")).click()
        else:
            self._by_mouse_and_keys(page)
        expect(page.get_by_role("cell", name=re.compile("待完善"))).to_be_visible()
        is_sound(page)

    def _by_mouse_and_keys(self, page: Page) -> None:
        said = page.locator("[data-matrix-said]")
        row = page.get_by_role("row", name=re.compile(NAME))
        row.locator("svg").hover(position={"x": 12, "y": 12})
        expect(said).to_have_text(f"{NAME} · 当阳市：已公布")
        row.get_by_role("link").focus()
        page.keyboard.press("ArrowRight")
        expect(said).to_have_text(f"{NAME} · 红联村：待完善")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url("**item=420131000000**")
        expect(page.get_by_role("heading", name=f"{NAME} · 红联村")).to_be_visible()
