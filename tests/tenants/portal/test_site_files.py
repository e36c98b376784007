"""What a hall's site gives to programs."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.files.models import StoredFile
from province.content.operations.decisions import adopt_push
from province.content.operations.pushes import replace_version, restore_push
from province.content.queries.audiences import Audience, Scope
from province.content.states import PushMode, WithdrawalKind
from province.halls.models import Hall
from province.people.models import Account
from tenants.portal.models import Column
from tenants.portal.operations.articles import create_article, restore_article, withdraw_article
from tenants.portal.operations.library import offer_article
from tenants.portal.operations.reviews import publish_article
from tenants.portal.operations.settings import set_review_steps
from tests.conftest import person
from tests.factories.manuscripts import make_approved_version, make_asset
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import change_hall, inside, make_article, make_column, make_columns, make_file

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return Client(headers={"host": "north.yizhan.localhost"})


class TestFeed:
    def test_tells_the_newest_of_all_lists(self, site: Client, north: Hall) -> None:
        make_article(north, "甲 & 乙 <丙>", summary="摘要", source="市政务服务中心")
        push = make_push(title="全省消息", column="notices")
        withdraw(make_push(title="已撤稿"))
        response = site.get("/feed.atom")
        feed = ET.fromstring(response.content)  # noqa: S314 - our own
        assert response["Content-Type"].startswith("application/atom+xml")
        assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["全省消息", "甲 & 乙 <丙>"]
        link = feed.find(f"{ATOM}entry/{ATOM}link")
        assert link is not None
        assert link.attrib["href"].endswith(f"//north.yizhan.localhost:{settings.PUBLIC_PORT}/p/{push.pk}/")

    def test_stands_without_entries(self, site: Client) -> None:
        assert ET.fromstring(site.get("/feed.atom").content).findtext(f"{ATOM}updated")  # noqa: S314


class TestSitemap:
    def test_names_every_page_that_readers_reach(self, site: Client, north: Hall) -> None:
        article = make_article(north, "消息")
        push = make_push()
        tree = ET.fromstring(site.get("/sitemap.xml").content)  # noqa: S314
        paths = {
            address.text.partition("//")[2].partition("/")[2] for address in tree.iter(f"{MAP}loc") if address.text
        }
        assert {"", "c/news/", "c/about/", f"a/{article.pk}/", f"p/{push.pk}/"} <= paths


class TestRobots:
    def test_lead_to_the_map_and_away_from_the_desk(self, site: Client) -> None:
        lines = site.get("/robots.txt").text.splitlines()
        assert "Disallow: /desk/" in lines
        assert any(line.startswith("Sitemap: ") and line.endswith("/sitemap.xml") for line in lines)


class TestManifest:
    def test_names_the_hall_and_its_colour(self, site: Client, north: Hall) -> None:
        change_hall(north, short_name="当阳", accent_colour="#1a7f37")
        manifest = site.get("/manifest.webmanifest").json()
        assert (manifest["short_name"], manifest["theme_color"], manifest["start_url"]) == ("当阳", "#1a7f37", "/")
        for icon in manifest["icons"]:
            assert finders.find(icon["src"].removeprefix(settings.STATIC_URL))


class TestServiceWorker:
    def test_keeps_what_an_offline_page_needs(self, site: Client, north: Hall) -> None:
        response = site.get("/sw.js")
        assert response["Content-Type"].startswith("text/javascript")
        assert '"/offline/"' in response.text
        assert f'"/accent-{north.accent_colour[1:]}.css"' in response.text


class TestAccent:
    def test_is_a_style_sheet_for_ever(self, site: Client) -> None:
        response = site.get("/accent-1a7f37.css")
        assert (response.text, response["Content-Type"]) == (":root{--accent:#1a7f37}", "text/css")
        assert "immutable" in response["Cache-Control"]


class TestMedia:
    def test_leads_to_the_store_for_a_while(self, site: Client, north: Hall) -> None:
        file = make_file(north, renditions={"320": "small.webp"})
        make_article(north, "消息", cover=file)
        response = site.get(f"/media/{file.pk}")
        assert response.status_code == 302
        assert response["Location"].startswith(f"{settings.S3_PUBLIC_ENDPOINT}/{settings.S3_BUCKET}/{file.key}?")
        assert response["Cache-Control"] == "private, max-age=60"
        assert "small.webp" in site.get(f"/media/{file.pk}?w=320")["Location"]
        assert file.key in site.get(f"/media/{file.pk}?w=../../other")["Location"]

    def test_is_saved_under_its_name_unless_it_is_a_picture(self, site: Client, north: Hall) -> None:
        file = make_file(north, name="申请表.docx", media_type="application/msword")
        picture = make_file(north)
        make_article(north, "指南", cover=picture, body=f'<p><a href="/media/{file.pk}">申请表</a></p>')
        assert "response-content-disposition=attachment" in site.get(f"/media/{file.pk}/")["Location"]
        assert "attachment" not in site.get(f"/media/{picture.pk}")["Location"]

    def test_of_an_own_article_is_there_while_the_article_is(self, site: Client, north: Hall) -> None:
        cover, linked = make_file(north, width=800), make_file(north)
        body = f'<p><a href="/media/{linked.pk}">清单</a></p>'
        sun = _signed_in("sun")
        with inside(north):
            article = create_article(
                by=person("sun"), hall=north, column="news", title="消息", body=body, cover_id=cover.pk
            )
            set_review_steps(by=person("sun"), hall=north, steps=[])
        assert _statuses(site, cover, linked) == [404, 404]
        assert _statuses(sun, cover, linked) == [302, 302]
        with inside(north):
            publish_article(by=person("sun"), hall=north, article_id=article.pk)
        assert _statuses(site, cover, linked) == [302, 302]
        with inside(north):
            withdraw_article(by=person("sun"), hall=north, article_id=article.pk, reason="数据有误")
        assert _statuses(site, cover, linked) == [404, 404]
        assert _statuses(sun, cover, linked) == [302, 302]
        with inside(north):
            restore_article(by=person("sun"), hall=north, article_id=article.pk)
        assert _statuses(site, cover, linked) == [302, 302]

    def test_of_a_later_draft_waits_for_its_publication(self, site: Client, north: Hall) -> None:
        before, after = make_file(north), make_file(north)
        article = make_article(north, "消息", cover=before)
        with inside(north):
            article.cover = after
            article.save()
        assert _statuses(site, before, after) == [302, 404]

    def test_of_a_column_is_there_while_readers_reach_the_column(self, site: Client, north: Hall) -> None:
        file = make_file(north)
        body = f'<p><img src="/media/{file.pk}" alt="办事大厅"></p>'
        parent = make_column(north, "above", "上级")
        make_column(north, "below", "单页", kind=Column.Kind.PAGE, body=body, parent=parent)
        assert _statuses(site, file) == [302]
        make_column(north, "above", "上级", is_visible=False)
        assert _statuses(site, file) == [404]
        assert _statuses(_signed_in("sun"), file) == [302]

    @pytest.mark.parametrize("kind", WithdrawalKind)
    def test_of_a_push_is_there_while_its_text_is(self, site: Client, kind: WithdrawalKind) -> None:
        cover, linked, other = make_asset(), make_asset(), make_asset()
        push = make_push(cover=cover, body=f'<p><a href="/media/{linked.pk}">附件</a></p>')
        assert _statuses(site, cover, linked, other) == [302, 302, 404]
        withdraw(push, kind, substitute=make_approved_version(cover=other))
        expected = {WithdrawalKind.NOTICE: [302, 302, 404], WithdrawalKind.SUBSTITUTE: [404, 404, 302]}
        assert _statuses(site, cover, linked, other) == expected.get(kind, [404, 404, 404])
        restore_push(by=person("zhao"), push=push)
        assert _statuses(site, cover, linked, other) == [302, 302, 404]

    def test_of_a_replaced_version_is_there_no_more(self, site: Client) -> None:
        before, after = make_asset(), make_asset()
        push = make_push(cover=before)
        draft = push.version.manuscript
        draft.cover = after
        draft.save()
        replace_version(by=person("zhao"), push=push, version=make_approved_version(manuscript=draft))
        assert _statuses(site, before, after) == [404, 302]

    def test_of_an_offered_push_waits_for_the_hall(self, site: Client, north: Hall) -> None:
        cover = make_asset()
        push = make_push(cover=cover, mode=PushMode.OFFERED)
        assert _statuses(site, cover) == [404]
        assert _statuses(_signed_in("sun"), cover) == [302]
        adopt_push(by=person("sun"), hall=north, push_id=push.pk, column="news")
        assert _statuses(site, cover) == [302]
        withdraw(push)
        assert _statuses(_signed_in("sun"), cover) == [404]

    def test_of_a_scheduled_push_waits_for_its_time(self, site: Client) -> None:
        cover = make_asset()
        make_push(cover=cover, starts_at=timezone.now() + timedelta(days=1))
        assert _statuses(site, cover) == [404]

    def test_of_another_hall_is_not_there(self, site: Client, south: Hall) -> None:
        theirs, drafted = make_asset(), make_asset()
        own = make_file(south)
        make_columns(south)
        make_article(south, "南厅", cover=own)
        make_push(cover=theirs, audience=Audience((Scope("420583"),)))
        make_approved_version(cover=drafted)
        for client in (site, _signed_in("sun")):
            assert _statuses(client, theirs, drafted, own) == [404, 404, 404]
        south_site = Client(headers={"host": "south.yizhan.localhost"})
        assert _statuses(south_site, theirs, drafted, own) == [302, 404, 302]
        # a person at another hall's desk is a reader here
        withdrawn = make_asset()
        withdraw(make_push(cover=withdrawn))
        assert _statuses(_signed_in("zhou"), withdrawn) == [404]

    def test_of_an_offer_is_for_desks_alone(self, site: Client, north: Hall, south: Hall) -> None:
        make_columns(south)
        file = make_file(south)
        article = make_article(south, "南厅", body=f'<p><img src="/media/{file.pk}" alt="大厅"></p>')
        with inside(south):
            offer_article(by=person("zhou"), hall=south, article_id=article.pk)
        assert _statuses(site, file) == [404]
        assert _statuses(_signed_in("sun"), file) == [302]
        assert _statuses(_signed_in("wu"), file) == [404]
        assert _statuses(_signed_in("zhao", "yizhan.localhost"), file) == [302]

    def test_is_found_in_one_query_and_one_more_for_what_was_pushed(self, site: Client, north: Hall) -> None:
        own, pushed = make_file(north), make_asset()
        make_article(north, "消息", cover=own)
        make_push(cover=pushed)
        site.get(f"/media/{own.pk}")
        for file, most in ((own, 1), (pushed, 2)):
            with CaptureQueriesContext(connection) as queries:
                assert _statuses(site, file) == [302]
            asked = [query["sql"] for query in queries if "asset" in query["sql"]]
            assert len(asked) == most


def _signed_in(username: str, host: str = "north.yizhan.localhost") -> Client:
    client = Client(headers={"host": host})
    client.force_login(Account.objects.get(username=username))
    return client


def _statuses(client: Client, *files: StoredFile) -> list[int]:
    return [client.get(f"/media/{file.pk}").status_code for file in files]
