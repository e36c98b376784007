"""What the console's first page counts of the catalogue, and what its search finds there."""

import pytest

from foundation.errors import NotAllowed
from province.catalogue.operations import return_version
from province.catalogue.queries.reviews import office_with_code
from province.console.queries.overview import waiting_for
from province.console.queries.search import search_everything
from province.halls.models import Hall
from province.people.operations.positions import give_position
from province.rights.roles import Reach
from tests.conftest import person
from tests.factories.catalogue import (
    make_approved,
    make_department,
    make_item,
    make_proposal,
    make_published,
    submit,
)
from tests.factories.halls import make_person
from tests.factories.people import account, client_of, make_role, make_unit

pytestmark = pytest.mark.django_db

REVIEWS, RETURNED, APPROVED, PROPOSALS = (
    *("待我审核的事项", "退回、待修改的事项"),
    *("通过、待公布的事项", "待答复的事项建议"),
)


def waits(username: str) -> dict[str, int]:
    return {one.label: one.number for one in waiting_for(person(username)) if "事项" in one.label}


def found(username: str, words: str) -> list[str]:
    return [hit.name for hit in search_everything(person(username), words) if hit.group == "事项"]


class TestWaiting:
    def test_is_nothing_where_nothing_waits(self) -> None:
        make_published()
        assert waits("zhao") == {}
        assert "现在没有等您处理的" in client_of("zhao").get("/console/").content.decode()

    def test_is_what_each_should_see_to(self, north: Hall) -> None:
        submit(make_item(1))
        returned = submit(make_item(2))
        return_version(by=person("qian"), version=returned, office=office_with_code("legal"), reason="不对")
        make_approved(make_item(3))
        make_proposal(north)
        assert waits("zhao") == {RETURNED: 1, APPROVED: 1, PROPOSALS: 1}
        # the returned one, too: two offices may still say what they think; but not the one who has returned it
        assert waits("qian") == {REVIEWS: 1, RETURNED: 1, APPROVED: 1, PROPOSALS: 1}
        assert waits("sun") == {}

    def test_leads_to_the_page_that_lists_it(self, north: Hall) -> None:
        submit(make_item(1, name="等着审核的"))
        returned = submit(make_item(2, name="退回来的"))
        return_version(by=person("qian"), version=returned, office=office_with_code("legal"), reason="不对")
        make_approved(make_item(3, name="等着公布的"))
        make_proposal(north, values={"name": "服务厅建议的"})
        qian = client_of("qian")
        names = {REVIEWS: "等着审核的", RETURNED: "退回来的", APPROVED: "等着公布的", PROPOSALS: "服务厅建议的"}
        overview = qian.get("/console/").content.decode()
        for one in waiting_for(person("qian")):
            if one.label in names:
                assert f'href="{one.address}"' in overview
                assert names[one.label] in qian.get(one.address).content.decode()

    def test_is_of_the_departments_that_one_writes_for(self, north: Hall) -> None:
        unit = make_unit("食品处")
        role = make_role("业务处室", ["catalogue.read", "catalogue.write", "catalogue.submit"])
        make_person("xi", "席统")
        give_position(by=person("zhao"), account=account("xi"), role=role, unit=unit, reach=Reach.UNIT)
        own = make_published(make_item(1, department=make_department("食品局", unit_id=unit.pk))).item
        other = make_published(make_item(2)).item
        for item in (own, other):
            make_proposal(north, item=item, values={"conditions": "有"})
        make_proposal(north)
        # the own item's, and the new one, which may become its department's
        assert waits("xi") == {PROPOSALS: 2}
        assert waits("zhao") == {PROPOSALS: 3}


class TestSearch:
    def test_finds_items_by_name_sound_and_code(self) -> None:
        make_item(1, name="食品经营许可")
        make_item(2, name="老年人优待证办理")
        for words in ("食品", "spjyxk", "shipinjingying", "420131001", "食品 许可"):
            assert found("zhao", words) == ["食品经营许可"]
        assert found("zhao", "没有这样的") == []
        assert found("zhao", " ") == []

    def test_finds_what_is_in_sight_alone(self) -> None:
        make_published(make_item(1, name="公布了的许可"))
        make_item(2, name="还是草稿的许可")
        # what was worked on last comes first
        assert found("zhao", "许可") == ["还是草稿的许可", "公布了的许可"]
        assert found("sun", "许可") == ["公布了的许可"]

    def test_is_open_to_who_reads_no_texts(self) -> None:
        make_person("xi", "席统")
        role = make_role("业务处室", ["catalogue.read", "catalogue.write"])
        give_position(by=person("zhao"), account=account("xi"), role=role, unit=make_unit("食品处"), reach=Reach.UNIT)
        item = make_published(make_item(1, name="食品经营许可")).item
        page = client_of("xi").get("/console/search/", {"q": "spjyxk"}).content.decode()
        assert f"/console/items/{item.pk}/" in page

    def test_is_closed_to_somebody_without_a_position(self) -> None:
        with pytest.raises(NotAllowed):
            search_everything(person("wu"), "许可")
        assert client_of("wu").get("/console/search/?q=许可").status_code == 403
