"""What a hall adds to the list of 容缺受理 by its own guides: on its site, over its interface, and nowhere else."""

import pytest
from django.test import Client

from province.catalogue.models import ItemVersion
from province.halls.models import Hall
from standards.items.facets import Facet
from tenants.services.queries.directory import directory, lines_of_features
from tenants.services.queries.finding import filters_of_list
from tenants.services.queries.shown import shown_services
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_item, make_published
from tests.factories.items import whole_item
from tests.factories.people import client_of
from tests.factories.sites import inside, make_columns

pytestmark = pytest.mark.django_db
ROW = whole_item()["materials"][0]
LAW = {"law": "湖北省优化营商环境条例", "article": "第二十条"}
OWN_LAW = {"law": "当阳市政务服务容缺受理清单", "article": "第三项"}
OWN = ROW | {"name": "本地照片", "need": "3", "later_days": 3, "laws": [LAW]}
OWN = {name: value for name, value in OWN.items() if name not in {"blank_form", "sample_form"}}
LATER = ROW | {"name": "健康证明", "need": "3", "later_days": 5}
NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"


def version_of(number: int, **values: object) -> ItemVersion:
    return make_published(make_item(number, name=f"事项{number}", has_local_materials=True, **values))


def site_of(hall: Hall, host: str) -> Client:
    make_columns(hall)
    return Client(headers={"host": host})


class TestOwnLater:
    def test_stands_in_the_hall_s_lists_counts_and_filters_alone(self, north: Hall, south: Hall) -> None:
        listed = version_of(1, materials=[ROW, LATER], later_laws=[LAW])
        plain, founded, unfounded = version_of(2), version_of(3, later_laws=[LAW]), version_of(4)
        local = {"local_materials": [OWN]}
        # of its own basis, of the province's, without any, and beside what the province lists
        make_shown(north, plain, **local, later_laws=[OWN_LAW])
        make_shown(north, founded, **local)
        make_shown(north, unfounded, **local)
        make_shown(north, listed, **local)
        make_shown(north, version_of(5))
        site, other = site_of(north, NORTH), site_of(south, SOUTH)
        page = site.get("/services/by/feature/later/").text
        assert [f"事项{number}" in page for number in range(1, 6)] == [True, True, True, False, False]
        own, province = "本地照片（3 个工作日内补交）", "健康证明（5 个工作日内补交）"
        for words in ("本厅办理 3 个事项", own, province, OWN_LAW["law"]):
            assert words in page
        elsewhere = other.get("/services/by/feature/later/").text
        assert not any(words in elsewhere for words in ("本地照片", "事项2", OWN_LAW["law"]))
        desk = client_of("sun", NORTH).get("/desk/items/features/").text
        assert [desk.count(words) for words in ("本厅增加</span>", "1 处没有依据", "本地照片")] == [4, 1, 4]
        assert "本地照片" in client_of("sun", NORTH).get("/desk/items/features/?format=csv").text
        # the other lists are the province's
        assert "本地照片" not in site.get("/services/by/feature/promise/").text
        found = site.get("/services/find/?feature=later").text
        assert [f"/services/{one.item_id}/" in found for one in (listed, plain, founded, unfounded)] == [
            True,
            True,
            True,
            False,
        ]
        with inside(north):
            counted = filters_of_list(shown_services())[Facet.FEATURE]
            assert [(one.value, one.count) for one in counted] == [("later", 3)]
            assert [one.count for one in directory().of(Facet.FEATURE)] == [3]
            told = {line.name: line.words for line in lines_of_features("later")}
            assert told == {"事项1": (province, own), "事项2": (own,), "事项3": (own,)}
