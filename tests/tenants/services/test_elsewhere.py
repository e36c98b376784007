"""A citizen at the wrong level is led to the right hall: by lists, by the search and by the page of the item."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from province.halls.models import Hall
from province.rights.roles import Role
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_item, make_published, suspend
from tests.factories.halls import make_person
from tests.factories.services import make_shown_at
from tests.factories.sites import make_columns

pytestmark = pytest.mark.django_db

STREET, PHONE = "当阳市长坂路 1 号", "0717-3250000"


@pytest.fixture(autouse=True)
def halls(north: Hall) -> None:
    north.address, north.phone = STREET, PHONE
    north.save()
    for hall in (north, Hall.objects.get(slug="village")):
        make_columns(hall)


def at(host: str) -> Client:
    return Client(headers={"host": f"{host}.yizhan.localhost"})


def asked_by(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code in {200, 404}
    return len([one for one in captured.captured_queries if "SET search_path" not in one["sql"]])


class TestElsewhere:
    def test_lists_what_a_level_above_does_with_the_way_to_it(self, north: Hall) -> None:
        village = Hall.objects.get(slug="village")
        both = make_published(make_item(1, name="社保卡补换"))
        make_shown(north, both)
        make_person("cun", "村文", Role.HALL_EDITOR, village)
        make_shown_at(village, both, editor="cun")
        only = make_shown(north, make_published(make_item(2, name="结婚登记")))
        stopped = make_published(make_item(3, name="离婚登记"))
        make_shown(north, stopped)
        suspend(stopped.item, reason="系统升级")
        assert "/services/elsewhere/" in at("village").get("/services/").text
        page = at("village").get("/services/elsewhere/").text
        assert f"这些事在{north.name}办" in page
        assert re.search(rf'href="http://north\.yizhan\.localhost(:\d+)?/services/{only.item_id}/"', page)
        assert STREET in page
        assert f"tel:{PHONE}" in page
        assert "社保卡补换" not in page
        assert "离婚登记" not in page
        before = asked_by(at("village"), "/services/elsewhere/")
        for number in range(4, 8):
            make_shown(north, make_published(make_item(number, name=f"第{number}类许可")))
        assert asked_by(at("village"), "/services/elsewhere/") == before

    def test_is_found_among_services_and_said_with_address_and_telephone(self, north: Hall) -> None:
        item_id = make_shown(north, make_published(make_item(1, name="结婚登记"))).item_id
        for address in ("/services/find/?q=结婚", "/search/?q=结婚"):
            page = at("village").get(address).text
            assert re.search(rf"这件事在<a [^>]+/services/{item_id}/\">{north.name}</a>办", page), address
            assert STREET in page
            assert f"tel:{PHONE}" in page
        before = asked_by(at("village"), "/services/find/?q=许可")
        for number in range(4, 9):
            make_shown(north, make_published(make_item(number, name=f"第{number}类许可")))
        assert asked_by(at("village"), "/services/find/?q=许可") - before <= 3

    def test_leads_from_the_page_of_an_item_to_the_level_that_exercises_it(self, north: Hall) -> None:
        nobody = make_published(make_item(1, name="采矿许可", levels=["4"]))
        page = at("village").get(f"/services/{nobody.item_id}/")
        assert page.status_code == 404
        assert f"这件事在{north.name}办" in page.text
        assert "那里的办事指南还没有公布" in page.text
        assert f"tel:{PHONE}" in page.text
        # its own level, and what everybody may do, lead nowhere
        assert "采矿许可" not in at("north").get(f"/services/{nobody.item_id}/").text
        shared = make_published(make_item(2, name="分级许可", levels=["7"]))
        assert "分级许可" not in at("village").get(f"/services/{shared.item_id}/").text

    def test_leads_down_to_the_halls_that_do_it(self, north: Hall) -> None:
        village = Hall.objects.get(slug="village")
        make_person("cun", "村文", Role.HALL_EDITOR, village)
        version = make_published(make_item(1, name="独生子女父母光荣证补办", levels=["4", "6"]))
        make_shown_at(village, version, editor="cun")
        page = at("north").get(f"/services/{version.item_id}/").text
        assert f"这件事在{village.name}办" in page
        assert "http://village.yizhan.localhost" in page
        found = at("north").get("/services/find/?q=光荣证").text
        assert "这件事在下面的 1 个服务厅办" in found
        assert "不在本厅办的事" not in at("south").get("/services/find/?q=光荣证").text
