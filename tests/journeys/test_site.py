"""A hall's site as its readers see it, in a browser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from province.content.states import WithdrawalKind
from province.halls.models import Hall
from province.halls.states import HallState
from tenants.portal.models import Column
from tests.browsing import PageAt
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import change_hall, make_article, make_articles, make_column, make_columns, make_file
from tests.journeys.looks import faults_of, has_no, is_sound, visit

NORTH = "north.yizhan.localhost"
BODY = """<p>本周六，全市各便民服务中心照常开门。</p><h2>办理时间</h2>
<table><thead><tr><th>事项</th><th>窗口</th><th>承诺时限</th><th>法定时限</th><th>咨询电话</th></tr></thead>
<tbody><tr><td>新生儿出生一件事</td><td>A01—A03</td><td>1个工作日</td><td>15个工作日</td><td>0717-3251234</td></tr></tbody></table>
<p>请携带<a href="/c/guides/">办事提示</a>所列材料，详见<a href="/media/{file}">清单</a>。</p>
<blockquote><p>让群众少跑腿。</p></blockquote><ul><li>身份证原件</li></ul>"""


@pytest.fixture(scope="module")
def addresses(file_database: None) -> dict[str, str]:
    """A site with something of everything; the address of every kind of page."""
    north = Hall.objects.get(slug="north")
    change_hall(
        north,
        slogan="一站办好每件事",
        organiser="当阳市政务服务和大数据管理局",
        site_code="4205820001",
        icp_number="鄂ICP备05012345号-1",
        address="当阳市玉阳街道长坂路126号",
        phone="0717-3251234",
        opening_hours=[{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"}],
    )
    make_columns(north)
    make_column(north, "about", "走进本地", kind=Column.Kind.PAGE, body="<p>沮漳河畔的小城。</p>")
    file = make_file(north, name="清单.pdf", media_type="application/pdf")
    at = timezone.now() - timedelta(days=1)
    article = make_article(
        north, "集中服务日", body=BODY.format(file=file.pk), source="市政务服务中心", author="孙北", published_at=at
    )
    for column in ("news", "notices", "policies", "disclosure", "guides"):
        make_articles(north, 22 if column == "news" else 3, column=column, title="关于办理时间调整的通知")
    make_article(north, "玉泉寺秋色", column="pictures")
    push = make_push(title="全省“跨省通办”事项清单")
    make_push(title="暴雨红色预警", column="notices", is_urgent=True)
    noticed, gone = make_push(column="notices"), make_push(column="notices")
    withdraw(noticed, WithdrawalKind.NOTICE, reason="办理地点已变更。")
    withdraw(gone, WithdrawalKind.GONE)
    return {
        "home": "/",
        "column": "/c/news/",
        "disclosure": "/open/",
        "page": "/c/about/",
        "gallery": "/c/pictures/",
        "article": f"/a/{article.pk}/",
        "push": f"/p/{push.pk}/",
        "notice": f"/p/{noticed.pk}/",
        "gone": f"/p/{gone.pk}/",
        "search": "/search/?q=通知",
        "nothing found": "/search/?q=不存在的词",
        "map": "/map/",
        "accessibility": "/accessibility/",
        "offline": "/offline/",
        "missing": "/nothing/",
    }


@pytest.fixture
def closed(addresses: dict[str, str], north: Hall) -> Iterator[None]:
    change_hall(north, state=HallState.SUSPENDED, state_reason="机房搬迁。")
    yield
    change_hall(north, state=north.state, state_reason=north.state_reason)


@pytest.mark.parametrize(("elder", "widths"), [(False, (1280, 768, 360)), (True, (1280, 360))], ids=["usual", "elder"])
class TestEveryPage:
    def test_is_sound(
        self,
        page_at: PageAt,
        addresses: dict[str, str],
        elder: bool,  # noqa: FBT001
        widths: tuple[int, ...],
    ) -> None:
        page, faults = page_at(NORTH, elder=elder), []
        for name, address in addresses.items():
            visit(page, address)
            faults += [f"{name} {fault}" for fault in faults_of(page, *widths, elder=elder)]
        has_no(faults)

    def test_of_a_closed_site_is_sound(
        self,
        page_at: PageAt,
        closed: None,
        elder: bool,  # noqa: FBT001
        widths: tuple[int, ...],
    ) -> None:
        page = page_at(NORTH, "/", elder=elder)
        expect(page.get_by_text("机房搬迁。")).to_be_visible()
        is_sound(page, *widths, elder=elder)


class TestReader:
    def test_reads_everything_without_a_script(self, page_at: PageAt, addresses: dict[str, str]) -> None:
        page = page_at(NORTH, javascript=False)
        page.get_by_role("link", name="暴雨红色预警").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("暴雨红色预警")
        page.get_by_label("搜索本站").fill("跨省通办")
        page.get_by_role("button", name="搜索").click()
        page.get_by_role("link", name="全省“跨省通办”事项清单").click()
        expect(page.get_by_text("本文由 湖北省 统一发布")).to_be_visible()
        page.get_by_role("link", name="长者模式").click()
        expect(page.locator("html[data-mode=elder]")).to_have_count(1)
        expect(page.get_by_role("button", name="打印")).to_have_count(0)
        page.goto(page.url.partition("/p/")[0] + "/c/news/")
        page.get_by_role("link", name="更早").click()
        expect(page.get_by_role("link", name="最新")).to_be_visible()

    def test_uses_tabs_by_keyboard(self, page_at: PageAt, addresses: dict[str, str]) -> None:
        page = page_at(NORTH)
        tabs = page.get_by_role("tab")
        expect(tabs).to_have_text(["通知公告", "政策文件", "公示公开", "办事提示"])
        tabs.first.focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tabpanel", name="政策文件")).to_be_visible()
        expect(page.get_by_role("tabpanel", name="通知公告")).to_be_hidden()

    def test_enlarges_an_article_and_copies_its_address(self, page_at: PageAt, addresses: dict[str, str]) -> None:
        page = page_at(NORTH, addresses["article"])
        body = page.locator("[data-body]")
        before = body.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        page.get_by_role("button", name="大字").click()
        assert body.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > before
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="复制分享").click()
        page.get_by_text("已复制标题和网址").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("集中服务日 http")
        assert copied.endswith(addresses["article"])

    def test_prints_the_article_alone(self, page_at: PageAt, addresses: dict[str, str]) -> None:
        page = page_at(NORTH, addresses["article"])
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for hidden in (
            page.get_by_label("栏目"),
            page.get_by_label("搜索本站"),
            page.get_by_role("button", name="打印"),
        ):
            expect(hidden).to_be_hidden()

    def test_reads_on_without_a_network(self, page_at: PageAt, addresses: dict[str, str]) -> None:
        page = page_at(NORTH)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.goto(page.url.rstrip("/") + addresses["article"])
        page.evaluate("caches.open('articles').then(async c => { while (!(await c.keys()).length) await c.keys() })")
        page.context.set_offline(True)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("集中服务日")
        page.goto(page.url.partition("/a/")[0] + "/c/news/")
        expect(page.get_by_role("heading", level=1)).to_have_text("现在没有网络")
        page.get_by_role("link", name="集中服务日").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("集中服务日")
        page.context.set_offline(False)

    def test_keeps_no_withdrawn_article_on_the_phone(self, page_at: PageAt, addresses: dict[str, str]) -> None:
        push = make_push(title="将要撤下的消息")
        page = page_at(NORTH)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        address = f"{page.url.rstrip('/')}/p/{push.pk}/"
        page.goto(address)
        page.evaluate("caches.open('articles').then(async c => { while (!(await c.keys()).length) await c.keys() })")
        withdraw(push)
        page.goto(address)
        assert "已经撤下" in page.get_by_role("heading", level=1).inner_text()
        assert page.evaluate("caches.open('articles').then(c => c.keys()).then(k => k.length)") == 0
