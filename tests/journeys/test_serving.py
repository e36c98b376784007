"""送达 in the browser: a citizen agrees to electronic service on a phone, the desk serves, nobody opens it in time, the
desk sees that, and the citizen opens it."""

import pytest
from playwright.sync_api import Page, expect

from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.deciding import decide_case
from tenants.documents import tasks
from tests.browsing import PageAt
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_online, give_all, let_pass, make_setup
from tests.factories.citizens import make_proved, phone_of
from tests.factories.sites import inside, make_columns
from tests.journeys.looks import is_sound, visit
from tests.journeys.test_cases import NORTH, open_act, told
from tests.journeys.test_citizens import sign_in

PHONE = 360


@pytest.fixture
def site(live_site: str, object_store: None, north: Hall, monkeypatch: pytest.MonkeyPatch) -> Hall:
    monkeypatch.setattr(tasks, "make_files", lambda **_: None)
    make_columns(north)
    return north


class TestElectronicService:
    def test_is_agreed_to_done_waited_for_and_opened(self, page_at: PageAt, site: Hall) -> None:
        adoption = make_shown(site)
        site.refresh_from_db()
        citizen = make_proved()
        with inside(site):
            setup = make_setup(site, adoption)
            case = give_all(site, apply_online(site, setup, citizen))
            accept_case(by=person("cao"), hall=site, case_id=case.pk)
            decide_case(by=person("he"), hall=site, case_id=case.pk, outcome="granted", reasons="")
        cao = page_at(NORTH, f"/desk/cases/{case.pk}/", who="cao")
        ways = open_act(cao, "送达办结").get_by_label("送达方式")
        expect(ways.get_by_role("option", name="电子送达")).to_have_count(0)
        phone = page_at(NORTH, "/", PHONE)
        sign_in(phone, phone_of())
        visit(phone, f"/services/{setup.item_id}/")
        phone.get_by_role("link", name="在线申请").first.click()
        is_sound(phone)
        self._agree(phone, f"/cases/{case.pk}/")
        cao.reload()
        serve = open_act(cao, "送达办结")
        serve.get_by_label("送达方式").select_option("electronic")
        serve.get_by_role("button", name="送达办结").click()
        told(cao, "已送达，办件办结。")
        expect(cao.get_by_role("region", name="送达", exact=True).get_by_text("还没有打开")).to_be_visible()
        is_sound(cao)
        with inside(site):
            let_pass(case, ClockKind.OPENING)
        sweep_clocks()
        drain_events()
        visit(cao, "/desk/")
        cao.get_by_role("link", name=case.item_name).first.click()
        expect(cao.get_by_text("电子送达没有打开").first).to_be_visible()
        expect(cao.locator("summary", has_text="改用其他方式送达")).to_be_visible()
        is_sound(cao)
        phone.reload()
        expect(phone.get_by_text("决定已经电子送达，请打开查收。")).to_be_visible()
        is_sound(phone)
        phone.get_by_role("link", name="看决定").click()
        expect(phone.get_by_text("到达您的办件页面")).to_be_visible()
        is_sound(phone)
        cao.reload()
        expect(cao.get_by_role("region", name="送达", exact=True).get_by_text("由本人打开")).to_be_visible()
        expect(cao.get_by_text("电子送达没有打开")).to_have_count(1)

    def _agree(self, page: Page, path: str) -> None:
        visit(page, path)
        page.get_by_role("link", name="选择送达方式").click()
        is_sound(page)
        page.get_by_label("电子送达：", exact=False).check()
        page.get_by_role("button", name="确认", exact=True).click()
        expect(page.get_by_text("请先看过电子送达的说明，再勾选同意。").first).to_be_visible()
        is_sound(page)
        page.get_by_label("我已经看过上面的说明，同意电子送达").check()
        page.get_by_role("button", name="确认", exact=True).click()
        told(page, "送达方式已确认")
        is_sound(page)
