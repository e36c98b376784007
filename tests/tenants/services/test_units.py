"""A department of the hall works on its own items: operations, pages, bulk acts and API alike."""

import json
from dataclasses import dataclass

import pytest

from foundation.errors import Invalid, NotAllowed
from province.halls.models import Hall
from province.people.models import Unit
from province.people.operations.positions import give_position
from province.people.operations.units import create_unit
from province.rights.roles import Reach, Role
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import adopt_items, drop_adoption
from tenants.services.operations.hall_defaults import fill_gaps, save_hall_defaults
from tenants.services.operations.hall_guides import submit_hall_guides
from tenants.services.operations.units import give_to_unit
from tests.conftest import person
from tests.factories.adoptions import adopt, save, submit
from tests.factories.catalogue import make_department, make_item, make_published
from tests.factories.halls import make_person
from tests.factories.people import account, client_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

NORTH = "north.yizhan.localhost"
ITEMS = "/desk/items/"


@dataclass
class Office:
    """Two departments of the hall; Mei fills in for 医保局 alone, Sun for the whole hall."""

    insurance: Unit
    education: Unit


@pytest.fixture
def office(north: Hall) -> Office:
    zhao = person("zhao")
    made = Office(
        *(create_unit(by=zhao, name=name, hall_id=north.pk, prefix="420582") for name in ("医保局", "教育局"))
    )
    make_person("mei", "梅芳")
    give_position(
        by=zhao,
        account=account("mei"),
        role=Role.EDITOR,
        hall_id=north.pk,
        reach_prefix="420582",
        unit=made.insurance,
        reach=Reach.UNIT,
    )
    return made


def adopted(hall: Hall, number: int, department: str) -> Adoption:
    return adopt(hall, make_published(make_item(number, name=f"事项{number}", department=make_department(department))))


class TestItem:
    def test_belongs_to_the_department_that_is_called_as_its_own(self, north: Hall, office: Office) -> None:
        assert adopted(north, 1, "医保局").unit_id == office.insurance.pk
        assert adopted(north, 2, "民政局").unit_id is None

    def test_belongs_to_the_department_whose_people_adopt_it(self, north: Hall, office: Office) -> None:
        assert adopt(north, make_published(make_item(1)), by="mei").unit_id == office.insurance.pk

    def test_is_given_to_another_one_by_who_works_for_the_whole_hall(
        self, north: Hall, south: Hall, office: Office
    ) -> None:
        one = adopted(north, 1, "医保局")
        with inside(north):
            with pytest.raises(NotAllowed):
                give_to_unit(by=person("mei"), hall=north, adoption_ids=[one.pk], unit_id=office.education.pk)
            other = create_unit(by=person("zhao"), name="外厅", hall_id=south.pk, prefix="420583")
            with pytest.raises(Invalid, match="可能属于其他服务厅"):
                give_to_unit(by=person("sun"), hall=north, adoption_ids=[one.pk], unit_id=other.pk)
            for _ in range(2):
                give_to_unit(by=person("sun"), hall=north, adoption_ids=[one.pk], unit_id=office.education.pk)
            one.refresh_from_db()
            assert one.unit_id == office.education.pk


class TestEditorOfADepartment:
    def test_fills_in_its_items_and_no_other(self, north: Hall, office: Office) -> None:
        own, other, nobodys = (
            adopted(north, n, name) for n, name in enumerate(("医保局", "教育局", "民政局"), start=1)
        )
        submit(north, save(north, own, by="mei"), by="mei")
        for adoption, words in ((other, "由“教育局”填写"), (nobodys, "还没有交给任何部门")):
            with pytest.raises(NotAllowed, match=words):
                save(north, adoption, by="mei")
            with pytest.raises(NotAllowed, match=words):
                submit(north, adoption, by="mei")
            with inside(north), pytest.raises(NotAllowed, match=words):
                drop_adoption(by=person("mei"), hall=north, adoption_id=adoption.pk)
        for adoption in (other, nobodys):
            save(north, adoption, by="sun")

    def test_submits_many_and_is_told_which_are_not_its_own(self, north: Hall, office: Office) -> None:
        own, other = (save(north, adopted(north, n, name)) for n, name in ((1, "医保局"), (2, "教育局")))
        with inside(north):
            done = submit_hall_guides(by=person("mei"), hall=north, adoption_ids=[own.pk, other.pk])
        assert done.done == 1
        assert "由“教育局”填写" in done.refused[other.item_id]

    def test_says_nothing_for_all_departments(self, north: Hall, office: Office) -> None:
        other = adopted(north, 2, "教育局")
        with inside(north):
            with pytest.raises(NotAllowed):
                save_hall_defaults(by=person("mei"), hall=north, department_id=None, values={"consult": "0717-3251234"})
            save_hall_defaults(by=person("sun"), hall=north, department_id=None, values={"consult": "0717-3251234"})
            revision = Adoption.objects.get(pk=other.pk).revision
            fill_gaps(by=person("mei"), hall=north)
            assert Adoption.objects.get(pk=other.pk).revision == revision

    def test_sees_its_own_first_and_all_on_request(self, north: Hall, office: Office) -> None:
        own, other = adopted(north, 1, "医保局"), adopted(north, 2, "教育局")
        mei, sun = client_of("mei", NORTH), client_of("sun", NORTH)
        assert self._listed(mei) == {"事项1"}
        assert self._listed(mei, unit="all") == self._listed(sun) == {"事项1", "事项2"}
        assert self._listed(sun, unit=str(office.education.pk)) == {"事项2"}
        api = "/api/hall/v1/services/items"
        assert [one["name"] for one in mei.get(api).json()["items"]] == ["事项1"]
        assert len(mei.get(api, {"unit": "all"}).json()["items"]) == 2
        page = mei.get(f"{ITEMS}{other.pk}/")
        assert page.status_code == 200
        assert "由教育局填写" in page.content.decode()
        assert f"{ITEMS}{other.pk}/edit/" not in page.content.decode()
        refused = mei.get(f"{ITEMS}{other.pk}/edit/")
        assert refused.status_code == 403
        assert "您的岗位只能填写本部门的事项" in refused.content.decode()
        body = json.dumps({"revision": 0, "values": {}})
        refused = mei.put(f"{api}/{other.pk}/hall-guide", body, content_type="application/json")
        assert refused.status_code == 403
        assert mei.get(f"{ITEMS}{own.pk}/edit/").status_code == 200

    def test_is_handed_its_items_on_the_page(self, north: Hall, office: Office) -> None:
        one = adopted(north, 1, "民政局")
        sun = client_of("sun", NORTH)
        row = f"{one.pk} 0 1"
        said = sun.post(
            f"{ITEMS}bulk/", {"act": "give", "adoption": row, "unit_id": str(office.insurance.pk)}, follow=True
        )
        assert "已交给部门 1 项" in said.content.decode()
        mei = client_of("mei", NORTH)
        assert self._listed(mei) == {"事项1"}
        assert "交给部门</button>" not in mei.get(ITEMS).content.decode()

    @staticmethod
    def _listed(client: object, **asked: str) -> set[str]:
        page = client.get(ITEMS, asked).content.decode()  # type: ignore[attr-defined]
        return {name for name in ("事项1", "事项2") if f">{name}</a>" in page}


class TestOtherHall:
    def test_knows_no_department_of_this_one(self, south: Hall, office: Office) -> None:
        version = make_published()
        with inside(south), pytest.raises(NotAllowed):
            adopt_items(by=person("mei"), hall=south, item_ids=[version.item_id])
