"""Somebody wants to change a licence: chooses 变更, answers, sees just those materials, and prints them; on a phone, by
the keyboard, and without scripts."""

from uuid import UUID

import pytest
from playwright.sync_api import expect

from province.halls.models import Hall
from tests.browsing import PageAt
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_item, make_published
from tests.factories.sites import make_columns
from tests.journeys.looks import is_sound
from tests.province.catalogue.test_handling import SITUATIONS, layered, row

NORTH = "north.yizhan.localhost"


@pytest.fixture(scope="module")
def item_id(file_database: None) -> UUID:
    north = Hall.objects.get(slug="north")
    make_columns(north)
    rows = layered()["handling_items"]
    change = row("食品经营许可变更", situations=SITUATIONS, chosen_when="许可证上的内容变了")
    hall = [{"code": "03", "is_handled": False, "elsewhere": "市政务服务中心"}]
    version = make_published(make_item(**layered(handling_items=[rows[0], change, row("食品经营许可注销", "cancel")])))
    return make_shown(north, version, hall_handling=hall).item_id


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
class TestChoosing:
    def test_leads_to_the_materials_of_just_that(
        self,
        page_at: PageAt,
        item_id: UUID,
        scripts: bool,  # noqa: FBT001
    ) -> None:
        page = page_at(NORTH, "/services/find/?q=食品经营许可变更", 360, javascript=scripts)
        page.get_by_role("link", name="食品经营许可").first.click()
        assert page.url.endswith(f"/services/{item_id}/?do=02")
        expect(page.get_by_role("heading", level=1)).to_have_text("食品经营许可变更")
        expect(page.get_by_text("本厅不办，请到：市政务服务中心")).to_be_visible()
        if scripts:
            is_sound(page, 360, 1280)
        # the keyboard alone
        page.get_by_label("自己的").focus()
        page.keyboard.press("ArrowDown")
        page.get_by_role("button", name="看我要带什么").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/?do=02&q1=2")
        expect(page.locator(".guide-checklist label")).to_have_text(["申请书", "租赁合同", "原许可证"])
        expect(page.get_by_text("您选的：食品经营许可变更 · 租的")).to_be_visible()
        page.get_by_label("自己的").check()
        page.get_by_role("button", name="看我要带什么").click()
        page.wait_for_url("**/?do=02&q1=1")
        expect(page.locator(".guide-checklist label")).to_have_text(["申请书", "原许可证"])
        page.emulate_media(media="print")
        expect(page.get_by_text("您选的：食品经营许可变更 · 自己的")).to_be_visible()
        expect(page.get_by_role("button", name="看我要带什么")).to_be_hidden()
