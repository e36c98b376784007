"""你要办哪一种, 您的情况: what citizens choose on the page of an item, and the guide of exactly that."""

import re

import pytest
from django.test import Client

from foundation.errors import Invalid
from province.catalogue.models import ItemVersion
from province.halls.models import Hall
from tests.factories.adoptions import adopt, make_shown
from tests.factories.catalogue import make_item, make_published
from tests.factories.items import whole_item
from tests.factories.people import client_of
from tests.factories.services import make_shown_at
from tests.factories.sites import inside, make_columns
from tests.papers import words_of
from tests.province.catalogue.test_handling import layered, row

pytestmark = pytest.mark.django_db

MATERIAL = whole_item()["materials"][0]
MADE, OWN = "食品经营许可申请书", "食品经营许可注销申请书"


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return Client(headers={"host": "north.yizhan.localhost"})


@pytest.fixture
def version() -> ItemVersion:
    return make_published(**layered())


def materials(page: str) -> list[str]:
    return re.findall(r'<label for="take-materials-\d+">(.*?)</label>', page)


class TestGuide:
    def test_begins_with_what_one_comes_for_and_leads_to_the_guide_of_just_that(
        self, site: Client, north: Hall, version: ItemVersion
    ) -> None:
        address = f"/services/{make_shown(north, version).item_id}/"
        whole = site.get(address).content.decode()
        # on a phone too it opens with how long, how much and where
        assert whole.index("guide-glance") < whole.index("你要办哪一种") < whole.index('id="guide-materials"')
        assert materials(whole) == ["申请书", "租赁合同", "原许可证"]
        change = site.get(f"{address}?do=02").content.decode()
        assert materials(change) == ["申请书", "原许可证"]
        assert "<h1>食品经营许可变更</h1>" in change
        assert "您的情况" not in change
        # kept pages of other choices are never given in its place, and strange words choose nothing
        new = site.get(f"{address}?do=01").content.decode()
        assert materials(new) == ["申请书", "租赁合同"]
        assert "还有 1 个问题没有回答" in new
        assert materials(site.get(f"{address}?do=01&q1=1").content.decode()) == ["申请书"]
        assert materials(site.get(f"{address}?do=01&q1=2").content.decode()) == ["申请书", "租赁合同"]
        assert materials(site.get(f"{address}?do=02").content.decode()) == ["申请书", "原许可证"]
        for strange in ("do=77", "do=%3Cscript%3E", "q1=9", "q1=1"):
            assert materials(site.get(f"{address}?{strange}").content.decode()) == materials(whole)
        # what one takes along leads back to it
        assert f"{address}code.svg?do=02" in change
        assert "?do=01&amp;q1=2" in site.get(f"{address}?do=01&q1=2&utm=x").content.decode()

    def test_says_what_the_hall_does_not_do_and_who_does(self, site: Client, north: Hall, version: ItemVersion) -> None:
        hall = [
            {"code": "01", "is_handled": False, "elsewhere": "市政务服务中心三楼"},
            {"code": "02", "is_handled": True, "promised_days": 6, "promised_unit": "1"},
        ]
        address = f"/services/{make_shown(north, version, hall_handling=hall).item_id}/"
        page = site.get(address).content.decode()
        assert "本厅不办，请到：市政务服务中心三楼" in page
        assert "do=01" not in page
        assert "<h1>食品经营许可变更</h1>" not in site.get(f"{address}?do=01").content.decode()
        assert "6 个工作日内办好" in site.get(f"{address}?do=02").content.decode()

    def test_has_a_form_of_its_own(self, site: Client, north: Hall) -> None:
        rows = [
            row("食品经营许可新办", "new", materials=[{"name": MADE}]),
            row("食品经营许可注销", "cancel", materials=[MATERIAL | {"name": OWN}], form="一号表"),
        ]
        version = make_published(make_item(materials=[MATERIAL | {"name": MADE}]), handling_items=rows)
        address = f"/services/{make_shown(north, version).item_id}/"
        page = site.get(f"{address}?do=02").content.decode()
        assert materials(page) == [OWN]
        assert "申请表：一号表" in page
        assert "申请表：" not in site.get(f"{address}?do=01").content.decode()
        links = re.findall(rf'href="({address}forms/[^"]+)"', page)
        assert len(links) == 3
        blank = site.get(next(link for link in links if "blank.pdf" in link))
        assert blank.status_code == 200
        text = words_of(blank.content)
        assert "事项：食品经营许可注销" in text
        assert MADE not in text

    def test_of_another_hall_knows_nothing_of_it(
        self, site: Client, north: Hall, south: Hall, version: ItemVersion
    ) -> None:
        hall = [{"code": "01", "is_handled": False, "elsewhere": "只有北厅知道的地方"}]
        item_id = make_shown(north, version, hall_handling=hall).item_id
        make_columns(south)
        make_shown_at(south, version, editor="zhou")
        there = Client(headers={"host": "south.yizhan.localhost"}).get(f"/services/{item_id}/").content.decode()
        assert "只有北厅知道的地方" not in there
        assert "do=01" in there

    def test_is_found_by_what_one_comes_for(self, site: Client, north: Hall) -> None:
        rows = [row("食品经营许可变更"), row("食品经营许可补证", "reissue", chosen_when="证丢了")]
        shown = make_shown(north, make_published(make_item(name="食品经营许可"), handling_items=rows))
        page = site.get("/services/find/?q=食品经营许可变更").content.decode()
        assert f"/services/{shown.item_id}/?do=01" in page
        assert f"/services/{shown.item_id}/?do=02" in site.get("/services/find/?q=食品经营许可补证").content.decode()
        assert f'/services/{shown.item_id}/"' in site.get("/services/find/?q=食品经营许可").content.decode()


class TestDesk:
    def test_offers_the_provinces_handling_items_by_name(self, north: Hall, version: ItemVersion) -> None:
        adoption = adopt(north, version)
        client = client_of("sun", host="north.yizhan.localhost")
        address = f"/desk/items/{adoption.pk}/edit/"
        page = client.get(address).content.decode()
        assert '<option value="02">食品经营许可变更</option>' in page

    def test_previews_every_way_with_what_the_hall_says(self, north: Hall, version: ItemVersion) -> None:
        hall = [{"code": "02", "is_handled": True, "promised_days": 6, "promised_unit": "1"}]
        adoption = make_shown(north, version, hall_handling=hall)
        client = client_of("sun", host="north.yizhan.localhost")
        page = client.get(f"/desk/items/{adoption.pk}/").content.decode()
        assert "各种走法（3 种）" in page
        assert "6 个工作日" in page
        change = client.get(f"/desk/items/{adoption.pk}/?tab=guide&do=02").content.decode()
        assert materials(change) == ["申请书", "原许可证"]

    def test_has_nothing_of_handling_items_where_the_item_has_none(self, north: Hall) -> None:
        adoption = adopt(north)
        page = client_of("sun", host="north.yizhan.localhost").get(f"/desk/items/{adoption.pk}/edit/").content.decode()
        assert "hall_handling" not in page


class TestParts:
    def test_of_an_item_are_adopted_and_not_the_item(self, north: Hall) -> None:
        whole = make_item(1)
        part = make_published(make_item(2, parent_code=whole.basic_code))
        version = make_published(whole)
        with pytest.raises(Invalid, match="是主项，请认领它的子项"):
            adopt(north, version)
        assert adopt(north, part).item_id == part.item_id
        with inside(north):
            from tenants.services.queries.offers import offered_items

            assert version.pk not in {one.pk for one in offered_items(north)}
