"""Every kind of page of the console, on a desktop and on a phone: no serious fault, nothing wider than the window."""

from datetime import date
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from province.content.models import Push
from province.content.operations.deliveries import write_deliveries
from province.content.operations.library import offer_article
from province.content.operations.proofs import verify_push_now
from province.content.operations.pushes import push_version
from province.content.queries.audiences import audience_of_codes
from province.halls.models import DivisionChange, Hall
from province.halls.operations import load_divisions
from provisioning.create import start_rollout
from provisioning.models import RolloutStep
from provisioning.states import StepState
from tests.browsing import PROVINCE, PageAt
from tests.conftest import person
from tests.factories.accounts import make_account
from tests.factories.halls import PASSWORD
from tests.factories.manuscripts import (
    make_approved_version,
    make_manuscript,
    make_returned_version,
    make_version_in_review,
)
from tests.journeys.looks import faults_of, fits, has_no, is_sound, visit, widen
from tests.journeys.saving import save_now

pytestmark = pytest.mark.usefixtures("file_database")
HALL = "/console/halls/420582000000/"
WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def pushed(file_database: None) -> Push:
    """A push with its proof, an urgent one, and manuscripts in every state."""
    version = make_approved_version(by="sun")
    push = push_version(
        by=person("zhao"),
        version=version,
        audience=audience_of_codes(["420000000000"], ["420583000000"]),
        column="news",
    )
    verify_push_now(push)
    make_version_in_review(title="宜昌市开展便民服务大走访", by="sun", is_urgent=True)
    make_manuscript(title="写到一半的稿件")
    return push


def pages_of(push: Push) -> list[str]:
    text, version = push.version.manuscript_id, push.version_id
    returned = make_returned_version(title="被退回的稿件", by="qian")
    waiting = make_version_in_review(title="等待初审的稿件", by="sun")
    return [
        "/",
        "/?q=当阳",
        "/console/",
        "/console/search/?q=当阳",
        "/console/divisions/",
        "/console/divisions/?q=当阳",
        "/console/halls/",
        "/console/halls/?search=没有的",
        HALL,
        f"{HALL}edit/",
        "/console/rollouts/",
        "/console/rollouts/new/?under=42",
        "/console/settings/",
        "/console/manuscripts/",
        "/console/manuscripts/?view=reviews",
        "/console/manuscripts/new/",
        f"/console/manuscripts/{returned.manuscript_id}/",
        f"/console/manuscripts/{text}/versions/",
        f"/console/versions/{waiting.pk}/",
        f"/console/versions/{version}/push/",
        "/console/pushes/",
        f"/console/pushes/{push.pk}/",
        f"/console/pushes/{push.pk}/withdraw/",
        f"/console/pushes/{push.pk}/receipt/",
        "/console/library/",
        "/console/accounts/",
        "/console/accounts/new/",
        "/console/accounts/import/",
        "/console/deliveries/",
        "/account/",
    ]


@pytest.fixture(scope="module")
def single_pages(pushed: Push) -> list[str]:
    """Pages about one thing that something must happen to before they are there."""
    lines = ["420000000000,湖北省", "420500000000,新宜昌市", "420582000000,当阳市", "420583000000,枝江市"]
    lines += ["420582103000,河溶镇", "420582103201,新红联村"]
    plan = load_divisions(
        by=person("zhao"), source="2026年.csv", lines_or_bytes=lines, effective_on=date(2026, 1, 1)
    ).plan_id
    line = DivisionChange.objects.filter(plan=plan).values_list("pk", flat=True)[0]
    rollout = start_rollout(by=person("zhao"), under="420500000000")
    failed = RolloutStep.objects.filter(rollout=rollout).values("pk")[:1]
    RolloutStep.objects.filter(pk__in=failed).update(state=StepState.FAILED, reason="对象存储暂时连接不上。")
    north = Hall.objects.get(slug="north")
    offer = offer_article(
        by=person("sun"), hall=north, article_id=uuid4(), title="红联村延时开放", body="<p>周末也能办社保。</p>"
    )
    account = make_account(north, connector="http", endpoint="https://a.cn/", state="changed")
    again = push_version(
        by=person("zhao"),
        version=make_approved_version(title="推到账号的稿件", by="sun"),
        audience=audience_of_codes(["420582000000"]),
        column="notices",
    )
    write_deliveries(push_id=again.pk, turn=again.turn, act="push")
    return [
        f"/console/divisions/plans/{plan}/",
        f"/console/divisions/plans/{plan}/?with={line}",
        f"/console/divisions/plans/{plan}/changes/{line}/",
        f"/console/rollouts/{rollout.pk}/",
        "/console/rollouts/",
        f"/console/library/{offer.pk}/",
        f"/console/accounts/{account.pk}/",
        "/console/deliveries/",
        f"/console/pushes/{again.pk}/",
        "/console/settings/?search=sun",
        "/console/settings/?search=nobody",
    ]


class TestConsole:
    def test_has_no_page_with_a_serious_fault(self, pushed: Push, page_at: PageAt) -> None:
        paths = pages_of(pushed)
        page = page_at(PROVINCE, paths[0], WIDTHS[0], who="zhao")
        has_no(_faults(page, paths))

    # behind the other one, which sees lists in which nothing stands yet
    def test_has_no_page_about_one_thing_with_a_serious_fault(self, single_pages: list[str], page_at: PageAt) -> None:
        page = page_at(PROVINCE, single_pages[0], WIDTHS[0], who="zhao")
        has_no(_faults(page, single_pages))

    def test_signs_people_in_without_a_fault(self, page_at: PageAt) -> None:
        page = page_at(PROVINCE, "/sign-in/", WIDTHS[0])
        page.get_by_label("账号").fill("zhao")
        page.get_by_label("密码").fill("wrong")
        page.get_by_role("button", name="登录", exact=True).click()
        for width in WIDTHS:
            widen(page, width)
            expect(page.get_by_role("alert")).to_have_text("账号或密码不正确。")
            is_sound(page)


class TestKeyboard:
    def test_reaches_the_search_and_finds(self, page_at: PageAt) -> None:
        page = page_at(PROVINCE, "/console/", who="zhao")
        page.keyboard.press("Control+k")
        page.keyboard.type("当阳")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="服务厅", exact=True)).to_be_visible()

    def test_walks_the_tree(self, page_at: PageAt) -> None:
        page = fits(page_at(PROVINCE, "/console/divisions/", who="zhao"))
        expect(page.get_by_text("宜昌市")).to_be_visible()
        page.locator(".tree summary").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text("枝江市", exact=True)).to_be_visible()
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_text("枝江市", exact=True)).to_be_hidden()

    def test_opens_a_branch_in_the_moment_in_which_it_appears(self, page_at: PageAt) -> None:
        """Before htmx has seen it."""
        page = page_at(PROVINCE, "/console/pushes/", who="zhao")
        page.add_init_script("""
            const open = () => document.querySelectorAll(".tree details").forEach((one) => { one.open = true; });
            new MutationObserver(open).observe(document, { childList: true, subtree: true });
        """)
        visit(page, "/console/divisions/")
        expect(page.get_by_text("枝江市", exact=True)).to_be_visible()


class TestEditor:
    def test_keeps_the_text_when_the_session_is_lost(self, page_at: PageAt) -> None:
        text = make_manuscript(title="会丢的稿件")
        page = fits(page_at(PROVINCE, f"/console/manuscripts/{text.pk}/", who="zhao"))
        page.context.clear_cookies(name="sessionid")
        page.locator(".editor.is-ready [contenteditable]").fill("这一段不能丢。")
        save_now(page)
        # the refused save is an error that the page itself explains
        expect(page.get_by_text("登录已失效")).to_be_visible()
        again_at = page.url
        again = page.context.new_page()
        # two windows on one text would save past each other
        page.close()
        again.goto(again_at)
        _sign_in_here(again)
        expect(again.get_by_text("没有保存成功的文字")).to_be_visible()
        again.get_by_role("button", name="恢复这份文字").click()
        expect(again.locator(".editor.is-ready [contenteditable]")).to_contain_text("这一段不能丢。")
        save_now(again)
        expect(again.get_by_text("已自动保存")).to_be_visible()

    def test_goes_on_saving_once_somebody_signed_in_again_in_another_window(self, page_at: PageAt) -> None:
        text = make_manuscript(title="接着写的稿件")
        page = fits(page_at(PROVINCE, f"/console/manuscripts/{text.pk}/", who="zhao"))
        page.context.clear_cookies(name="sessionid")
        page.locator(".editor.is-ready [contenteditable]").fill("登录回来接着保存。")
        save_now(page)
        expect(page.get_by_text("登录已失效")).to_be_visible()
        again = page.context.new_page()
        again.goto(page.url.partition("/console/")[0] + "/console/")
        _sign_in_here(again)
        expect(again.locator("main")).to_be_visible()
        # what the page does by itself every fifteen seconds, and whenever the network is back
        save_now(page)
        expect(page.get_by_text("已自动保存")).to_be_visible()


class TestWithoutScript:
    def test_pushes_by_codes(self, page_at: PageAt) -> None:
        version = make_approved_version(by="sun")
        page = page_at(PROVINCE, f"/console/versions/{version.pk}/push/", javascript=False)
        _sign_in_here(page)
        page.get_by_label("推送到（区划代码）").fill("420582000000")
        page.get_by_role("button", name="看看推到哪些厅").click()
        expect(page.get_by_text("将在 2 个服务厅显示").first).to_be_visible()
        page.get_by_role("button", name="推送", exact=True).click()
        expect(page.get_by_text("已推送，各服务厅网站立即显示。")).to_be_visible()


def _sign_in_here(page: Page) -> None:
    page.get_by_label("账号").fill("zhao")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def _faults(page: Page, paths: list[str]) -> list[str]:
    """Of every page at every width."""
    faults = []
    for path in paths:
        visit(page, path)
        faults += faults_of(page, *WIDTHS, shows="main h1")
    return faults
