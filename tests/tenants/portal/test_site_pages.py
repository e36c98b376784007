"""Pages of a hall's site: what stands on them, and what they answer where there is nothing to show."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from province.console.addresses import province_address
from province.content.queries.audiences import Audience, Scope
from province.content.states import WithdrawalKind
from province.halls.models import Hall
from province.halls.states import HallState
from tenants.portal.models import Column
from tenants.portal.states import ArticleState
from tests.factories.adoptions import make_shown
from tests.factories.manuscripts import make_approved_version
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import change_hall, make_article, make_articles, make_column, make_columns, make_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return Client(headers={"host": "north.yizhan.localhost"})


def places(text: str, *titles: str) -> list[int]:
    return [text.index(title) for title in titles]


class TestHome:
    def test_shows_no_empty_part(self, site: Client) -> None:
        response = site.get("/")
        assert response.status_code == 200
        # what can be looked up, nobody need have published
        assert re.findall(r'<section class="([^"]+)"', response.text) == ["progress-line no-print"]

    def test_shows_own_articles_and_pushes_by_date(self, site: Client, north: Hall) -> None:
        make_article(north, "昨天的本地消息", published_at=timezone.now() - timedelta(days=1))
        make_push(title="今天的省级消息")
        make_article(north, "前天的本地消息", published_at=timezone.now() - timedelta(days=2))
        text = site.get("/").text
        found = places(text, "今天的省级消息", "昨天的本地消息", "前天的本地消息")
        assert found == sorted(found)
        assert text.count('<span class="level">省级</span>') == 1

    def test_has_its_parts_in_their_order(self, site: Client, north: Hall) -> None:
        make_article(north, "要闻一则", cover=make_file(north))
        make_article(north, "社保卡申领", column="guides")
        make_article(north, "停水通知", column="notices")
        make_push(title="暴雨红色预警", column="notices", is_urgent=True)
        change_hall(north, phone="0717-3251234", organiser="当阳市政务服务局", site_code="4205820001")
        found = places(
            site.get("/").text,
            *("湖北省政务服务", 'role="search"', 'aria-label="栏目"', "紧急通知", "要闻一则"),
            *("停水通知", "社保卡申领", "tel:0717-3251234", "主办单位", "网站标识码"),
        )
        assert found == sorted(found)

    def test_has_the_words_whose_pages_have_something(self, site: Client, north: Hall) -> None:
        def words() -> list[str]:
            navigation = site.get("/").text.partition('aria-label="栏目"')[2].partition("</nav>")[0]
            return re.findall(r">([^<]+)</a>", navigation)

        assert words() == ["首页", "互动交流", "我的"]
        make_push(title="省级消息")
        make_column(north, "about", "走进本地", kind=Column.Kind.PAGE, body="<p>沮漳河畔的小城。</p>")
        assert words() == ["首页", "政务公开", "互动交流", "走进本地", "我的"]
        assert "省级消息" in site.get("/open/").text

    def test_wears_the_mark_of_authorities_with_its_code_alone(self, site: Client, north: Hall) -> None:
        assert "党政机关" not in site.get("/").text
        change_hall(north, site_code="4205820001")
        assert "党政机关" in site.get("/").text

    def test_puts_single_lines_into_one_tab(self, site: Client, north: Hall) -> None:
        make_article(north, "停水通知", column="notices")
        make_article(north, "预算公开", column="disclosure")
        text = site.get("/").text
        assert 'id="tab-single"' in text
        assert 'id="tab-notices"' not in text
        make_article(north, "停电通知", column="notices")
        assert 'id="tab-notices"' in site.get("/").text

    def test_leads_with_a_picture(self, site: Client, north: Hall) -> None:
        make_article(north, "没有图片的新消息")
        picture = make_file(north, alt="大厅里排队的居民")
        make_article(north, "有图片的消息", cover=picture, published_at=timezone.now() - timedelta(days=3))
        text = site.get("/").text
        assert f'<img src="/media/{picture.pk}?w=800" alt="大厅里排队的居民"' in text
        assert text.count("有图片的消息") == 1

    def test_says_whether_the_doors_are_open(self, site: Client, north: Hall) -> None:
        every_day = {"days": [1, 2, 3, 4, 5, 6, 7]}
        change_hall(north, opening_hours=[every_day | {"from": "00:00", "to": "24:00"}])
        assert "现在开门" in site.get("/").text
        change_hall(north, opening_hours=[every_day | {"from": "24:00", "to": "24:00"}])
        assert "已下班" in site.get("/").text

    def test_of_a_village_is_the_same_page(self) -> None:
        village = Hall.objects.get(slug="village")
        make_columns(village)
        make_article(village, "义诊活动")
        assert "义诊活动" in Client(headers={"host": "village.yizhan.localhost"}).get("/").text


class TestColumn:
    def test_pages_through_everything_once(self, site: Client, north: Hall) -> None:
        make_articles(north, 30, title="本地")
        for number in range(15):
            make_push(title=f"省级{number}篇")
        titles: list[str] = []
        address = "/c/news/"
        while address:
            text = site.get(address).text
            lines = text.partition('<ul class="lines">')[2].partition("</ul>")[0]
            titles += [part.partition("<")[0] for part in lines.split('/">')[1:]]
            token = text.partition("?before=")[2].partition('"')[0]
            address = f"/c/news/?before={token}" if token else ""
        assert len(titles) == len(set(titles)) == 45
        assert titles[:15] == [f"省级{number}篇" for number in reversed(range(15))]
        assert titles[15:] == [f"本地{number}" for number in reversed(range(30))]

    def test_begins_with_what_is_pinned(self, site: Client, north: Hall) -> None:
        make_article(north, "旧的置顶", is_pinned=True, published_at=timezone.now() - timedelta(days=90))
        make_push(title="新的推稿")
        make_push(title="置顶的推稿", is_pinned=True)
        found = places(site.get("/c/news/").text, "置顶的推稿", "旧的置顶", "新的推稿")
        assert found == sorted(found)

    def test_tells_two_of_the_same_moment_apart(self, site: Client, north: Hall) -> None:
        moment = datetime(2026, 11, 1, 8, tzinfo=UTC)
        for number in range(25):
            make_article(north, f"同时{number:02}", published_at=moment)
        first = site.get("/c/news/").text
        second = site.get(f"/c/news/?before={first.partition('?before=')[2].partition('"')[0]}").text
        assert sum(f"同时{number:02}" in first for number in range(25)) == 20
        assert sum(f"同时{number:02}" in second for number in range(25)) == 5

    def test_of_one_page_shows_its_text(self, site: Client, north: Hall) -> None:
        make_column(north, "about", "走进本地", kind=Column.Kind.PAGE, body="<p>沮漳河畔的小城。</p>")
        assert "<p>沮漳河畔的小城。</p>" in site.get("/c/about/").text

    def test_of_one_link_leads_there(self, site: Client, north: Hall) -> None:
        make_column(north, "hotline", "12345热线", kind=Column.Kind.LINK, link_url="https://12345.example.cn/")
        response = site.get("/c/hotline/")
        assert (response.status_code, response["Location"]) == (302, "https://12345.example.cn/")
        assert 'href="https://12345.example.cn/"' in site.get("/map/").text

    def test_of_pictures_shows_them(self, site: Client, north: Hall) -> None:
        picture = make_file(north)
        make_article(north, "秋天的玉泉寺", column="pictures", cover=picture)
        assert f'<img src="/media/{picture.pk}?w=320"' in site.get("/c/pictures/").text

    def test_leads_to_the_columns_below_it(self, site: Client, north: Hall) -> None:
        parent = make_column(north, "open", "政务公开")
        make_column(north, "budget", "财政预决算", parent=parent)
        assert 'href="/c/budget/"' in site.get("/c/open/").text

    def test_below_a_hidden_one_is_hidden(self, site: Client, north: Hall) -> None:
        parent = make_column(north, "open", "政务公开", is_visible=False)
        make_column(north, "budget", "财政预决算", parent=parent)
        assert site.get("/c/budget/").status_code == 404

    def test_says_when_it_is_empty(self, site: Client) -> None:
        assert "还没有内容" in site.get("/c/news/").text

    @pytest.mark.parametrize(
        "token",
        [
            *("x", "0-1", "2-1-00000000000000000000000000000000", "0-9999999999999999999999-" + "0" * 32, "0-x-y"),
            *("0-1-2-3", "-1-0-" + "0" * 32, "1-1-" + "g" * 32, "\x00", "0" * 5_000),
        ],
    )
    def test_refuses_what_is_no_place(self, site: Client, token: str) -> None:
        assert site.get("/c/news/", {"before": token}).status_code == 404


class TestArticle:
    def test_tells_where_it_comes_from(self, site: Client, north: Hall) -> None:
        at = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        article = make_article(north, "供暖检修", source="市政务服务中心", author="孙北", published_at=at)
        text = site.get(f"/a/{article.pk}/").text
        assert "来源：市政务服务中心" in text
        assert "2026年11月24日 09:30" in text
        assert "作者：孙北" in text
        assert "阅读约 1 分钟" in text
        assert '"@type": "NewsArticle"' in text
        assert '<meta property="og:title" content="供暖检修">' in text

    def test_leads_to_those_beside_it(self, site: Client, north: Hall) -> None:
        old, middle = make_articles(north, 2)
        newest = make_push(title="最新的推稿")
        text = site.get(f"/a/{middle.pk}/").text
        assert f'rel="prev" href="/p/{newest.pk}/"' in text
        assert f'rel="next" href="/a/{old.pk}/"' in text
        assert f'rel="next" href="/a/{middle.pk}/"' in site.get(f"/p/{newest.pk}/").text

    def test_lists_its_attachments(self, site: Client, north: Hall) -> None:
        file = make_file(north, name="申请表.docx", media_type="application/msword", size=20_480)
        article = make_article(north, "申请指南", body=f'<p><a href="/media/{file.pk}">表格</a></p>')
        text = site.get(f"/a/{article.pk}/").text
        assert "申请表.docx" in text
        assert "DOCX · 20.0\xa0KB" in text

    def test_shows_the_draft_to_nobody(self, site: Client, north: Hall) -> None:
        draft = make_article(north, "还没发布", state=ArticleState.DRAFT)
        assert site.get(f"/a/{draft.pk}/").status_code == 404

    def test_is_gone_after_it_was_taken_down(self, site: Client, north: Hall) -> None:
        article = make_article(north, "旧闻", state=ArticleState.WITHDRAWN, withdrawal_reason="活动已经取消。")
        response = site.get(f"/a/{article.pk}/")
        assert response.status_code == 410
        assert "活动已经取消。" in response.text
        assert "旧闻" not in site.get("/").text

    def test_cannot_break_out_of_its_facts(self, site: Client, north: Hall) -> None:
        article = make_article(north, "</script><script>alert(1)</script>")
        assert "<script>alert" not in site.get(f"/a/{article.pk}/").text


class TestPushedPage:
    def test_carries_the_marker_of_its_version(self, site: Client) -> None:
        push = make_push(title="全省统一的消息")
        response = site.get(f"/p/{push.pk}/")
        assert f'<meta name="yizhan-version" content="{push.version_id}">' in response.text
        assert "本文由 湖北省 统一发布" in response.text
        assert "<h1>全省统一的消息</h1>" in response.text

    def test_is_gone_after_a_withdrawal(self, site: Client) -> None:
        push = make_push()
        withdraw(push, WithdrawalKind.GONE, reason="数字有误，已更正。")
        response = site.get(f"/p/{push.pk}/")
        assert response.status_code == 410
        assert "数字有误，已更正。" in response.text
        assert "yizhan-version" not in response.text

    def test_leads_elsewhere_after_a_redirect(self, site: Client) -> None:
        push = make_push()
        withdraw(push, WithdrawalKind.REDIRECT, redirect_url="/c/notices/")
        response = site.get(f"/p/{push.pk}/")
        assert (response.status_code, response["Location"]) == (301, "/c/notices/")

    def test_keeps_its_text_under_a_notice(self, site: Client) -> None:
        push = make_push(title="已经过时的消息")
        withdraw(push, WithdrawalKind.NOTICE, reason="办理地点已变更。")
        response = site.get(f"/p/{push.pk}/")
        assert response.status_code == 200
        assert "办理地点已变更。" in response.text
        assert "<h1>已经过时的消息</h1>" in response.text
        assert str(push.version_id) in response.text
        assert "已经过时的消息" not in site.get("/").text

    def test_vanishes_as_if_it_had_never_been(self, site: Client) -> None:
        push = make_push()
        withdraw(push, WithdrawalKind.VANISH)
        assert site.get(f"/p/{push.pk}/").status_code == 404

    def test_shows_the_substitute_in_its_place(self, site: Client) -> None:
        push = make_push(title="原来的版本")
        other = make_approved_version(title="替换的版本")
        withdraw(push, WithdrawalKind.SUBSTITUTE, substitute=other)
        text = site.get(f"/p/{push.pk}/").text
        assert "<h1>替换的版本</h1>" in text
        assert f'content="{other.pk}"' in text
        assert "原来的版本" not in site.get("/").text

    def test_is_not_there_for_a_hall_that_is_not_meant(self, site: Client) -> None:
        push = make_push(audience=Audience((Scope("420583"),)))
        assert site.get(f"/p/{push.pk}/").status_code == 404


class TestSearch:
    def test_finds_own_articles_and_pushes(self, site: Client, north: Hall) -> None:
        make_article(north, "社会保障卡补换指南")
        push = make_push(title="全省社会保障卡业务通办")
        text = site.get("/search/", {"q": "社会保障卡"}).text
        assert "<mark>社会保障</mark>" in text
        assert "补换指南" in text
        assert f'href="/p/{push.pk}/"' in text
        assert "找到 2 条结果" in text

    def test_does_not_find_what_was_taken_down(self, site: Client, north: Hall) -> None:
        make_article(north, "已经撤下的社保卡指南", state=ArticleState.WITHDRAWN)
        withdraw(make_push(title="已经撤稿的社保卡通知"), WithdrawalKind.GONE)
        assert "没有找到" in site.get("/search/", {"q": "社保卡"}).text

    @pytest.mark.parametrize(
        "words",
        ["", " ", "\x00", "'", "&|!():*", "%_\\", "<script>", "不存在的词" * 40, "a" * 5_000, "\ud83d", "。,!"],
    )
    def test_bears_every_input(self, site: Client, words: str) -> None:
        response = site.get(f"/search/?q={quote(words, errors='surrogatepass')}")
        assert response.status_code == 200
        assert "<script>" not in response.text.partition("<main")[2]


class TestHallState:
    def test_suspended_says_so_and_when_to_come_back(self, site: Client, north: Hall) -> None:
        until = timezone.now() + timedelta(hours=2)
        change_hall(north, state=HallState.SUSPENDED, state_reason="机房搬迁。", suspended_until=until)
        for path in ("/", "/c/news/", "/feed.atom", "/search/?q=x", "/nothing/"):
            response = site.get(path)
            assert response.status_code == 503
            assert 7_000 < int(response["Retry-After"]) <= 7_200
            assert "机房搬迁。" in response.text

    def test_retired_says_where_to_go(self, site: Client, north: Hall, south: Hall) -> None:
        change_hall(north, state=HallState.RETIRED, successor=south)
        response = site.get("/c/news/")
        assert response.status_code == 410
        assert "//south.yizhan.localhost" in response.text

    def test_planned_is_not_there_yet(self, site: Client, north: Hall) -> None:
        change_hall(north, state=HallState.PLANNED)
        assert site.get("/").status_code == 404

    def test_on_trial_says_so_to_people_and_robots(self, site: Client, north: Hall) -> None:
        change_hall(north, state=HallState.TRIAL)
        response = site.get("/")
        assert "试运行" in response.text
        assert response["X-Robots-Tag"] == "noindex"
        assert "Disallow: /\n" in site.get("/robots.txt").text

    def test_leaves_the_door_for_editors_open(self, site: Client, north: Hall) -> None:
        change_hall(north, state=HallState.SUSPENDED)
        assert site.get("/sign-in/")["Location"].startswith(f"{province_address()}/oidc/authorize/?")


class TestElderMode:
    def test_is_a_cookie_that_works_without_a_script(self, site: Client) -> None:
        response = site.get("/mode/", {"to": "elder", "back": "/c/news/"})
        assert (response.status_code, response["Location"]) == (302, "/c/news/")
        assert 'data-mode="elder"' in site.get("/c/news/").text
        site.get("/mode/")
        assert "data-mode" not in site.get("/c/news/").text

    def test_holds_at_every_host_of_the_domain_and_says_nothing_of_anybody(self, site: Client) -> None:
        kept = site.get("/mode/", {"to": "elder"}).cookies["mode"]
        assert (kept.value, kept["domain"], kept["httponly"]) == ("elder", "yizhan.localhost", True)
        assert site.get("/mode/").cookies["mode"]["domain"] == "yizhan.localhost"
        site.cookies["mode"] = "<script>"
        assert "data-mode" not in site.get("/").text

    def test_begins_with_a_few_large_choices(self, site: Client, north: Hall) -> None:
        make_shown(north)
        change_hall(north, phone="0717-3251234")
        make_article(north, "停水通知", column="notices")
        assert "停水通知" in site.get("/").text
        site.cookies["mode"] = "elder"
        text = site.get("/").text
        choices = text.partition('<ul class="choices">')[2].partition("</ul>")[0]
        assert re.findall(r"</svg>(?:<span>)?([^<]+)", choices) == ["办事", "打电话", "读给我听"]
        assert "停水通知" not in text

    def test_helps_on_every_page(self, site: Client, north: Hall) -> None:
        change_hall(north, phone="0717-3251234")
        pages = ("/", "/c/news/", "/search/?q=a", "/no-such-page/")
        assert [path for path in pages if "读给我听" in site.get(path).text] == []
        site.cookies["mode"] = "elder"
        assert {path: site.get(path).text.count("读给我听") for path in pages} == dict.fromkeys(pages, 1)
        assert 'href="tel:0717-3251234"' in site.get("/c/news/").text.partition("elder-help")[2]

    @pytest.mark.parametrize("path", ["/c/news/", "/accessibility/"])
    def test_comes_back_to_the_page_it_was_chosen_on(self, site: Client, path: str) -> None:
        links = re.findall(r'href="(/mode/[^"]*)"', site.get(path).text)
        assert links
        assert {site.get(unescape(link))["Location"] for link in links} == {path}

    @pytest.mark.parametrize(
        "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
    )
    def test_leads_nowhere_else(self, site: Client, back: str) -> None:
        assert site.get("/mode/", {"to": "elder", "back": back})["Location"] == "/"


class TestPagesForNobody:
    @pytest.mark.parametrize(
        "path",
        [
            *("/nothing/", "/a/1/", "/a/00000000-0000-0000-0000-000000000000/", "/c/nothing/", "/c/%00/", "/%0a"),
            *("/media/00000000-0000-0000-0000-000000000000", "/p/00000000-0000-0000-0000-000000000000/", "/emblem"),
            *("/..%2f..%2fetc/passwd", "/accent-1257a8.css%0a", "/accent-zzzzzz.css"),
        ],
    )
    def test_help(self, site: Client, path: str) -> None:
        response = site.get(path)
        assert response.status_code == 404
        assert "网站地图" in response.text
        assert "没有找到" in response.text

    @pytest.mark.parametrize(
        "host", ["nobody.yizhan.localhost", "", "north.yizhan.localhost.evil.example", "北.yizhan.localhost", "a b"]
    )
    def test_stand_at_no_other_host(self, host: str) -> None:
        response = Client(headers={"host": host}).get("/")
        assert response.status_code == 404
        assert response.text == "没有这个站点。"

    def test_take_no_other_method(self, site: Client) -> None:
        assert site.post("/").status_code == 405
