"""A push to one county without one of its townships, on its sites and their telephones, until it is withdrawn."""

import pytest
from playwright.sync_api import Page, expect

from province.content.models import Push
from province.content.operations.proofs import verify_push_now
from province.content.queries.pushes import proof_summary
from province.halls.models import Division, Hall, HallKind
from standards.numbers.divisions import DivisionLevel
from tests.browsing import PROVINCE, PageAt
from tests.factories.halls import make_division, make_hall
from tests.factories.manuscripts import make_approved_version
from tests.factories.sites import make_columns
from tests.journeys.looks import WORKED_AT, is_sound, visit

TITLE = "当阳市集中服务日安排"
MEANT, LEFT_OUT = ("north", "yuxi"), ("village", "south")


@pytest.fixture
def halls(live_site: str) -> None:
    """The county, a village of 河溶镇 that is there, one of another township, and another county."""
    county = Division.objects.get(code="420582000000")
    township = make_division("420582104000", "淯溪镇", DivisionLevel.TOWNSHIP, county)
    make_hall("yuxi", make_division("420582104201", "九子山村", DivisionLevel.VILLAGE, township), HallKind.VILLAGE, 4)
    for hall in Hall.objects.all():
        make_columns(hall)


@WORKED_AT
@pytest.mark.usefixtures("halls")
class TestPush:
    def test_to_a_county_without_a_township_is_seen_there_alone_and_withdrawn(
        self, page_at: PageAt, width: int
    ) -> None:
        version = make_approved_version(title=TITLE)
        page = page_at(PROVINCE, f"/console/versions/{version.pk}/push/", width, who="zhao")
        self._choose(page)
        self._look_at_the_telephone(page)
        page.get_by_role("button", name="推送", exact=True).click()
        expect(page.get_by_text("已推送，各服务厅网站立即显示。")).to_be_visible()
        is_sound(page)
        push = Push.objects.get()
        assert self._seen(push) == {"当阳市": "right", "九子山村": "right"}
        self._read(page_at, push, is_there=True)
        page.get_by_role("link", name="撤稿", exact=True).click()
        expect(page.get_by_text("将从 2 个服务厅的网站撤下")).to_be_visible()
        page.get_by_role("textbox", name="原因").fill("安排有变")
        page.get_by_role("button", name="立即撤稿").click()
        expect(page.get_by_text("已撤稿，各服务厅网站立即生效。")).to_be_visible()
        is_sound(page)
        assert self._seen(push) == {"当阳市": "right", "九子山村": "right"}
        self._read(page_at, push, is_there=False)

    def _choose(self, page: Page) -> None:
        onward = page.get_by_role("button", name="推送", exact=True)
        expect(onward).to_be_disabled()
        tree = page.get_by_role("list", name="按区划选择")
        tree.get_by_text("宜昌市", exact=True).click()
        tree.get_by_role("checkbox", name="当阳市").check()
        expect(page.locator(".audience-line")).to_have_text("将在 3 个服务厅显示")
        tree.get_by_text("当阳市", exact=True).click()
        tree.get_by_role("checkbox", name="河溶镇").uncheck()
        expect(page.locator(".audience-line")).to_have_text("将在 2 个服务厅显示，另有 1 个被排除")
        expect(onward).to_be_enabled()
        is_sound(page)

    def _look_at_the_telephone(self, page: Page) -> None:
        """The article itself, and not the site's head alone."""
        telephone = page.locator("iframe.phone")
        telephone.scroll_into_view_if_needed()
        frame, inside = telephone.bounding_box(), page.frame_locator("iframe.phone")
        assert frame
        for part in (inside.get_by_role("heading", level=1, name=TITLE), inside.locator(".prose p").first):
            expect(part).to_be_visible()
            box = part.bounding_box()
            assert box
            assert box["y"] + box["height"] <= frame["y"] + frame["height"]

    def _seen(self, push: Push) -> dict[str, str]:
        lines = proof_summary(verify_push_now(push)).lines
        return {line.name.partition("县政务")[0].partition("村便民")[0]: line.outcome for line in lines}

    def _read(self, page_at: PageAt, push: Push, *, is_there: bool) -> None:
        """On a telephone, from the home page of each site."""
        for slug in (*MEANT, *LEFT_OUT):
            reader = page_at(f"{slug}.yizhan.localhost", "/", 360)
            link = reader.get_by_role("link", name=TITLE)
            if is_there and slug in MEANT:
                link.first.click()
                expect(reader.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
            else:
                expect(link).to_have_count(0)
                visit(reader, f"/p/{push.pk}/")
                expect(reader.get_by_role("heading", level=1, name=TITLE)).to_have_count(0)
            reader.context.close()
