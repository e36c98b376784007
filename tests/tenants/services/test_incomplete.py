"""Items of which something is missing: citizens find their name and whom to call, and nobody counts them as guides."""

import pytest
from django.test import Client

from province.catalogue.models import HallItem, Item
from province.catalogue.queries.matrix.cells import matrix_of
from province.catalogue.queries.pictures import adoption_charts
from province.catalogue.queries.uses import adoption_figures
from province.catalogue.states import CellState
from province.console.slots import Area
from province.halls.models import Hall
from province.people.models import Account
from standards.items.codelists import ItemType
from standards.items.forms import form_key
from tenants.services.models import Adoption
from tenants.services.queries.shown import shown_items
from tests.factories.adoptions import adopt, make_shown, save, show
from tests.factories.catalogue import change_draft, make_incomplete, make_item, make_published
from tests.factories.sites import inside, make_columns

pytestmark = pytest.mark.django_db

NAME = "食品经营许可"
UNFINISHED = "办事指南还在整理"


def client_of(username: str, *, host: str = "yizhan.localhost") -> Client:
    client = Client(headers={"host": host})
    client.force_login(Account.objects.get(username=username))
    return client


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return Client(headers={"host": "north.yizhan.localhost"})


@pytest.fixture
def listed(north: Hall) -> Adoption:
    return make_shown(north, make_incomplete())


class TestIncompleteItem:
    def test_is_for_citizens_a_name_a_department_and_a_telephone(self, site: Client, listed: Adoption) -> None:
        answer = site.get(f"/services/{listed.item_id}/")
        text = answer.text
        assert answer.status_code == 200
        for words in (NAME, UNFINISHED, "请打电话问", 'href="tel:', "市场监督管理局", "noindex"):
            assert words in text
        for words in ("ld+json", "我有问题", "guide-part", "要带什么", "要多久", "二维码"):
            assert words not in text
        assert site.get(f"/services/{listed.item_id}/code.svg").status_code == 404
        form = f"/services/{listed.item_id}/forms/{form_key('食品经营许可申请书')}/blank.pdf"
        assert site.get(form).status_code == 404
        assert client_of("zhao").get(form).status_code == 404

    def test_stands_in_the_directory_and_in_no_list_or_search_of_guides(
        self, site: Client, north: Hall, listed: Adoption
    ) -> None:
        make_shown(north, make_published(make_item(7, name="食品小作坊登记")))
        assert "另有 1 个事项的指南还在整理" in site.get("/services/").text
        assert NAME in site.get("/services/listed/").text
        assert NAME not in site.get("/services/all/").text
        assert "全部 1 项" in site.get("/").text
        for path in ("/services/find/?q=食品", "/search/?q=食品"):
            text = site.get(path).text
            assert (
                text.index("小作坊登记") < text.index("指南还在整理的事项") < text.index(f"/services/{listed.item_id}/")
            )
        assert str(listed.item_id) not in site.get("/sitemap.xml").text

    def test_counts_nowhere_as_whole(self, north: Hall, listed: Adoption) -> None:
        report = HallItem.objects.get()
        assert report.state == "published"
        assert report.score < 100
        [row] = matrix_of(north.prefixes[-1]).rows
        assert CellState.LISTED.value in row.letters
        assert row.shown == 0
        figures = adoption_figures(listed_item := Item.objects.get(pk=listed.item_id))
        assert (figures.shown, figures.listed) == (0, 1)
        desk = client_of("sun", host="north.yizhan.localhost").get("/desk/items/").text
        assert "只列名录，指南不全" in desk
        assert ">100%<" not in desk
        page = client_of("sun", host="north.yizhan.localhost").get(f"/desk/items/{listed.pk}/").text
        assert "省里的内容还缺 1 处" in page
        assert "缺少「受理条件」" in page
        console = client_of("zhao").get(f"/console/items/{listed_item.pk}/").text
        assert "现行版内容不齐，还缺 1 处" in console
        assert "缺少「受理条件」" in console
        assert "内容不齐" in client_of("zhao").get("/console/items/?lacking=1").text

    def test_is_a_guide_once_the_province_has_added_it(self, site: Client, north: Hall, listed: Adoption) -> None:
        item = Item.objects.get(pk=listed.item_id)
        change_draft(item, conditions="有固定的经营场所。")
        make_published(item)
        with inside(north):
            assert [row.is_guide for row in shown_items()] == [True]
        text = site.get(f"/services/{listed.item_id}/").text
        assert UNFINISHED not in text
        assert "有固定的经营场所" in text

    def test_of_authorities_is_listed_among_their_powers(self, site: Client, north: Hall) -> None:
        penalty = make_incomplete(make_item(3, item_type=ItemType.PENALTY, name="无证经营的处罚"), without="laws")
        make_shown(north, penalty)
        assert "内容还在整理" in site.get("/powers/02/").text
        text = site.get(f"/powers/{penalty.item_id}/").text
        assert "这个事项的内容还在整理" in text


class TestForcedVersion:
    """What a hall has not accepted and has to show all the same."""

    def test_for_which_the_hall_lacks_something_is_no_guide(self, site: Client, north: Hall) -> None:
        adoption = make_shown(north, is_paid_online=None)
        item = Item.objects.get(pk=adoption.item_id)
        assert UNFINISHED not in site.get(f"/services/{item.pk}/").text
        law = [{"law": "某办法"}]
        fee = {"name": "工本费", "standard": "10 元", "laws": law, "is_reducible": False}
        make_published(item, has_fee=True, fees=[fee], fee_basis=law)
        with inside(north):
            assert [row.is_guide for row in shown_items()] == [False]
        assert UNFINISHED in site.get(f"/services/{item.pk}/").text


class TestAdoption:
    def test_of_an_incomplete_item_is_not_shown_at_once(self, north: Hall) -> None:
        version = make_incomplete()
        adoption = adopt(north, version)
        show(north, save(north, adoption))
        with inside(north):
            assert [row.is_guide for row in shown_items()] == [False]


def test_charts_count_guides_alone(listed: Adoption) -> None:
    assert listed.state == "published"
    [chart] = adoption_charts(Area())
    assert "其中 1 项内容不齐，只列名录" in chart.note
    assert {point.values for point in chart.points} <= {(0,)}
