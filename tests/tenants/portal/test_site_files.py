"""What a hall's site gives to programs."""

from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from province.halls.models import Hall
from tests.factories.manuscripts import make_asset
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import change_hall, make_article, make_columns, make_file

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return Client(headers={"host": "north.yizhan.test"})


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
        assert link.attrib["href"].endswith(f"//north.yizhan.test:{settings.PUBLIC_PORT}/p/{push.pk}/")

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
        response = site.get(f"/media/{file.pk}")
        assert response.status_code == 302
        assert response["Location"].startswith(f"{settings.S3_PUBLIC_ENDPOINT}/{settings.S3_BUCKET}/{file.key}?")
        assert response["Cache-Control"] == "private, max-age=60"
        assert "small.webp" in site.get(f"/media/{file.pk}?w=320")["Location"]
        assert file.key in site.get(f"/media/{file.pk}?w=../../other")["Location"]

    def test_is_saved_under_its_name_unless_it_is_a_picture(self, site: Client, north: Hall) -> None:
        file = make_file(north, name="申请表.docx", media_type="application/msword")
        assert "response-content-disposition=attachment" in site.get(f"/media/{file.pk}/")["Location"]
        picture = make_file(north)
        assert "attachment" not in site.get(f"/media/{picture.pk}")["Location"]

    def test_of_a_desk_above_is_shown(self, site: Client) -> None:
        assert site.get(f"/media/{make_asset(desk_prefix='42').pk}").status_code == 302
        assert site.get(f"/media/{make_asset(desk_prefix='420583').pk}").status_code == 404
