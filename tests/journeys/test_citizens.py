"""Citizens on a hall's site, and the clerk who acts for one of them, as people see it."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from province.citizens.models import CitizenSignIn, LocalMessage, Mandate, PhoneCode
from province.citizens.operations.citizens import reveal_citizen
from province.halls.models import Hall
from tenants.casework.operations.acceptance import accept_case, ask_for_correction
from tenants.casework.operations.deciding import decide_case
from tenants.documents.models import IssuedDocument
from tests.browsing import PROVINCE, PageAt
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_online, give_all, make_setup
from tests.factories.citizens import company_code, make_proved, number_of, phone_of
from tests.factories.forms import make_published_form
from tests.factories.sites import change_hall, inside, make_columns
from tests.journeys.authenticators import authenticator
from tests.journeys.looks import WORKED_AT, faults_of, has_no, is_sound, is_sound_on_phone_and_desk
from tests.soak import SOAK
from tests.tenants.workflow.test_filling import ALL

# every type on one page
_TOGETHER = [field | {"together": True} for field in ALL["parts"][0]["fields"]]
ALL_TOGETHER = {**ALL, "parts": [{**ALL["parts"][0], "fields": _TOGETHER}]}
NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"


@pytest.fixture
def site(live_site: str, north: Hall) -> Hall:
    make_columns(north)
    return north


def code_sent_to(phone: str) -> str:
    sent = next(one for one in LocalMessage.objects.order_by("-created_at") if one.phone.plain == phone)
    found = re.search(r"\d{6}", sent.text.plain)
    assert found
    return found[0]


def sign_in(page: Page, phone: str) -> None:
    """From the site's header, in two screens."""
    page.get_by_role("link", name="我的").click()
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    # after the proof of work
    page.get_by_label("验证码").wait_for()
    page.get_by_label("验证码").fill(code_sent_to(phone))
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("heading", level=2, name="我的资料", exact=True).wait_for()


def is_sound_in_both_modes(page: Page) -> None:
    """These pages have the same words in the mode for old people, set larger: the open page is turned over to it and
    back."""
    is_sound_on_phone_and_desk(page)
    page.evaluate("document.documentElement.dataset.mode = 'elder'")
    is_sound(page, elder=True)
    page.evaluate("delete document.documentElement.dataset.mode")


class TestCitizensPages:
    @pytest.mark.parametrize(
        "elder",
        [
            pytest.param(False, id="usual"),
            pytest.param(
                True,
                id="elder",
                marks=[pytest.mark.soak, pytest.mark.skipif(not SOAK, reason="long: YIZHAN_SOAK=1")],
            ),
        ],
    )
    @WORKED_AT
    def test_are_sound(self, page_at: PageAt, site: Hall, width: int, elder: bool) -> None:  # noqa: FBT001
        page = page_at(NORTH, "/", width, elder=elder)
        look = partial(is_sound, elder=True) if elder else is_sound_in_both_modes
        page.get_by_role("link", name="我的").click()
        look(page)
        page.get_by_role("button", name="获取验证码").click()
        page.get_by_role("alert").wait_for()
        look(page)
        page.get_by_label("手机号").fill(phone_of())
        page.get_by_role("button", name="获取验证码").click()
        page.get_by_label("验证码").wait_for()
        look(page)
        page.get_by_label("验证码").fill(code_sent_to(phone_of()))
        page.get_by_role("button", name="登录", exact=True).click()
        page.get_by_role("heading", level=2, name="我的资料", exact=True).wait_for()
        look(page)
        page.get_by_role("link", name="实名核验").click()
        page.get_by_label("姓名").fill("张小三")
        page.get_by_label("身份证号").fill(number_of())
        look(page)
        page.get_by_role("button", name="核验").click()
        expect(page.get_by_text("实名核验已通过。")).to_be_visible()
        shown = page.content()
        assert "420***********" in shown
        assert number_of() not in shown
        assert phone_of() not in shown
        for names in (
            ("登录与安全",),
            ("登录与安全", "更换手机号"),
            ("登录与安全", "设置密码"),
            ("登记我的单位",),
            ("申请代单位办事",),
            ("登录记录",),
            ("注销账号",),
        ):
            for name in names:
                page.get_by_role("link", name=name).click()
            page.get_by_role("heading", level=1, name=name).wait_for()
            look(page)
            page.get_by_label("当前位置").get_by_role("link", name="我的").click()
        page.get_by_role("button", name="查看全部信息").click()
        expect(page.get_by_text(number_of())).to_be_visible()
        look(page)
        for address in ("/me/export/", "/me/confirm/", "/outbox/"):
            page.goto(page.url.partition("/me/")[0].partition("/outbox/")[0] + address)
            look(page)
        with inside(site):
            form = make_published_form(site, ALL_TOGETHER, is_open=True)
            leave = make_published_form(site, is_open=True, code="second")
        page.goto(page.url.partition("/outbox/")[0] + f"/forms/{form.pk}/")
        look(page)
        page.get_by_role("button", name="开始填").click()
        page.get_by_role("heading", level=1, name="全部").wait_for()
        look(page)
        page.get_by_label("字段 mobile").fill("1")
        page.get_by_role("button", name="保存，下一步").click()
        page.get_by_role("link", name="“字段 mobile”应为 11 位").wait_for()
        look(page)
        page.goto(page.url.partition("/pages/")[0] + "/check/")
        look(page)
        page.goto(page.url.partition("/forms/")[0] + f"/forms/{leave.pk}/")
        self._one_thing_a_page(page, look)

    def test_keep_the_mode_for_old_people_where_they_sign_in(self, page_at: PageAt, site: Hall) -> None:
        change_hall(site, phone="0717-3251234")
        page = page_at(NORTH, "/", 360, elder=True)
        in_mode = page.locator("html[data-mode=elder]")
        page.get_by_role("link", name="我的").click()
        expect(in_mode).to_have_count(1)
        # at the province's, where they have signed in to all halls
        assert page.url.startswith(f"http://{PROVINCE}:")
        expect(page.get_by_role("button", name="读给我听")).to_be_visible()
        expect(page.get_by_role("link", name="打电话问")).to_have_attribute("href", "tel:0717-3251234")
        is_sound(page, elder=True)
        page.get_by_label("手机号").fill(phone_of())
        page.get_by_role("button", name="获取验证码").click()
        page.get_by_label("验证码").wait_for()
        expect(in_mode).to_have_count(1)
        page.get_by_label("验证码").fill(code_sent_to(phone_of()))
        page.get_by_role("button", name="登录", exact=True).click()
        page.get_by_role("heading", level=2, name="我的资料", exact=True).wait_for()
        expect(in_mode).to_have_count(1)
        is_sound(page, elder=True)

    def _one_thing_a_page(self, page: Page, look: Callable[[Page], None]) -> None:
        page.get_by_role("button", name="开始填").click()
        page.get_by_role("heading", level=1, name="我们已有的信息").wait_for()
        look(page)
        page.get_by_role("button", name="都对，下一步").click()
        page.get_by_role("heading", level=1, name="请假类型").wait_for()
        look(page)
        page.get_by_label("年休假").check()
        page.get_by_role("button", name="保存，下一步").click()
        page.get_by_role("heading", level=1, name="起止日期").wait_for()


class TestCitizen:
    def test_does_everything_without_a_script(self, page_at: PageAt, site: Hall) -> None:
        page = page_at(NORTH, javascript=False)
        sign_in(page, phone_of())
        page.get_by_role("link", name="实名核验").click()
        page.get_by_label("姓名").fill("张小三")
        page.get_by_label("身份证号").fill(number_of())
        page.get_by_role("button", name="核验").click()
        page.get_by_role("link", name="登记我的单位").click()
        page.get_by_label("统一社会信用代码").fill(company_code())
        page.get_by_label("单位名称").fill("当阳市某某合作社")
        page.get_by_role("button", name="登记").click()
        expect(page.get_by_text("当阳市某某合作社")).to_be_visible()
        assert phone_of() not in page.url
        page.get_by_role("button", name="退出登录").click()
        page.get_by_role("link", name="我的").click()
        expect(page.get_by_role("heading", level=1, name="登录/注册")).to_be_visible()

    def test_sees_who_looked_and_ends_the_account(self, page_at: PageAt, site: Hall) -> None:
        citizen = make_proved()
        reveal_citizen(by=person("hua"), hall_id=site.pk, citizen=citizen, field="number", reason="核对低保申请")
        page = page_at(NORTH, width=360)
        sign_in(page, phone_of())
        row = page.get_by_role("row").filter(has_text="核对低保申请")
        assert "华窗" in row.inner_text()
        page.get_by_role("link", name="注销账号").click()
        page.get_by_role("button", name="确定注销").click()
        expect(page.get_by_role("heading", level=1, name="账号已注销")).to_be_visible()
        citizen.refresh_from_db()
        assert not citizen.number

    def test_reads_cases_and_documents_on_sound_pages(self, page_at: PageAt, site: Hall) -> None:
        citizen = make_proved()
        adoption = make_shown(site)
        site.refresh_from_db()
        with inside(site):
            setup = make_setup(site, adoption)
            asked = apply_online(site, setup, citizen)
            ask_for_correction(
                by=person("cao"), hall=site, case_id=asked.pk, asked=["营业场所的证明不清楚。"], workdays=10
            )
            refused = give_all(site, apply_online(site, setup, citizen))
            accept_case(by=person("cao"), hall=site, case_id=refused.pk)
            decide_case(by=person("he"), hall=site, case_id=refused.pk, outcome="refused", reasons="场所面积不足。")
            issued = IssuedDocument.objects.filter(owner_id=refused.pk).latest("created_at")
        page, faults = page_at(NORTH, width=360), []
        sign_in(page, phone_of())
        base = page.url.partition("/me/")[0]
        for path in (
            *(f"/services/{adoption.item_id}/", f"/cases/apply/{adoption.item_id}/", "/cases/", f"/cases/{asked.pk}/"),
            *(f"/cases/{refused.pk}/", f"/cases/{refused.pk}/decision/", f"/cases/{refused.pk}/withdraw/"),
            *("/progress/", "/verify/", f"/verify/{issued.code}/", f"/forms/filled/{asked.filled_id}/"),
        ):
            answer = page.goto(base + path)
            assert answer is not None
            assert answer.status == 200, path
            faults += faults_of(page, 360, 1280)
        has_no(faults)


class TestPasskey:
    def test_is_made_once_and_signs_in_at_every_hall(self, page_at: PageAt, site: Hall) -> None:
        page = page_at(NORTH, "/", 360)
        authenticator(page)
        sign_in(page, phone_of())
        page.get_by_role("link", name="登录与安全").click()
        page.get_by_label("给它起个名字").fill("我的手机")
        page.get_by_role("button", name="添加通行密钥").click()
        expect(page.get_by_text("通行密钥“我的手机”已添加")).to_be_visible()
        is_sound(page)
        page.get_by_label("当前位置").get_by_role("link", name="我的").click()
        page.get_by_role("button", name="退出登录").click()
        page.goto(page.url.replace(NORTH, SOUTH) + "me/")
        is_sound(page)
        page.get_by_role("button", name="用通行密钥登录").click()
        expect(page.get_by_role("heading", level=2, name="我的资料", exact=True)).to_be_visible()
        # and it is what is offered first where the proof has grown old
        CitizenSignIn.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        page.get_by_role("link", name="登录与安全").click()
        is_sound(page)
        page.get_by_role("button", name="用通行密钥确认").click()
        page.get_by_role("button", name=re.compile("移除.*我的手机")).click()
        expect(page.get_by_text("通行密钥“我的手机”已移除")).to_be_visible()


class TestClerk:
    @WORKED_AT
    def test_registers_an_old_villager_and_acts_by_a_code(self, page_at: PageAt, site: Hall, width: int) -> None:
        page = page_at(NORTH, "/desk/citizens/", width, who="hua")
        page.get_by_role("heading", level=1, name="群众").wait_for()
        is_sound_on_phone_and_desk(page)
        page.get_by_label("手机号或身份证号").fill(number_of())
        page.get_by_role("button", name="查找").click()
        expect(page.get_by_text("没有找到")).to_be_visible()
        page.get_by_text("还没有账号，看着身份证登记").click()
        page.get_by_label("姓名").fill("李奶奶")
        page.get_by_label("身份证号", exact=True).fill(number_of())
        is_sound_on_phone_and_desk(page)
        page.get_by_role("button", name="登记", exact=True).click()
        page.get_by_role("heading", level=1, name="李*奶").wait_for()
        assert number_of() not in page.content()
        page.get_by_text("绑定手机号").click()
        page.get_by_label("手机号").fill(phone_of())
        page.get_by_role("button", name="发送验证码").click()
        page.get_by_label("验证码").fill(code_sent_to(phone_of()))
        page.get_by_role("button", name="绑定", exact=True).click()
        expect(page.get_by_text("手机号已绑定。")).to_be_visible()
        PhoneCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        page.get_by_text("办理委托，由我代办").click()
        page.get_by_label("短信确认").check()
        page.get_by_role("button", name="办理委托").click()
        page.get_by_label("验证码").fill(code_sent_to(phone_of()))
        is_sound_on_phone_and_desk(page)
        page.get_by_role("button", name="确认委托").click()
        expect(page.get_by_text("华窗 代 李*奶")).to_be_visible()
        assert Mandate.objects.get().state == Mandate.State.VALID
        page.get_by_text("查看完整信息").click()
        page.get_by_label("要看的信息").select_option("number")
        page.get_by_label("原因").fill("核对低保申请")
        page.get_by_role("button", name="查看", exact=True).click()
        expect(page.get_by_text(number_of())).to_be_visible()
        is_sound_on_phone_and_desk(page)
        page.reload()
        page.get_by_role("link", name="群众", exact=True).click()
        expect(page.get_by_role("row").filter(has_text="李*奶")).to_be_visible()
        is_sound_on_phone_and_desk(page)
