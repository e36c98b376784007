"""Items handed down to chosen halls alone: found, pasted, warned of, handed down once."""

import pytest
from django.test import Client

from foundation import schemas
from foundation.errors import Invalid
from foundation.events.operations import drain_events
from province.catalogue.models import Assignment, HallItem
from province.catalogue.operations.assignments import assign_to_new_halls
from province.catalogue.queries.assignments import item_ids_handed_down
from province.halls.models import Hall, HallKind
from standards.numbers.divisions import DivisionLevel
from tenants.services.operations.hand_down import hand_down_items
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_item, make_published
from tests.factories.halls import make_division, make_hall
from tests.factories.people import client_of
from tests.tenants.lower_halls.test_api import program

pytestmark = pytest.mark.django_db
NEW = "/desk/lower-halls/assignments/new/"
API = "/api/hall/v1/lower_halls"


@pytest.fixture
def other() -> Hall:
    """A second village, beside the one that there is."""
    beside = Hall.objects.get(slug="village").division
    assert beside.parent is not None
    division = make_division("420582103201", "合意村", DivisionLevel.VILLAGE, beside.parent)
    return make_hall("heyi", division, HallKind.VILLAGE, 44)


@pytest.fixture
def sun() -> Client:
    return client_of("sun", host="north.yizhan.localhost")


def send(client: Client, **given: object) -> str:
    answer = client.post(NEW, given, follow=True)
    assert answer.status_code == 200, answer.content.decode()[:600]
    return answer.content.decode()


class TestChosenHalls:
    def test_are_found_and_pasted_and_alone_get_the_items(self, north: Hall, other: Hall, sun: Client) -> None:
        village = Hall.objects.get(slug="village")
        version = make_published(make_item(name="社保卡补换", levels=["4", "6"]))
        make_shown(north, version)
        found = send(sun, step="find", hall_words="合意")
        assert f'value="{other.pk}"' in found
        assert f'value="{village.pk}"' not in found
        township = village.division.parent
        assert township is not None
        assert f'value="{village.pk}"' in send(sun, step="find", hall_area=township.code)
        # as it comes from a table: a code in any column, or a name; what is neither is named
        lines = f"1\t合意村便民服务室\t{other.division.code}\n红联村\n枝江市\n"
        pasted = send(sun, step="lines", hall_lines=lines, kind="village")
        assert "第 3 行“枝江市”不是下级服务厅的名称或代码" in pasted
        assert "已选 2 个，只发给这些" in pasted
        asked = {"item": [version.item_id], "hall": [other.pk], "kind": ["village"]}
        ahead = send(sun, step="preview", **asked)
        assert "将向 1 个下级服务厅下发 1 项事项" in ahead
        assert "层级不符" not in ahead
        assert "指定的村便民服务室" in send(sun, step="confirm", **asked)
        drain_events()
        assert list(HallItem.objects.exclude(hall_id=north.pk).values_list("hall_id", flat=True)) == [other.pk]
        assert item_ids_handed_down(other) == {version.item_id}
        assert item_ids_handed_down(village) == set()
        # it is for nobody who comes later
        assign_to_new_halls([village])
        drain_events()
        assert not HallItem.objects.filter(hall_id=village.pk).exists()

    def test_are_warned_of_what_does_not_fit_their_level(self, north: Hall, other: Hall, sun: Client) -> None:
        county = make_published(make_item(1, name="采矿许可", levels=["4"]))
        make_shown(north, county, has_agency=False, agency_note="")
        fitting = make_published(make_item(2, name="社保卡补换", levels=["4", "6"]))
        make_shown(north, fitting)
        taken_up = make_published(make_item(3, name="婚育证明", levels=["4"]))
        make_shown(north, taken_up, has_agency=True, agency_note="交给村代办员。")
        asked = {"item": [one.item_id for one in (county, fitting, taken_up)], "hall": [other.pk]}
        ahead = send(sun, step="preview", **asked)
        assert "“采矿许可”由县级行使，不由村便民服务室（合意村）行使，也没有写明可以代收代办。" in ahead
        assert ahead.count("也没有写明可以代收代办") == 1
        without = send(sun, step="fitting", **asked)
        assert "下发 2 项事项" in without
        assert "层级不符" not in without
        suggested = send(sun, step="suggest", hall=[other.pk])
        assert suggested.count('name="item"') == 3
        assert f'value="{county.item_id}" checked' not in suggested
        assert f'value="{taken_up.item_id}" checked' in suggested

    def test_are_chosen_over_http_once_for_a_key(self, north: Hall, other: Hall) -> None:
        version = make_published(make_item(name="采矿许可", levels=["4"]))
        make_shown(north, version, has_agency=False, agency_note="")
        client = program("sun", "catalogue.assign", "services.adopt", host="north.yizhan.localhost")
        [line] = client.get(f"{API}/halls", {"words": "合意"}).json()
        asked = {"item_ids": [str(version.item_id)], "hall_ids": [line["id"]]}
        ahead = client.post(f"{API}/assignments/preview", asked, content_type="application/json").json()
        assert (ahead["halls"], ahead["pairs"]) == (1, 1)
        assert [one["names"] for one in ahead["misfits"]] == [["合意村"]]
        assert not Assignment.objects.exists()
        key = {"Idempotency-Key": "a"}
        made = [
            client.post(f"{API}/assignments", asked, content_type="application/json", headers=key).json()
            for _ in range(2)
        ]
        assert made[0] == made[1]
        assert made[0]["hall_ids"] == [str(other.pk)]
        assert Assignment.objects.count() == 1
        without = program("sun", "services.adopt", host="north.yizhan.localhost")
        assert without.post(f"{API}/assignments/preview", asked, content_type="application/json").status_code == 403
        assert without.get(f"{API}/halls").status_code == 403

    def test_of_another_place_are_refused(self, north: Hall, south: Hall, other: Hall) -> None:
        version = make_published()
        make_shown(north, version)
        with schemas.enter(north.schema_name):
            for strangers in ([south.pk], [south.pk, other.pk], [north.pk]):
                with pytest.raises(Invalid):
                    hand_down_items(by=person("sun"), hall=north, item_ids=[version.item_id], hall_ids=strangers)
        assert not Assignment.objects.exists()
