"""低保: taken in by a village's clerk on a phone, reviewed in the township, decided in the county, seen again below."""

from typing import Any

from playwright.sync_api import expect

from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.workdays.models import Clock
from tenants.casework.models import Case
from tenants.casework.operations.acceptance import accept_case, ask_for_correction
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.referrals import hand_up_case
from tenants.workflow.models import FormUpload
from tests.browsing import PageAt
from tests.conftest import person
from tests.factories.casework import ANNA, give_all
from tests.factories.files import turned_picture
from tests.factories.referrals import make_ladder
from tests.factories.sites import inside
from tests.journeys.looks import is_sound

HOST = "village.yizhan.localhost"
PHONE = 390
ITEM = "最低生活保障"


def photo(name: str) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": turned_picture().read()}


class TestVillageClerk:
    def test_takes_in_what_the_township_reviews_and_the_county_decides(
        self, live_site: str, page_at: PageAt, object_store: None
    ) -> None:
        # the north stands for the township, the south for the county above it
        north, south = Hall.objects.get(slug="north"), Hall.objects.get(slug="south")
        make_ladder(north, south, name=ITEM)
        page = page_at(HOST, "/desk/assistance/", PHONE, who="jiang")
        page.get_by_role("link", name="替人办事").first.click()
        page.get_by_label("事项").select_option(label=f"{ITEM}（{north.name}）")
        page.get_by_label("姓名").fill(ANNA["applicant_name"])
        page.get_by_label("身份证号").fill(ANNA["applicant_number"])
        page.get_by_label("手机号").fill(ANNA["applicant_mobile"])
        page.get_by_label("书面委托").check()
        is_sound(page)
        page.get_by_role("button", name="填表、拍照").click()

        form = page.locator("#filling")
        form.locator("input[name='_file.consent-papers'][capture]").set_input_files(photo("委托书.jpg"))
        expect(form.get_by_label("保留 委托书.jpg")).to_be_checked()
        pictures = form.locator("input[capture]:not([name='_file.consent-papers'])").first
        for name in ("户口簿一.jpg", "户口簿二.jpg"):
            pictures.set_input_files(photo(name))
            expect(form.get_by_label(f"保留 {name}")).to_be_checked()
        form.get_by_label("否", exact=True).first.check()
        form.get_by_label("我已阅读并承诺").check()
        is_sound(page)
        # put aside, and gone on with
        page.get_by_role("button", name="先放着").click()
        page.get_by_role("link", name=ITEM).click()
        expect(page.get_by_text("保留 户口簿一.jpg")).to_be_visible()
        page.get_by_role("button", name="下一步：念给本人听").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("念给本人听")
        is_sound(page)
        page.get_by_label("本人确认没有错").check()
        page.get_by_role("button", name="交办").click()
        expect(page.get_by_text("还没有签收").first).to_be_visible()
        is_sound(page)

        self._asks_for_more(north)
        page.reload()
        expect(page.get_by_text("户口簿首页没有拍到。")).to_be_visible()
        is_sound(page)
        page.get_by_role("link", name="拍照、补材料").click()
        page.locator("#filling input[capture]").first.set_input_files(photo("户口簿首页.jpg"))
        expect(page.get_by_label("保留 户口簿首页.jpg")).to_be_checked()
        page.get_by_label("本人知道这次补什么").check()
        is_sound(page)
        page.get_by_role("button", name="交给对方").click()
        expect(page.get_by_text("补的材料已经交给")).to_be_visible()
        is_sound(page)

        number = self._reviewed_and_decided(north, south)
        page.reload()
        expect(page.get_by_text("已办结：准予").first).to_be_visible()
        expect(page.get_by_text(number).first).to_be_visible()
        is_sound(page)
        page.goto(page.url.partition("/desk/")[0] + f"/desk/assistance/?words={ANNA['applicant_name']}")
        expect(page.get_by_role("link", name=ITEM)).to_be_visible()
        is_sound(page)

    def _asks_for_more(self, north: Hall) -> None:
        drain_events()
        with inside(north):
            case = Case.objects.get()
            ask_for_correction(
                by=person("cao"), hall=north, case_id=case.pk, asked=["户口簿首页没有拍到。"], workdays=5
            )
        drain_events()

    def _reviewed_and_decided(self, north: Hall, south: Hall) -> str:
        """Returns the township's number."""
        drain_events()
        with inside(north):
            assert FormUpload.objects.filter(name="户口簿首页.jpg").exists()
            case = give_all(north, Case.objects.select_related("setup").get())
            assert case.materials.filter(state="given").exists()
            accept_case(by=person("cao"), hall=north, case_id=case.pk)
            hand_up_case(
                by=person("cao"), hall=north, case_id=case.pk, to_hall_id=south.pk, opinion="家庭收入已核实，建议准予。"
            )
        drain_events()
        with inside(south):
            there = give_all(south, Case.objects.select_related("setup").get(), by="nan")
            accept_case(by=person("nan"), hall=south, case_id=there.pk)
            decide_case(by=person("nan"), hall=south, case_id=there.pk, outcome="granted", reasons="符合条件。")
        drain_events()
        assert Clock.objects.filter(owner_id=case.pk).exists()
        return str(case.number)
