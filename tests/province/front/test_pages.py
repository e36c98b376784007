"""The province's own portal: what it shows everybody of halls, items and texts, and what of none."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from province.catalogue.models import SearchTally
from province.catalogue.operations.searches import fold_searches
from province.content.queries.audiences import Audience, Scope
from province.content.states import WithdrawalKind
from province.halls.models import Hall
from province.halls.states import HallState
from standards.items.codelists import ItemType
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_department, make_item, make_published, suspend
from tests.factories.people import client_of
from tests.factories.pushes import make_push, withdraw

pytestmark = pytest.mark.django_db

NORTH = "420582000000"
# news, items by groups, cities, halls
MOST_QUERIES = 4


@pytest.fixture
def site() -> Client:
    return client_of()


class TestHome:
    def test_leads_to_open_halls_by_city(self, site: Client, south: Hall) -> None:
        Hall.objects.filter(pk=south.pk).update(state=HallState.PLANNED)
        page = site.get("/").text
        assert "http://north.yizhan.localhost" in page
        assert "宜昌市" in page
        assert "south.yizhan.localhost" not in page

    def test_shows_what_goes_to_the_whole_province_and_no_more(self, site: Client) -> None:
        push = make_push(title="全省消息")
        make_push(title="一县消息", audience=Audience((Scope("420583"),)))
        assert "全省消息" in site.get("/").text
        assert "一县消息" not in site.get("/").text
        assert "全省消息" in site.get("/c/news/").text
        assert "<h1>全省消息</h1>" in site.get(f"/p/{push.pk}/").text
        withdraw(push, WithdrawalKind.GONE, reason="数字有误。")
        assert "全省消息" not in site.get("/").text
        gone = site.get(f"/p/{push.pk}/")
        assert (gone.status_code, "数字有误。" in gone.text) == (410, True)

    def test_asks_the_same_however_much_there_is(self, site: Client) -> None:
        for number in range(12):
            make_push(title=f"消息{number}")
            make_published(make_item(number, name=f"事项{number}", life_events=["hardship"]))
        with CaptureQueriesContext(connection) as captured:
            assert site.get("/").status_code == 200
        assert len([one for one in captured if "SET search_path" not in one["sql"]]) <= MOST_QUERIES

    def test_shows_no_group_of_one_item(self, site: Client) -> None:
        for number, event in enumerate(("hardship", "hardship", "marriage")):
            make_published(make_item(number, life_events=[event]))
        page = site.get("/").text
        assert "/services/by/life-event/hardship/" in page
        assert "/services/by/life-event/marriage/" not in page

    def test_says_who_runs_it(self, site: Client) -> None:
        assert "党政机关" not in site.get("/").text
        facts = {"PROVINCE_ORGANISER": "湖北省人民政府办公厅", "PROVINCE_ICP_NUMBER": "鄂ICP备05000001号"}
        with override_settings(**facts, PROVINCE_SITE_CODE="4200000001"):
            page = site.get("/").text
        assert "主办单位：湖北省人民政府办公厅" in page
        assert "鄂ICP备05000001号" in page
        assert "党政机关" in page

    def test_keeps_the_elder_mode_that_a_hall_was_read_in(self, site: Client) -> None:
        at_hall = Client(headers={"host": "north.yizhan.localhost"}).get("/mode/?to=elder").cookies["mode"]
        assert at_hall["domain"] == "yizhan.localhost"
        site.cookies["mode"] = at_hall.value
        assert 'data-mode="elder"' in site.get("/").text


class TestSearch:
    def test_finds_halls_items_and_texts(self, site: Client) -> None:
        make_push(title="红联村低保政策解读")
        make_published(make_item(1, name="最低生活保障金给付"))
        page = site.get("/search/?q=低保").text
        assert "最低生活保障金给付" in page
        assert "政策解读" in page
        assert "village.yizhan.localhost" in site.get("/search/?q=红联").text

    def test_finds_services_before_halls_and_texts(self, site: Client) -> None:
        make_published(make_item(1, name="红联村集市摊位登记"))
        make_push(title="红联村集市开市")
        page = site.get("/search/?q=红联").text
        assert re.findall(r'<h2 id="found-(\w+)"', page) == ["items", "sites", "texts"]

    def test_that_finds_what_authorities_do_alone_has_found_something(self, site: Client) -> None:
        make_published(make_item(1, name="乱停车的处罚", item_type=ItemType.PENALTY))
        for words in ("乱停车的处罚", "登月飞船"):
            site.get("/search/", {"q": words})
        fold_searches()
        # what other tests have searched for may be counted with it
        missed = dict(SearchTally.objects.filter(hall_id=None).values_list("words", "missed"))
        assert (missed["乱停车的处罚"], missed["登月飞船"]) == (0, 1)

    @pytest.mark.parametrize("words", ["", "没有的地方", "'; --", "<script>", "a" * 5_000])
    def test_bears_every_input(self, site: Client, words: str) -> None:
        page = site.get("/search/", {"q": words})
        assert page.status_code == 200
        assert "<script>" not in page.text.partition("<main")[2]


class TestHalls:
    def test_list_what_lies_below_a_county(self, site: Client) -> None:
        page = site.get(f"/halls/?under={NORTH}").text
        assert "village.yizhan.localhost" in page
        assert "south.yizhan.localhost" not in page

    @pytest.mark.parametrize("under", ["abc", "999999999999"])
    def test_say_so_where_there_is_none(self, site: Client, under: str) -> None:
        assert "没有找到已开通的服务厅" in site.get(f"/halls/?under={under}").text


class TestItems:
    def test_lead_to_the_halls_that_handle_them(self, site: Client, north: Hall) -> None:
        item = make_item(1, department=make_department("民政局"), name="临时救助", life_events=["hardship"])
        make_published(make_item(2, name="乱停车的处罚", item_type=ItemType.PENALTY))
        adoption = make_shown(north, make_published(item))
        assert "扶残助困" in site.get("/services/").text
        assert "临时救助" in site.get("/services/by/life-event/hardship/").text
        assert site.get("/services/by/life-event/marriage/").status_code == 404
        assert "乱停车" not in site.get("/services/by/department/市场监督管理局/").text
        path = f"/services/{adoption.item_id}/"
        page = site.get(path).text
        assert "<h1>临时救助</h1>" in page
        assert f"north.yizhan.localhost:{page.partition('north.yizhan.localhost:')[2].partition('/')[0]}{path}" in page
        assert "没有叫“枝江”" in site.get(path, {"q": "枝江"}).text
        suspend(item, reason="核对")
        assert site.get(path).status_code == 404

    def test_show_nobody_what_is_not_published(self, site: Client) -> None:
        assert site.get(f"/services/{make_item(1).pk}/").status_code == 404
