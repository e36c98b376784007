"""权责清单 on a hall's site and at the province's: what nobody applies for, as lists, pages and a workbook."""

import io

import pytest
from django.test import Client
from python_calamine import load_workbook

from province.catalogue.models import ItemReads
from province.catalogue.operations.reads import fold_reads
from province.halls.models import Hall
from standards.items.codelists import ItemType
from tenants.services.models import Adoption
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_department, make_item, make_published
from tests.factories.people import client_of
from tests.factories.sites import make_columns

pytestmark = pytest.mark.django_db

HOST = "north.yizhan.localhost"


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return Client(headers={"host": HOST})


@pytest.fixture
def penalty(north: Hall) -> Adoption:
    item = make_item(2, department=make_department("民政局"), name="骗取救助的处罚", item_type=ItemType.PENALTY)
    return make_shown(north, make_published(item))


class TestAPower:
    def test_has_a_page_of_the_ledger_and_no_guide(self, site: Client, north: Hall, penalty: Adoption) -> None:
        path = f"/powers/{penalty.item_id}/"
        page = site.get(path)
        assert page.status_code == 200
        text = page.text
        parts = ("针对谁、什么情况", "权力依据", "裁量基准", "按什么程序", "责任事项和追责情形", "您的权利，不服怎么办")
        places = [text.index(f'-heading">{part}') for part in parts]
        assert places == sorted(places)
        # the law's range, and each grade with its bounds
        assert "10,000–50,000 元" in text
        assert "20,000–30,000 元" in text
        assert "<strong>从重</strong>" in text
        for words in ("60 日内申请行政复议", "6 个月内提起行政诉讼", "没有依据实施的", "流程图", "12345"):
            assert words in text
        for words in ("预约", "代办", "我有问题", "要带什么", "办理地点"):
            assert words not in text
        moved = site.get(f"/services/{penalty.item_id}/")
        assert (moved.status_code, moved["Location"]) == (301, path)
        assert f"https://{HOST}{path}" in site.get("/sitemap.xml").text or path in site.get("/sitemap.xml").text
        # read there, it counts as read
        fold_reads()
        assert ItemReads.objects.filter(hall_id=north.pk, item=penalty.item_id).exists()

    def test_leads_back_from_the_ledger_where_people_apply_for_it(self, site: Client, north: Hall) -> None:
        licence = make_shown(north, make_published(make_item(1, name="食品经营许可")))
        moved = site.get(f"/powers/{licence.item_id}/")
        assert (moved.status_code, moved["Location"]) == (301, f"/services/{licence.item_id}/")

    def test_is_found_by_the_search_and_by_type_department_and_name(
        self, site: Client, north: Hall, penalty: Adoption
    ) -> None:
        other = make_item(3, department=make_department("水利局"), name="河湖检查", item_type=ItemType.INSPECTION)
        make_shown(north, make_published(other))
        assert f'href="/powers/{penalty.item_id}/"' in site.get("/search/?q=骗取救助").text
        everything = site.get("/powers/").text
        assert "河湖检查" in everything
        assert "骗取救助的处罚" in everything
        for query in ("q=骗取", "type=02", "department=民政局", "q=420231002"):
            text = site.get(f"/powers/?{query}").text
            assert "骗取救助的处罚" in text
            assert "河湖检查" not in text
        assert "没有这样的事项" in site.get("/powers/?q=航天").text

    def test_goes_into_the_workbook_with_all_that_it_says(self, site: Client, south: Hall, penalty: Adoption) -> None:
        book = load_workbook(io.BytesIO(site.get("/powers/export/xlsx/?type=02").content))
        [head, row] = book.get_sheet_by_index(0).to_python()
        told = dict(zip(head, row, strict=True))
        assert told["事项名称"] == "骗取救助的处罚"
        assert "从重" in told["裁量基准"]
        assert "30,000–50,000 元" in told["裁量基准"]
        assert told["监督投诉方式"] == "12345"
        make_columns(south)
        elsewhere = Client(headers={"host": "south.yizhan.localhost"})
        assert elsewhere.get(f"/powers/{penalty.item_id}/").status_code == 404
        empty = load_workbook(io.BytesIO(elsewhere.get("/powers/export/xlsx/").content))
        assert len(empty.get_sheet_by_index(0).to_python()) == 1

    def test_stands_in_the_province_s_ledger_and_leads_to_who_exercises_it(self, penalty: Adoption) -> None:
        site, path = client_of(), f"/powers/{penalty.item_id}/"
        assert path in site.get("/powers/?type=02").text
        assert "骗取救助的处罚" not in site.get("/powers/?type=03").text
        text = site.get(path).text
        assert "10,000–50,000 元" in text
        assert f"{HOST}" in text
        assert path in site.get("/search/?q=骗取救助").text
        moved = site.get(f"/services/{penalty.item_id}/")
        assert (moved.status_code, moved["Location"]) == (301, path)
