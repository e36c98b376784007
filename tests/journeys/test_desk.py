"""The hall's desk in a browser: from a first word to the readers and back, with mouse, keyboard, and without script."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from foundation import schemas
from province.cases.models import ListExport
from province.cases.queries.list_exports import ListWish
from province.cases.states import ListExportState
from province.content.states import PushMode
from province.halls.models import Hall
from tenants.casework.operations.list_exports import request_export
from tenants.documents.models import IssuedDocument
from tenants.portal.models import Article
from tenants.portal.operations.articles import create_article
from tests.browsing import PageAt
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, apply_at_window, make_setup
from tests.factories.files import picture
from tests.factories.forms import begin, filler, make_published_form
from tests.factories.halls import PASSWORD
from tests.factories.pushes import make_push
from tests.factories.sites import BODY, inside, make_article, make_columns
from tests.journeys.looks import WORKED_AT, faults_of, has_no, is_sound, is_sound_on_phone_and_desk, visit
from tests.journeys.saving import save_now
from tests.servers import wait_until
from tests.tenants.workflow.test_filling import ALL

HOST = "north.yizhan.localhost"
WIDTHS = (1280, 360)


@pytest.fixture(scope="module")
def hall(file_database: None) -> Hall:
    found = Hall.objects.get(slug="north")
    make_columns(found)
    return found


def _sign_in(page: Page, who: str) -> Page:
    page.get_by_label("账号").fill(who)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    # by the province's host and back
    page.wait_for_url(f"http://{HOST}:*/desk/**")
    return page


def _draft(hall: Hall, title: str = "便民服务进村") -> Article:
    with inside(hall):
        return create_article(by=person("sun"), hall=hall, column="news", title=title, body=BODY)


def _editor(page: Page) -> Locator:
    """The island, and not the plain field that stands there until it has loaded."""
    return page.get_by_role("textbox", name="正文").and_(page.locator("[contenteditable=true]"))


def _kept(hall: Hall, article: Article) -> Article:
    """As it is now."""
    with schemas.enter(hall.schema_name):
        return Article.objects.get(pk=article.pk)


@WORKED_AT
class TestFromDraftToWithdrawal:
    def test_is_done_by_two_people(
        self, hall: Hall, object_store: None, page_at: PageAt, width: int, tmp_path: Path
    ) -> None:
        photo = tmp_path / "现场.jpg"
        photo.write_bytes(picture().read())

        sun = page_at(HOST, "/desk/", width, who="sun")
        is_sound_on_phone_and_desk(sun)
        sun.get_by_role("link", name="写文章").first.click()
        sun.get_by_label("标题", exact=True).fill("河溶镇周末延时服务受欢迎")
        _editor(sun).click()
        sun.keyboard.type("本周六，便民服务中心照常开门。")
        sun.keyboard.press("Enter")
        sun.get_by_role("button", name="一级标题").click()
        expect(sun.get_by_role("button", name="一级标题", pressed=True)).to_be_visible()
        sun.keyboard.type("办事时间")
        sun.get_by_role("button", name="图片和附件").click()
        dialog = sun.get_by_role("dialog", name="插入图片或附件")
        dialog.get_by_label("文件").set_input_files(photo)
        dialog.get_by_role("button", name="插入").click()
        expect(dialog.get_by_role("alert")).to_contain_text("说明图上有什么")
        dialog.get_by_label("图上有什么").fill("群众在窗口办事")
        is_sound_on_phone_and_desk(sun)
        dialog.get_by_role("button", name="插入").click()
        expect(sun.get_by_role("img", name="群众在窗口办事")).to_be_visible()
        is_sound_on_phone_and_desk(sun)
        sun.get_by_role("button", name="提交审核").click()
        expect(sun.get_by_role("status").filter(has_text="已提交")).to_be_visible()
        expect(sun.get_by_role("button", name="审核通过")).to_be_visible()

        li = page_at(HOST, "/desk/", width, who="li")
        li.get_by_role("link", name="河溶镇周末延时服务受欢迎").click()
        is_sound_on_phone_and_desk(li)
        for _ in range(3):
            li.get_by_role("button", name="审核通过").click()
        expect(li.get_by_text("网站现用")).to_be_visible()

        reader = page_at(HOST, "/", width)
        reader.get_by_role("link", name="河溶镇周末延时服务受欢迎").first.click()
        expect(reader.get_by_role("heading", name="办事时间")).to_be_visible()
        expect(reader.get_by_role("img", name="群众在窗口办事")).to_be_visible()

        li.get_by_text("撤下", exact=True).click()
        li.get_by_label("原因（读者会看到）").fill("时间有误")
        li.get_by_role("button", name="立即撤下").click()
        expect(li.get_by_text("已从网站撤下。原因：时间有误")).to_be_visible()
        gone = reader.reload()
        assert gone is not None
        assert gone.status == 410
        expect(reader.get_by_text("时间有误")).to_be_visible()
        li.get_by_role("button", name="恢复发布").click()
        back = reader.reload()
        assert back is not None
        assert back.status == 200


class TestEditor:
    def test_saves_by_itself(self, hall: Hall, page_at: PageAt) -> None:
        article = _draft(hall)
        page = page_at(HOST, f"/desk/articles/{article.pk}/edit/", who="sun")
        _editor(page).click()
        page.keyboard.press("Control+End")
        page.keyboard.type("自动保存的一句。")
        expect(page.locator("[data-editor-status]")).to_contain_text("已自动保存", timeout=10_000)
        assert "自动保存的一句。" in _kept(hall, article).body
        page.get_by_label("标题", exact=True).fill("改过的标题")
        expect(page.locator("[data-editor-status]")).to_contain_text("正在")
        expect(page.locator("[data-editor-status]")).to_contain_text("已自动保存", timeout=10_000)
        kept = _kept(hall, article)
        assert (kept.title, kept.revision) == ("改过的标题", 2)

    def test_keeps_the_text_of_a_lost_session(self, hall: Hall, page_at: PageAt) -> None:
        article = _draft(hall)
        path = f"/desk/articles/{article.pk}/edit/"
        page = page_at(HOST, path, who="sun")
        address = page.url
        page.context.clear_cookies(name="sessionid")
        _editor(page).click()
        page.keyboard.press("Control+End")
        page.keyboard.type("登录失效时写的话。")
        save_now(page)
        expect(page.locator("[data-editor-status]")).to_contain_text("登录已失效", timeout=10_000)
        page.once("dialog", lambda dialog: dialog.accept())
        page.goto(address)
        _sign_in(page, "sun")
        page.goto(address)
        page.get_by_role("button", name="恢复这份文字").click()
        expect(page.get_by_role("textbox", name="正文")).to_contain_text("登录失效时写的话。")
        save_now(page)
        expect(page.locator("[data-editor-status]")).to_contain_text("已自动保存", timeout=10_000)
        assert "登录失效时写的话。" in _kept(hall, article).body

    def test_gives_the_lock_back_when_it_is_left(self, hall: Hall, page_at: PageAt) -> None:
        article = _draft(hall)
        path = f"/desk/articles/{article.pk}/edit/"
        sun = page_at(HOST, path, who="sun")
        expect(sun.get_by_role("toolbar", name="正文格式")).to_be_visible()
        li = page_at(HOST, path, who="li")
        expect(li.get_by_text("孙北正在编辑这篇文章")).to_be_visible()
        sun.get_by_role("link", name="返回文章页面").click()
        wait_until(lambda: _kept(hall, article).locked_by_name == "", what="the lock's release")
        li.goto(li.url.removesuffix("/") + "/edit/")
        expect(li.get_by_role("toolbar", name="正文格式")).to_be_visible()

    def test_goes_by_keyboard(self, hall: Hall, page_at: PageAt) -> None:
        page = page_at(HOST, "/desk/articles/new/", who="sun")
        _editor(page).click()
        page.keyboard.type("加粗的字")
        page.keyboard.press("Control+a")
        page.keyboard.press("Alt+F10")
        page.keyboard.press("Home")
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        expect(page.get_by_role("button", name="加粗")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="加粗")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("Control+k")
        dialog = page.get_by_role("dialog", name="链接")
        dialog.get_by_label("地址").fill("javascript:alert(1)")
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_be_visible()
        dialog.get_by_label("地址").fill("https://www.hubei.gov.cn/")
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        link = '<p><a href="https://www.hubei.gov.cn/"><strong>加粗的字</strong></a></p>'
        assert page.locator("textarea[name=body]").input_value() == link
        page.get_by_role("button", name="表格").click()
        is_sound(page)

    def test_goes_on_where_somebody_wrote_before_it_had_loaded(self, hall: Hall, page_at: PageAt) -> None:
        page = page_at(HOST, "/desk/", who="sun")
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/editor*.js", hold)
        page.goto(page.url + "articles/new/", wait_until="commit")
        page.get_by_label("正文", exact=True).click()
        page.keyboard.type("先写的字，")
        held[0].continue_()
        expect(_editor(page)).to_be_focused()
        page.keyboard.type("接着写")
        expect(_editor(page)).to_have_text("先写的字，接着写")

    def test_is_a_plain_field_without_script(self, hall: Hall, page_at: PageAt) -> None:
        page = _sign_in(page_at(HOST, "/desk/articles/new/", 360, javascript=False), "sun")
        page.get_by_label("标题", exact=True).fill("没有脚本也能写")
        page.get_by_label("正文", exact=True).fill("第一段\n第二段")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("已保存")).to_be_visible()
        with schemas.enter(hall.schema_name):
            assert Article.objects.get(title="没有脚本也能写").body == "<p>第一段</p><p>第二段</p>"


class TestEveryPage:
    def test_is_accessible_and_fits(self, hall: Hall, page_at: PageAt) -> None:
        draft, shown = _draft(hall), make_article(hall, "已发布的文章")
        push = make_push(title="推荐的稿件", mode=PushMode.OFFERED)
        with inside(hall):
            form = make_published_form(hall, ALL)
            filled = begin(hall, form.pk, filler("sun"))
        page, faults = page_at(HOST, "/desk/", who="sun"), []
        base = page.url.removesuffix("/desk/")
        for path in (
            *(
                "/desk/articles/",
                f"/desk/articles/{draft.pk}/",
                f"/desk/articles/{shown.pk}/",
                "/desk/articles/?search=无",
            ),
            *(f"/desk/articles/{shown.pk}/compare/?from=1&to=0", "/desk/columns/", "/desk/columns/about/edit/"),
            *("/desk/pushes/", "/desk/pushes/shown/", "/desk/pushes/decided/", f"/desk/pushes/{push.pk}/"),
            *("/desk/library/", "/desk/settings/", "/desk/accounts/", "/account/"),
            *("/desk/forms/fill/", f"/desk/forms/{form.pk}/fill/", f"/desk/forms/filled/{filled.pk}/"),
        ):
            answer = page.goto(base + path)
            assert answer is not None
            assert answer.status == 200, path
            faults += faults_of(page, *WIDTHS)
        has_no(faults)

    def test_of_cases_and_documents_is_accessible_and_fits(self, hall: Hall, page_at: PageAt) -> None:
        adoption = make_shown(hall)
        hall.refresh_from_db()
        with inside(hall):
            setup = make_setup(hall, adoption)
            waiting, taken_up = apply_at_window(hall, setup), accepted(hall, setup)
            issued = IssuedDocument.objects.filter(owner_id=taken_up.pk).latest("created_at")
            export = request_export(by=person("he"), hall=hall, wish=ListWish())
        page, faults = _sign_in(page_at(HOST, "/desk/"), "he"), []
        base = page.url.removesuffix("/desk/")
        for path in (
            *("/desk/cases/", "/desk/cases/new/", f"/desk/cases/{waiting.pk}/", f"/desk/cases/{taken_up.pk}/"),
            *("/desk/cases/setups/", f"/desk/cases/setups/{setup.pk}/", "/desk/documents/"),
            *(f"/desk/documents/{issued.pk}/", "/desk/document-templates/"),
            f"/desk/document-templates/{issued.kind}/",
            *("/desk/cases/exports/", f"/desk/cases/exports/{export.pk}/"),
        ):
            answer = page.goto(base + path)
            assert answer is not None
            assert answer.status == 200, path
            faults += faults_of(page, *WIDTHS)
        # the list on its way into a file says by itself that it is there
        finish = {"state": ListExportState.DONE, "written": 2, "size": 4_321, "finished_at": timezone.now()}
        ListExport.objects.filter(pk=export.pk).update(**finish)
        expect(page.get_by_role("button", name="下载")).to_be_visible()
        faults += faults_of(page, *WIDTHS)
        visit(page, "/desk/cases/exports/")
        expect(page.get_by_role("button", name="开始导出")).to_be_visible()
        faults += faults_of(page, *WIDTHS)
        # a case opens beside the list, with what its own page says
        visit(page, "/desk/cases/")
        page.locator(f"a[data-panel='{waiting.pk}']").click()
        panel = page.get_by_role("dialog")
        expect(panel.get_by_role("heading", name="期限")).to_be_visible()
        faults += faults_of(page, *WIDTHS)
        has_no(faults)


class TestColumnsByKeyboard:
    def test_keep_the_focus_on_the_button(self, hall: Hall, page_at: PageAt) -> None:
        page = page_at(HOST, "/desk/columns/", who="sun")
        page.get_by_role("button", name="上移“政策文件”").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**moved=policies-up")
        expect(page.get_by_role("button", name="上移“政策文件”")).to_be_focused()
        for _ in range(2):
            with page.expect_navigation():
                page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="下移“政策文件”")).to_be_focused()
