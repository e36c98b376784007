"""Forms as people fill them in: on one device and another, without a script, on paper; drafts go once one is sure."""

import os
from uuid import UUID

from playwright.sync_api import Dialog, Page, expect

from province.citizens.models import PhoneCode
from province.halls.models import Hall
from tenants.workflow.models import FilledForm
from tests.browsing import PageAt
from tests.factories.citizens import make_proved, phone_of
from tests.factories.forms import make_published_form
from tests.factories.sites import inside, make_columns
from tests.journeys.looks import is_sound
from tests.journeys.test_citizens import sign_in

HOST = "north.yizhan.localhost"
# where pictures are kept to be looked at: YIZHAN_PICTURES=/tmp/pictures
PICTURES = os.environ.get("YIZHAN_PICTURES", "")


def _keep(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/filling-{name}.png", full_page=True)


class TestACitizen:
    def test_fills_in_without_a_script_and_goes_on_elsewhere(
        self, live_site: str, page_at: PageAt, north: Hall
    ) -> None:
        make_columns(north)
        make_proved()
        with inside(north):
            form = make_published_form(north, is_open=True)

        def at(path: str, width: int, *, javascript: bool) -> Page:
            page = page_at(HOST, "/", width, javascript=javascript)
            base = page.url.rstrip("/")
            # a code is sent once a minute
            PhoneCode.objects.all().delete()
            sign_in(page, phone_of())
            page.goto(base + path)
            return page

        phone = at(f"/forms/{form.pk}/", 360, javascript=False)
        phone.get_by_role("button", name="开始填").click()
        expect(phone.get_by_role("heading", level=1, name="我们已有的信息")).to_be_visible()
        expect(phone.get_by_text("张小三")).to_be_visible()
        _keep(phone, "known")
        phone.get_by_role("button", name="都对，下一步").click()
        phone.get_by_role("button", name="保存，下一步").click()
        # what is wrong is listed, and leads to its place
        phone.get_by_role("link", name="请选择“请假类型”").click()
        _keep(phone, "wrong")
        phone.get_by_label("病假").check()
        phone.get_by_role("button", name="保存，下一步").click()
        # an answer has brought one more question, without a script as with one
        expect(phone.get_by_role("heading", level=1, name="医院")).to_be_visible()
        phone.get_by_label("医院").fill("当阳市人民医院")
        phone.get_by_role("button", name="先存着，以后再填").click()
        expect(phone.get_by_text("换一部手机也可以")).to_be_visible()
        desk = at("/forms/", 1280, javascript=True)
        _keep(desk, "drafts")
        is_sound(desk, 1280, 360)
        desk.get_by_role("link", name="请假申请").first.click()
        # where they were, with what they wrote
        expect(desk.get_by_label("医院")).to_have_value("当阳市人民医院")
        desk.get_by_role("button", name="保存，下一步").click()
        desk.get_by_label("开始日期").fill("2026-12-07")
        desk.get_by_label("结束日期").fill("2026-12-09")
        desk.get_by_role("button", name="保存，下一步").click()
        expect(desk.get_by_role("heading", level=1, name="检查您的填写")).to_be_visible()
        expect(desk.get_by_text("当阳市人民医院")).to_be_visible()
        expect(desk.get_by_text("3 个工作日")).to_be_visible()
        _keep(desk, "check")
        desk.get_by_role("button", name="确认提交").click()
        expect(desk.get_by_text("已提交").first).to_be_visible()
        with desk.expect_download() as paper:
            desk.get_by_role("link", name="下载 PDF").click()
        assert paper.value.suggested_filename.endswith(".pdf")
        self._drop(phone, form.pk)

    def _drop(self, phone: Page, form_id: UUID) -> None:
        """A draft, by who says so twice, without a script as well."""
        site = phone.url.partition("/me/")[0].partition("/forms/")[0]
        phone.goto(f"{site}/forms/{form_id}/")
        phone.get_by_role("button", name="开始填").click()
        phone.goto(f"{site}/forms/")
        phone.get_by_text("删除草稿").click()
        _keep(phone, "drop")
        phone.get_by_role("button", name="确定删除").click()
        expect(phone.get_by_text("没有草稿。")).to_be_visible()


class TestAClerk:
    def test_is_asked_before_a_draft_is_deleted(self, live_site: str, page_at: PageAt, north: Hall) -> None:
        with inside(north):
            form = make_published_form(north)
        page = page_at(HOST, f"/desk/forms/{form.pk}/fill/", who="cao")
        asked: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            asked.append(dialog.message)
            dialog.dismiss()

        page.get_by_role("button", name="开始填").click()
        page.once("dialog", dismiss)
        page.get_by_role("button", name="删除这份草稿").click()
        assert asked == ["草稿里填的和上传的都会删除，不能恢复。"]
        page.reload()
        with inside(north):
            assert FilledForm.objects.count() == 1
        page.once("dialog", lambda one: one.accept())
        page.get_by_role("button", name="删除这份草稿").click()
        expect(page.get_by_text("草稿已删除。")).to_be_visible()

    def test_sees_on_a_phone_which_box_is_open(self, live_site: str, page_at: PageAt) -> None:
        page = page_at(HOST, "/desk/work/?box=copied", 360, who="cao")
        expect(page.get_by_role("link", name="抄送我的")).to_be_in_viewport(ratio=1)
        is_sound(page, 360)
