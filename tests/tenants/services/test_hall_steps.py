"""The steps of an item as a hall does them: written at the desk, read on the page and in the flow chart."""

import pytest
from django.test import Client

from province.halls.models import Hall
from tenants.services.models import Adoption
from tests.factories.adoptions import adopt, make_shown
from tests.factories.people import client_of
from tests.factories.sites import inside, make_columns

pytestmark = pytest.mark.django_db


class TestHallSteps:
    def test_stand_on_the_page_and_in_the_chart_and_none_that_go_against_the_promise(self, north: Hall) -> None:
        make_columns(north)
        steps = [{"act": "受理", "position": "综合窗口甲", "days": 1, "unit": "1"}]
        limits = {"promised_days": 3, "promised_unit": "1"}
        item_id = make_shown(north, **limits, hall_steps=steps).item_id
        page = Client(headers={"host": "north.yizhan.localhost"}).get(f"/services/{item_id}/").content.decode()
        assert "3 个工作日内办好" in page
        # in the words, and in each drawing
        assert page.count("综合窗口甲") >= 3
        steps_part = page[page.index('id="guide-steps"') :]
        assert "各环节合计" not in steps_part

    def test_are_written_at_the_desk_beside_the_provinces(self, north: Hall) -> None:
        adoption = adopt(north)
        desk = client_of("sun", host="north.yizhan.localhost")
        address = f"/desk/items/{adoption.pk}/edit/"
        page = desk.get(address).content.decode()
        assert "省里的办理流程" in page
        assert "受理 · 窗口 · 2 个工作日" in page
        assert '<option value="受理">受理</option>' in page
        # only items with handling items ask for which of them
        assert "只用于业务办理项" not in page
        wrong = {"hall_steps.1.act": "受理", "hall_steps.1.days": "11", "hall_steps.1.unit": "1"}
        told = desk.post(address, {"revision": "1", "values": "1", **wrong}).content.decode()
        assert "「本厅的办理环节」的时限加起来超过「承诺办结时限」（10 个工作日），请缩短环节时限。" in told
        with inside(north):
            assert "hall_steps" not in Adoption.objects.get(pk=adoption.pk).values
