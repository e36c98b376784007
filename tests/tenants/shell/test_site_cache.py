"""Kept pages: never stale, never another hall's, never too many."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.hosts import HallsByHost
from province.content.queries.generations import page_generations
from province.halls.models import Hall, HallDomain
from tenants.portal.models import Column
from tenants.shell.page_cache import KeptPage, KeptPages, PageCache
from tests.factories.manuscripts import make_asset
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import change_hall, make_article, make_articles, make_column, make_columns, make_file

MOST_QUERIES = 6


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return Client(headers={"host": "north.yizhan.localhost"})


def queries_of(site: Client, path: str, **options: Any) -> tuple[HttpResponse, int]:
    """The answer, and what was asked of the database for it (setting the search path is no question)."""
    with CaptureQueriesContext(connection) as captured:
        response = site.get(path, **options)
    return response, sum("SET search_path" not in query["sql"] for query in captured.captured_queries)


@pytest.mark.django_db
class TestKeptPage:
    def test_costs_one_query(self, site: Client) -> None:
        first = site.get("/")
        second, asked = queries_of(site, "/")
        assert asked == 1
        assert (second.content, dict(second.items())) == (
            first.content,
            dict(first.items()) | {"X-Request-ID": second["X-Request-ID"]},
        )

    def test_is_not_sent_to_who_has_it(self, site: Client) -> None:
        etag = site.get("/")["ETag"]
        response, asked = queries_of(site, "/", headers={"if-none-match": etag})
        assert (response.status_code, response.content, asked) == (304, b"", 1)
        assert response["ETag"] == etag
        assert response["Vary"] == "Cookie, Accept-Encoding"

    def test_is_never_shown_after_a_withdrawal(self, site: Client) -> None:
        push = make_push(title="全省消息")
        etags = {path: site.get(path)["ETag"] for path in ("/", "/c/news/", f"/p/{push.pk}/")}
        withdraw(push)
        for path, etag in etags.items():
            response = site.get(path, headers={"if-none-match": etag})
            assert response.status_code in {200, 410}
            assert "全省消息" not in response.text

    def test_is_anew_after_whatever_changes_the_hall(self, site: Client, north: Hall) -> None:
        before = site.get("/")["ETag"]
        make_article(north, "本地消息")
        assert "本地消息" in site.get("/").text
        change_hall(north, name="当阳市政务服务中心")
        assert "当阳市政务服务中心" in site.get("/", headers={"if-none-match": before}).text

    def test_sets_no_cookie_and_opens_no_session(self, site: Client) -> None:
        response = site.get("/")
        assert not response.cookies
        assert response["Cache-Control"] == "no-cache"

    def test_is_the_same_whatever_else_the_address_says(self, site: Client) -> None:
        assert site.get("/?utm_source=weixin")["ETag"] == site.get("/")["ETag"]
        assert site.get("/c/news/?before=")["ETag"] == site.get("/c/news/")["ETag"]

    def test_of_elder_mode_is_another(self, site: Client) -> None:
        plain = site.get("/")
        site.cookies["mode"] = "elder"
        elder = site.get("/", headers={"if-none-match": plain["ETag"]})
        assert elder.status_code == 200
        assert 'data-mode="elder"' in elder.text
        assert 'data-mode="elder"' not in plain.text

    def test_is_packed_for_who_can_unpack_it(self, site: Client) -> None:
        plain = site.get("/")
        for _ in range(2):
            packed = site.get("/", headers={"accept-encoding": "gzip, deflate"})
            assert packed["Content-Encoding"] == "gzip"
            assert len(packed.content) < len(plain.content) / 2
        assert "Content-Encoding" not in site.get("/").headers

    @pytest.mark.parametrize("path", ["/nothing/", "/search/?q=x", "/mode/?to=elder", "/sign-in/"])
    def test_is_not_made_of_other_answers(self, site: Client, path: str) -> None:
        assert "ETag" not in site.get(path).headers

    def test_of_one_host_answers_for_no_other(self, site: Client, north: Hall, south: Hall) -> None:
        """Even where the address moves to another hall whose generations are the same."""
        north_page = site.get("/")
        domain = HallDomain.objects.get(domain="north.yizhan.localhost")
        HallDomain.objects.filter(pk=domain.pk).update(tenant=south)
        change_hall(north)
        while page_generations(south).partition(".")[0] != north_page.wsgi_request.generations.partition(".")[0]:
            change_hall(south)
        south_page = site.get("/", headers={"if-none-match": north_page["ETag"]})
        assert south_page.status_code == 200
        assert south.name in south_page.text
        assert north.name not in south_page.text


@pytest.mark.django_db
class TestRace:
    def test_files_new_content_under_an_old_key_at_worst(self, north: Hall) -> None:
        """A withdrawal commits after the generations were read, before the page is kept."""
        make_columns(north)
        push = make_push(title="全省消息")
        generations = page_generations(north)
        answers = iter(["全省消息"])

        def view(request: HttpRequest) -> HttpResponse:
            response = HttpResponse(next(answers, "nothing"))
            response.is_kept = True  # type: ignore[attr-defined]
            withdraw(push)
            return response

        cache = PageCache(view)
        assert cache(_request(north, generations)).content == "全省消息".encode()
        # a request that comes now reads the generations anew
        assert cache(_request(north, page_generations(north))).content == b"nothing"


def _request(hall: Hall, generations: str) -> HttpRequest:
    request = RequestFactory().get("/", headers={"host": "north.yizhan.localhost"})
    request.hall = hall  # type: ignore[attr-defined]
    request.generations = generations  # type: ignore[attr-defined]
    return request


class TestKeptPages:
    def test_stay_within_their_bytes(self) -> None:
        pages = KeptPages(most_bytes=100_000)
        for number in range(100):
            pages.put(str(number), KeptPage(b"x" * 8_000, ()))
        assert len(pages) == 10
        assert pages.size <= 100_000
        assert pages.get("0") is None
        assert pages.get("99")


def _few(north: Hall) -> None:
    make_article(north, "一篇", column="guides")


def _many(north: Hall) -> None:
    for column in ("news", "notices", "policies", "guides"):
        make_articles(north, 30, column=column)
        make_push(title="置顶", column=column, is_pinned=True)
        for number in range(30):
            make_push(title=f"省级{number}", column=column)
    make_article(north, "图", column="pictures", cover=make_file(north))
    make_push(title="紧急", column="notices", is_urgent=True)
    for number in range(20):
        make_column(north, f"more-{number}", f"栏目{number}", kind=Column.Kind.LIST)


@pytest.mark.django_db
class TestQueriesOfAPage:
    @pytest.fixture(params=[_few, _many], ids=["few", "many"])
    def pages(self, request: pytest.FixtureRequest, site: Client, north: Hall) -> list[str]:
        request.param(north)
        file = make_file(north, name="附件.pdf", media_type="application/pdf")
        article = make_article(
            north,
            "正文",
            body=f'<p><a href="/media/{file.pk}">附件</a></p>',
            published_at=timezone.now() - timedelta(days=1),
        )
        asset = make_asset(name="省级附件.pdf", media_type="application/pdf")
        push = make_push(title="推稿", body=f'<p><a href="/media/{asset.pk}">附件</a></p>')
        return [
            *("/", "/c/news/", "/c/pictures/", f"/a/{article.pk}/", f"/p/{push.pk}/", "/map/"),
            *("/feed.atom", "/sitemap.xml", "/robots.txt", "/manifest.webmanifest", "/sw.js", "/offline/", "/nothing/"),
        ]

    def test_are_at_most_six(self, site: Client, pages: list[str]) -> None:
        asked = {path: queries_of(site, path)[1] for path in pages}
        assert {path: count for path, count in asked.items() if count > MOST_QUERIES} == {}


@pytest.mark.django_db
class TestHallsByHost:
    def test_knows_a_hall_by_one_query(self, north: Hall) -> None:
        halls = HallsByHost()
        halls.at("north.yizhan.localhost")
        with CaptureQueriesContext(connection) as captured:
            found = halls.at("north.yizhan.localhost")
        assert len(captured) == 1
        assert found
        assert (found.hall.pk, found.generations) == (north.pk, page_generations(north))

    def test_forgets_a_domain_that_was_taken_away(self, north: Hall) -> None:
        halls = HallsByHost()
        assert halls.at("north.yizhan.localhost")
        HallDomain.objects.filter(tenant=north).delete()
        change_hall(north)
        assert halls.at("north.yizhan.localhost") is None

    def test_keeps_no_name_that_is_no_halls(self) -> None:
        halls = HallsByHost()
        for number in range(100):
            assert halls.at(f"nobody-{number}.yizhan.localhost") is None
        assert len(halls) == 0
