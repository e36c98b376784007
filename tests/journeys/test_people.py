"""People and their rights in a browser: switching positions, who may do what, and looking around as somebody else."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from province.halls.models import Hall
from province.people.operations.positions import give_position
from province.people.operations.substitutes import name_substitute
from province.rights.roles import Role
from tests.browsing import PROVINCE, PageAt
from tests.conftest import person
from tests.factories.people import account, make_role, make_unit, position_of
from tests.journeys.looks import WORKED_AT, faults_of, fits, has_no, is_sound_on_phone_and_desk, visit, widen
from tests.journeys.test_whole_job import go

SETTINGS = "/console/settings/"
NORTH = "420582000000"


@pytest.fixture(scope="module")
def offices(file_database: None) -> None:
    """Sun works in the north and in the south; Li stands in for Sun in the north; a few departments and roles."""
    north, south = Hall.objects.get(slug="north"), Hall.objects.get(slug="south")
    today = timezone.localdate()
    name_substitute(
        by=person("sun"),
        position=position_of("sun"),
        substitute=account("li"),
        from_on=today,
        to_on=today + timedelta(days=3),
    )
    give_position(by=person("zhao"), account=account("sun"), role=Role.EDITOR, hall_id=south.pk, reach_prefix="420583")
    unit = make_unit("政务服务科", hall=north)
    make_unit("综合受理组", hall=north, parent=unit)
    make_role("稿件秘书", hall=north)


def pages() -> list[str]:
    return [
        SETTINGS,
        f"{SETTINGS}?search=nobody",
        f"{SETTINGS}people/new/",
        f"{SETTINGS}people/import/",
        f"{SETTINGS}people/{account('sun').pk}/",
        f"{SETTINGS}people/{account('wu').pk}/",
        f"{SETTINGS}units/?hall={NORTH}",
        f"{SETTINGS}units/",
        f"{SETTINGS}roles/?hall={NORTH}",
        f"{SETTINGS}roles/new/?hall={NORTH}",
        f"{SETTINGS}rights/",
        f"{SETTINGS}rights/?permission=content.push&hall={NORTH}",
        f"{SETTINGS}tokens/",
        "/account/",
        "/account/positions/",
        f"/account/preview/{account('sun').pk}/",
    ]


class TestEveryPage:
    def test_of_people_has_no_serious_fault(self, offices: None, page_at: PageAt) -> None:
        page, faults = page_at(PROVINCE, SETTINGS, 360, who="zhao"), []
        for path in pages():
            visit(page, path)
            for width in (360, 1280):
                widen(page, width)
                expect(page.locator("main h1")).to_be_visible()
            faults += faults_of(page, 360, 1280)
        has_no(faults)


@WORKED_AT
class TestPeople:
    def test_change_the_position_they_act_in(self, offices: None, page_at: PageAt, width: int) -> None:
        page = page_at(PROVINCE, "/console/", width, who="li")
        page.locator(".me-link").click()
        is_sound_on_phone_and_desk(page)
        page.get_by_role("button", name="孙北 的代理：当阳市 · 服务厅编辑").click()
        expect(page.get_by_text("现在是孙北 的代理，服务厅编辑。")).to_be_visible()
        expect(page.locator(".me-link")).to_contain_text("李北 代 孙北")
        go(page, "/account/positions/")
        page.get_by_role("button", name="以自己的全部岗位工作").click()
        expect(page.get_by_text("现在以自己的全部岗位工作。")).to_be_visible()
        expect(page.locator(".me-link")).not_to_contain_text("代理")

    def test_are_found_by_what_they_may_do(self, offices: None, page_at: PageAt, width: int) -> None:
        page = fits(page_at(PROVINCE, f"{SETTINGS}rights/", width, who="zhao"))
        page.get_by_label("谁能", exact=True).select_option("推稿与撤稿")
        hall = page.get_by_role("combobox", name="服务厅")
        hall.press_sequentially("dys")
        offered = page.get_by_role("listbox", name="服务厅").get_by_role("option")
        expect(offered).to_contain_text(["当阳市"])
        hall.press("ArrowDown")
        is_sound_on_phone_and_desk(page)
        hall.press("Escape")
        expect(offered).to_have_count(0)
        hall.press("ArrowDown")
        hall.press("ArrowDown")
        hall.press("Enter")
        expect(hall).to_have_value(re.compile(f"当阳市.*（{NORTH}）"))
        page.get_by_role("button", name="查看").click()
        expect(page).to_have_url(re.compile(f"hall={NORTH}"))
        row = page.get_by_role("row").filter(has_text="孙北")
        expect(row).to_contain_text("服务厅编辑 · 当阳市")
        expect(row).to_contain_text("李北")
        row.get_by_role("link", name="孙北").click()
        expect(page.get_by_role("heading", name="能做什么，为什么")).to_be_visible()

    def test_are_looked_at_without_the_power_to_act(self, offices: None, page_at: PageAt, width: int) -> None:
        page = fits(page_at(PROVINCE, f"{SETTINGS}people/{account('sun').pk}/", width, who="zhao"))
        page.get_by_role("link", name="以他的身份查看").click()
        page.get_by_role("button", name="开始查看").click()
        banner = page.get_by_role("status").filter(has_text="孙北")
        expect(banner).to_be_visible()
        is_sound_on_phone_and_desk(page)
        go(page, "/console/manuscripts/new/")
        page.get_by_label("标题").fill("不能写的稿件")
        page.get_by_role("button", name="开始写").click()
        expect(page.get_by_text("只能看，不能办理")).to_be_visible()
        go(page, "/console/manuscripts/")
        _leave(page)

    def test_are_put_into_departments(self, offices: None, page_at: PageAt, width: int) -> None:
        page = fits(page_at(PROVINCE, f"{SETTINGS}units/?hall={NORTH}", width, who="he"))
        page.locator("form.card").get_by_label("部门名称").fill("督查室")
        page.get_by_role("button", name="新建部门").click()
        expect(page.get_by_text("已建立“督查室”。")).to_be_visible()
        page.get_by_role("button", name="上移 督查室").click()
        expect(page.locator("tbody tr").first).to_contain_text("督查室")


def _leave(page: Page) -> None:
    page.get_by_role("button", name="结束查看").click()
    expect(page.get_by_text("已结束查看，现在是您自己。")).to_be_visible()
