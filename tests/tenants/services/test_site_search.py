"""The one search of a hall's site: services first, then who does what this hall does not, texts, columns and halls."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from province.catalogue.models import ItemVersion
from province.halls.models import Hall
from province.rights.roles import Role
from tenants.portal.models import Column
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_department, make_item, make_published, suspend
from tests.factories.halls import make_person
from tests.factories.services import make_shown_at
from tests.factories.sites import inside, make_article, make_column, make_columns

pytestmark = pytest.mark.django_db

# the page's own chrome, what each app finds, and the halls nearby
MOST_QUERIES = 10


def at(host: str) -> Client:
    return Client(headers={"host": f"{host}.yizhan.localhost"})


def version_of(number: int, name: str) -> ItemVersion:
    return make_published(make_item(number, department=make_department("民政局"), name=name))


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return at("north")


@pytest.fixture
def village() -> Hall:
    return Hall.objects.get(slug="village")


def headings(text: str) -> list[str]:
    return [part.partition("<")[0] for part in text.split('<h2 id="found-')[1:] for part in [part.partition(">")[2]]]


class TestSearch:
    def test_finds_services_first_then_texts_columns_and_halls(self, site: Client, north: Hall, village: Hall) -> None:
        make_shown(north, version_of(1, "红联村集市摊位登记"))
        make_column(north, "market", "红联集市")
        article = make_article(north, "红联村集市开市", column="market")
        text = site.get("/search/", {"q": "红联"}).text
        assert headings(text) == ["办事服务", "资讯和公开信息", "服务厅"]
        found = text.partition("<main")[2]
        places = ("集市摊位登记", f"/a/{article.pk}/", "/c/market/", "http://village.yizhan.localhost")
        assert sorted(places, key=found.index) == list(places)

    @pytest.mark.parametrize(
        ("words", "name"), [("结婚", "结婚登记"), ("老人补贴", "高龄津贴给付"), ("jhdj", "结婚登记")]
    )
    def test_knows_what_people_say(self, site: Client, north: Hall, words: str, name: str) -> None:
        make_shown(north, version_of(1, name))
        assert name in site.get("/search/", {"q": words}).text.replace("<mark>", "").replace("</mark>", "")

    def test_finds_halls_by_their_names(self, site: Client, village: Hall) -> None:
        text = site.get("/search/", {"q": "红联"}).text
        assert "http://village.yizhan.localhost" in text
        assert headings(text) == ["服务厅"]

    def test_finds_no_hall_of_another_county(self, site: Client) -> None:
        assert "south.yizhan.localhost" not in site.get("/search/", {"q": "枝江"}).text

    def test_says_so_where_there_is_nothing(self, site: Client) -> None:
        text = site.get("/search/", {"q": "宇宙飞船"}).text
        assert "没有找到与“宇宙飞船”有关的内容" in text
        assert "网站地图" in text

    def test_leads_on_to_all_where_there_are_many(self, site: Client, north: Hall) -> None:
        for number in range(1, 11):
            make_shown(north, version_of(number, f"第{number}类食品经营许可"))
        text = site.get("/search/", {"q": "食品经营许可"}).text
        assert text.count("/services/") - text.count("/services/find/") >= 8
        assert "查看全部相关事项" in text

    def test_asks_as_much_whatever_is_found(self, site: Client, north: Hall) -> None:
        make_shown(north, version_of(1, "最低生活保障金给付"))
        make_article(north, "低保政策解读")
        site.get("/map/")
        for words in ("低保", "红联", "宇宙飞船"):
            with CaptureQueriesContext(connection) as captured:
                assert site.get("/search/", {"q": words}).status_code == 200
            asked = [one["sql"] for one in captured.captured_queries if "SET search_path" not in one["sql"]]
            assert len(asked) <= MOST_QUERIES, asked


class TestElsewhere:
    def test_says_who_does_what_a_village_does_not(self, north: Hall, village: Hall) -> None:
        adoption = make_shown(north, version_of(1, "最低生活保障金给付"))
        text = at("village").get("/search/", {"q": "低保"}).text
        assert headings(text) == ["不在本厅办的事"]
        assert "http://north.yizhan.localhost" in text
        assert f"/services/{adoption.item_id}/" in text
        assert re.search(rf"这件事在<a [^>]+>{north.name}</a>办", text)

    def test_names_the_own_guide_where_the_village_does_it(self, north: Hall, village: Hall) -> None:
        version = version_of(1, "最低生活保障金给付")
        make_shown(north, version)
        make_person("cun", "村文", Role.HALL_EDITOR, village)
        make_shown_at(village, version, editor="cun")
        assert headings(at("village").get("/search/", {"q": "低保"}).text) == ["办事服务"]

    def test_leads_to_nothing_that_is_suspended(self, north: Hall, village: Hall) -> None:
        version = version_of(1, "最低生活保障金给付")
        make_shown(north, version)
        suspend(version.item, reason="系统升级")
        assert "不在本厅办的事" not in at("village").get("/search/", {"q": "低保"}).text

    def test_leads_to_no_hall_beside(self, south: Hall) -> None:
        version = version_of(1, "最低生活保障金给付")
        make_shown_at(south, version, editor="zhou")
        text = at("village").get("/search/", {"q": "低保"}).text
        assert "south.yizhan.localhost" not in text
        # the level that exercises it is known all the same
        assert re.search(rf"这件事由<a [^>]+>{Hall.objects.get(slug='north').name}</a>这一级办", text)


class TestSuggestions:
    def test_are_names_of_services_and_columns(self, site: Client, north: Hall) -> None:
        make_shown(north, version_of(1, "最低生活保障金给付"))
        assert site.get("/search/suggestions/", {"q": "低保"}).json() == ["最低生活保障金给付"]
        with inside(north):
            name = Column.objects.filter(is_visible=True).values_list("name", flat=True).first()
        assert name in site.get("/search/suggestions/", {"q": name[:2]}).json()

    @pytest.mark.parametrize("words", ["", "低", " ", "\0", "%_\\", "很" * 5000, "<script>"])
    def test_bear_whatever_is_typed(self, site: Client, words: str) -> None:
        answer = site.get("/search/suggestions/", {"q": words})
        assert answer.status_code == 200
        assert isinstance(answer.json(), list)
