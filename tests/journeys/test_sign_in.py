"""Signing in, as people do it: the first time, with a passkey, out of a lost device, and again before a grave act."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from config.demo.citizens import make_citizens
from province.audit.operations import record_act
from province.halls.models import Hall, HallKind
from province.halls.states import HallState
from province.people.models import Account
from province.rights.queries import system_actor
from province.sign_in.models import SignInSession
from tests.browsing import PageAt, outdate_pages, web_server
from tests.factories.halls import PASSWORD
from tests.factories.registry import register_halls
from tests.factories.sign_in import code_now, make_totp
from tests.journeys.authenticators import authenticator
from tests.journeys.looks import WORKED_AT, is_sound, is_sound_on_phone_and_desk
from tests.servers import free_port

PROVINCE, NORTH = "yizhan.localhost", "north.yizhan.localhost"


@pytest.fixture(scope="module")
def _strict_server() -> Iterator[int]:
    port = free_port()
    with web_server(port, SECOND_FACTOR_REQUIRED="1", YIZHAN_DEMO="1", YIZHAN_WEB_PORT=str(port)):
        yield port


@pytest.fixture
def strict_port(fresh_database: None, _strict_server: int) -> int:
    """Of a web server for a demo, on which nobody else goes without a second factor."""
    outdate_pages()
    return _strict_server


def _give_password(page: Page, username: str) -> None:
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def _sign_in(page: Page, username: str) -> None:
    _give_password(page, username)
    page.wait_for_url(re.compile(r"/(console|desk)/"))


class TestFirstSignIn:
    @WORKED_AT
    def test_takes_three_screens_and_ends_at_the_desk(self, strict_port: int, browser: Browser, width: int) -> None:
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        page = context.new_page()
        page.goto(f"http://{NORTH}:{strict_port}/desk/")
        is_sound_on_phone_and_desk(page)
        _give_password(page, "sun")
        expect(page.get_by_role("heading", name="设置第二种登录验证")).to_be_visible()
        is_sound_on_phone_and_desk(page)
        page.get_by_text("扫不了，手工输入密钥").click()
        secret = page.locator(".totp-key").inner_text()
        page.get_by_label("应用里显示的 6 位数字").fill(code_now(secret))
        page.get_by_role("button", name="完成设置").click()
        expect(page.get_by_role("heading", name="请保存恢复码")).to_be_visible()
        is_sound_on_phone_and_desk(page)
        codes = page.locator("[data-codes] code").all_inner_texts()
        assert len(codes) == 10
        with page.expect_download() as saved:
            page.get_by_role("link", name="下载").click()
        assert codes[0] in saved.value.path().read_text(encoding="utf-8")
        page.get_by_role("link", name="我已保存，继续").click()
        page.wait_for_url(f"http://{NORTH}:*/desk/")
        # the next time: password, code, desk
        page.get_by_role("button", name="退出").click()
        page.goto(f"http://{NORTH}:{strict_port}/desk/")
        _give_password(page, "sun")
        expect(page.get_by_label("验证码")).to_be_focused()
        is_sound_on_phone_and_desk(page)
        page.get_by_label("验证码").fill(codes[3])
        page.get_by_role("button", name="验证并登录").click()
        page.wait_for_url(f"http://{NORTH}:*/desk/")
        context.close()


class TestPasskey:
    def test_is_made_once_and_then_signs_in_by_one_click(self, page_at: PageAt) -> None:
        page = page_at(PROVINCE, "/sign-in/")
        authenticator(page)
        _sign_in(page, "zhao")
        page.goto(page.url.replace("/console/", "/account/factors/"))
        is_sound(page)
        page.get_by_label("给它起个名字").fill("办公室电脑")
        page.get_by_role("button", name="添加通行密钥").click()
        expect(page.get_by_text("通行密钥“办公室电脑”已添加")).to_be_visible()
        page.get_by_role("button", name="退出").click()
        page.get_by_role("button", name="用通行密钥登录").click()
        page.wait_for_url("**/console/")
        assert SignInSession.objects.order_by("-pk")[0].factor == "passkey"

    def test_says_so_when_the_owner_does_not_answer(self, page_at: PageAt) -> None:
        page = page_at(PROVINCE, "/sign-in/")
        session = authenticator(page)
        page.get_by_role("button", name="用通行密钥登录").click()
        expect(page.get_by_text("没有完成：您取消了，或者等得太久")).to_be_visible()
        session.detach()


class TestLostDevice:
    @WORKED_AT
    def test_is_signed_out_everywhere_at_once(self, page_at: PageAt, width: int) -> None:
        lost = page_at(NORTH, "/desk/", width)
        _sign_in(lost, "sun")
        page = page_at(PROVINCE, "/sign-in/", width)
        _sign_in(page, "sun")
        page.goto(page.url.replace("/console/", "/account/"))
        page.get_by_role("link", name="登录的设备").click()
        expect(page.get_by_text("这台", exact=True)).to_be_visible()
        is_sound_on_phone_and_desk(page)
        page.get_by_role("button", name=re.compile("^退出 .* 的登录$")).click()
        expect(page.get_by_text("那台设备已退出登录，立即生效。")).to_be_visible()
        lost.reload()
        expect(lost.get_by_role("heading", name="工作人员登录")).to_be_visible()
        # and its province's page too
        lost.goto(f"http://{PROVINCE}:{settings.WEB_PORT}/console/")
        expect(lost.get_by_role("heading", name="工作人员登录")).to_be_visible()


class TestGraveAct:
    @WORKED_AT
    def test_asks_once_more_and_loses_nothing(self, page_at: PageAt, width: int) -> None:
        secret = make_totp(Account.objects.get(username="zhao"))
        page = page_at(PROVINCE, "/sign-in/", width)
        _give_password(page, "zhao")
        page.get_by_label("验证码").fill(code_now(secret))
        page.get_by_role("button", name="验证并登录").click()
        page.wait_for_url("**/console/")
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        page.goto(page.url.replace("/console/", "/console/halls/420583000000/"))
        page.locator("summary").filter(has_text=re.compile("^停用$")).click()
        page.locator("#retire-reason").fill("机构撤并")
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="停用这个服务厅").click()
        expect(page.get_by_role("heading", name="确认是您本人")).to_be_visible()
        is_sound_on_phone_and_desk(page)
        page.get_by_label("验证码").fill(code_now(secret, 1))
        page.get_by_role("button", name="确认并继续").click()
        expect(page.get_by_text("现在是“停用”状态")).to_be_visible()
        south = Hall.objects.get(slug="south")
        assert (south.state, south.state_reason) == (HallState.RETIRED, "机构撤并")


class TestDemo:
    @pytest.fixture
    def demo_port(self, strict_port: int) -> int:
        """Of the same server, with the demo's data in the database."""
        register_halls([("420582102", HallKind.TOWNSHIP), ("420582102201", HallKind.VILLAGE)])
        make_citizens()
        make_citizens()
        record_act(by=system_actor(), act="demo.load", object_type="demo", object_id=UUID(int=420582))
        return strict_port

    @WORKED_AT
    def test_signs_its_people_in_by_one_click(self, demo_port: int, browser: Browser, width: int) -> None:
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        page = context.new_page()
        page.goto(f"http://{PROVINCE}:{demo_port}/sign-in/")
        is_sound_on_phone_and_desk(page)
        page.get_by_role("button", name="赵敏").click()
        page.wait_for_url("**/console/")
        page.get_by_role("button", name="退出").click()
        page.goto(f"http://{NORTH}:{demo_port}/desk/")
        page.get_by_role("button", name="孙北").click()
        page.wait_for_url(f"http://{NORTH}:*/desk/")
        # citizens, where they sign in: on every hall's site
        page.goto(f"http://{NORTH}:{demo_port}/me/")
        is_sound_on_phone_and_desk(page)
        page.get_by_role("button", name="黄建国").click()
        expect(page.get_by_text("周*芬 代 当阳市沮漳河果蔬专业合作社（演示）")).to_be_visible()
        context.close()
