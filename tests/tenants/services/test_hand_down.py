"""下发: a county hands items down; each hall below takes them up by itself."""

from typing import Any
from unittest import mock

import pytest
from django.test import Client

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events import operations as events
from foundation.events.models import Event, EventDelivery
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.events import ITEMS_ASSIGNED
from province.catalogue.models import Assignment, HallItem, Item, ItemVersion
from province.catalogue.operations.assignments import assign_to_new_halls, end_assignment, retry_assignment
from province.catalogue.queries.assignments import (
    assignments_of,
    failures_of,
    kinds_below,
    preview_assignment,
    progress_of,
)
from province.catalogue.queries.misfits import misfits_of
from province.halls.models import Division, Hall, HallKind
from province.halls.operations import retire_hall, suspend_hall
from province.people.models import OwnRole
from province.people.operations.positions import give_position
from province.rights.queries import system_actor
from province.rights.roles import Reach
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import adopt_items
from tenants.services.operations.hall_defaults import save_hall_defaults
from tenants.services.operations.hand_down import hand_down_items
from tenants.services.queries.hand_down import OWN, hall_guides_to_hand_down, offers
from tests.conftest import person
from tests.factories.adoptions import adopt, make_shown
from tests.factories.catalogue import REASON, make_base_list, make_item, make_published
from tests.factories.halls import make_hall, make_person
from tests.factories.items import BODY
from tests.factories.people import account, make_role
from tests.factories.sites import change_hall, inside, make_columns

pytestmark = pytest.mark.django_db

COUNTY = "420582"


@pytest.fixture
def village() -> Hall:
    return Hall.objects.get(slug="village")


def down(hall: Hall, *versions: ItemVersion, by: str = "sun", **given: Any) -> Assignment:
    with schemas.enter(hall.schema_name):
        return hand_down_items(
            by=person(by),
            hall=hall,
            item_ids=[version.item_id for version in versions],
            kinds=given.pop("kinds", [HallKind.TOWNSHIP, HallKind.VILLAGE]),
            **given,
        )


def standing(hall: Hall) -> list[tuple[str, str]]:
    return list(HallItem.objects.filter(hall_id=hall.pk).values_list("state", "guide_state"))


class TestHandDown:
    def test_reaches_halls_below_with_the_countys_part(self, north: Hall, south: Hall, village: Hall) -> None:
        version = make_published()
        make_shown(north, version, complaints="12399")
        made = down(north, version)
        assert (progress_of(made).halls, progress_of(made).waiting) == (1, 1)
        drain_events()
        assert progress_of(made).percent == 100
        assert standing(village) == [("adopted", "filling")]
        assert not standing(south)
        with inside(village):
            adoption = Adoption.objects.get()
            assert adoption.assignment_id == made.pk
            assert adoption.values["complaints"] == "12399"
            # of the county's own rooms nothing comes along; whose right it is stays the same
            assert not {"windows", "consult", "handle_code"} & adoption.values.keys()
            assert adoption.values["task_code"] == f"{BODY}4{version.item.basic_code}"

    def test_publishes_what_is_complete_there(self, north: Hall, village: Hall) -> None:
        version = make_published()
        make_shown(north, version)
        hours = [{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"}]
        change_hall(village, address="红联村 1 号", phone="0717-3250001", opening_hours=hours)
        down(north, version, publishes=True)
        drain_events()
        assert standing(village) == [("published", "done")]

    def test_has_a_township_make_public_what_it_has_itself_made(self, north: Hall) -> None:
        """政府信息公开条例 Art. 10, 21: a town's government has duties of its own, a village committee none."""
        base = next(one for one in read_base_list() if one.name == "农村集体土地承包和宅基地")
        make_base_list([base])
        item = Item.objects.get(name=base.name)
        version = ItemVersion.objects.get(item=item)
        make_shown(north, version, **base.hall_values, disclosure_link="https://county.example/land/")
        township = make_hall("township", Division.objects.get(name="河溶镇"), HallKind.TOWNSHIP, 4)
        change_hall(township, address="河溶镇 1 号", phone="0717-3250001")
        make_columns(township)
        assert [one.kind for one in misfits_of([("township", "镇"), ("village", "村")], [item.pk])] == ["village"]
        down(north, version, kinds=[HallKind.TOWNSHIP], publishes=True)
        drain_events()
        with inside(township):
            values = Adoption.objects.get().values
            assert values["disclosing_body"] == "河溶镇人民政府"
            assert "disclosure_link" not in values
            # what the county was called with stays where people complain
            assert values["complaints"] == base.hall_values["complaints"]
        assert standing(township) == [("published", "done")]
        site = Client(headers={"host": "township.yizhan.localhost"})
        home, table = site.get("/").text, site.get("/powers/").text
        assert 'href="/open/"' in home
        assert 'href="/powers/"' in site.get("/open/").text
        for page in (table, site.get("/powers/21/").text, site.get("/search/", {"q": "土地承包"}).text):
            assert f"/powers/{item.pk}/" in page
        assert str(item.pk) not in site.get("/services/all/").text
        guide = site.get(f"/powers/{item.pk}/").text
        assert "河溶镇人民政府" in guide
        assert "北安县" not in guide

    def test_sends_items_that_the_county_has_not_published_without_a_part(self, north: Hall, village: Hall) -> None:
        version = make_published()
        adopt(north, version)
        assert down(north, version).hall_guides == {}
        drain_events()
        assert standing(village) == [("adopted", "filling")]

    def test_adds_nothing_twice(self, north: Hall, village: Hall) -> None:
        version, other = make_published(), make_published(make_item(1))
        adopt_in_village(village, version)
        down(north, version, other)
        down(north, version, other)
        drain_events()
        EventDelivery.objects.filter(event__kind=ITEMS_ASSIGNED.name).update(state=EventDelivery.State.WAITING)
        drain_events()
        assert HallItem.objects.filter(hall_id=village.pk).count() == 2
        acts = AuditEntry.objects.filter(act="services.adopt_items", hall_id=village.pk)
        assert acts.count() == 2

    def test_asks_for_items_and_halls(self, north: Hall, village: Hall) -> None:
        version = make_published()
        with pytest.raises(Invalid, match="事项"):
            down(north)
        with pytest.raises(Invalid, match="下级服务厅"):
            down(north, version, kinds=[HallKind.CITY])
        make_person("cunwei", "村委", None, village)
        post("cunwei", _assigning(), village, Reach.SUBTREE)
        with pytest.raises(Invalid, match="下级服务厅"):
            down(village, version, by="cunwei")

    @pytest.mark.parametrize("who", ["zhou", "hua", "wu", "lu"])
    def test_is_for_who_may_over_the_place(self, north: Hall, who: str) -> None:
        with pytest.raises(NotAllowed):
            down(north, make_published(), by=who)

    def test_publishes_only_on_the_word_of_who_decides_in_all_these_halls(self, north: Hall) -> None:
        version = make_published()
        make_person("he2", "何二")
        post("he2", _assigning(), north, Reach.SUBTREE)
        reviewing = make_role("本厅审核", ["services.review", "portal.write"])
        post("he2", reviewing, north, Reach.HALL)
        with pytest.raises(NotAllowed):
            down(north, version, by="he2", publishes=True)
        assert not Assignment.objects.exists()
        down(north, version, by="he2")
        down(north, version, publishes=True)

    def test_stops_for_halls_that_have_not_taken_it_up(self, north: Hall, village: Hall) -> None:
        made = down(north, make_published())
        end_assignment(by=person("sun"), assignment_id=made.pk)
        drain_events()
        assert not standing(village)
        for act in (end_assignment, retry_assignment):
            with pytest.raises(Conflict):
                act(by=person("sun"), assignment_id=made.pk)
            with pytest.raises(NotFound):
                act(by=person("zhou"), assignment_id=made.pk)

    def test_reaches_a_suspended_hall_and_no_retired_one(self, north: Hall, village: Hall) -> None:
        version, other = make_published(), make_published(make_item(1))
        down(north, version)
        suspend_hall(by=person("zhao"), hall=village, reason=REASON)
        drain_events()
        assert len(standing(village)) == 1
        made = down(north, other)
        retire_hall(by=person("zhao"), hall=village, reason=REASON)
        drain_events()
        assert len(standing(village)) == 1
        assert progress_of(made).done == 1


class TestFailure:
    def test_is_told_with_its_reason_and_tried_again(self, north: Hall, village: Hall) -> None:
        made = down(north, make_published())
        with (
            mock.patch.object(events, "ATTEMPTS", 1),
            mock.patch("tenants.services.tasks.adopt_assigned", side_effect=OSError("disk")),
        ):
            drain_events()
        assert progress_of(made).failed == 1
        (failure,) = failures_of(made)
        assert (failure.hall_name, failure.reason, failure.is_over) == ("红联村", "服务厅暂时写不进去", True)
        assert retry_assignment(by=person("sun"), assignment_id=made.pk) == 1
        assert retry_assignment(by=person("sun"), assignment_id=made.pk) == 0
        drain_events()
        assert (progress_of(made).done, failures_of(made)) == (1, [])
        assert standing(village) == [("adopted", "filling")]

    def test_that_will_be_tried_again_by_itself_need_not_wait(self, north: Hall) -> None:
        made = down(north, make_published())
        with mock.patch("tenants.services.tasks.adopt_assigned", side_effect=Conflict("服务厅正在升级")):
            drain_events()
        (failure,) = failures_of(made)
        assert (failure.reason, failure.is_over, progress_of(made).waiting) == ("服务厅正在升级", False, 1)
        assert drain_events() == 0
        assert retry_assignment(by=person("sun"), assignment_id=made.pk) == 1
        assert drain_events() == 1


class TestNewHall:
    def test_takes_up_what_still_counts(self, north: Hall, village: Hall) -> None:
        """As provisioning calls it for halls that it has just made (tests/provisioning)."""
        first, second, third = (make_published(make_item(number)) for number in range(3))
        down(north, first)
        ended = down(north, second)
        down(north, third, kinds=[HallKind.VILLAGE])
        end_assignment(by=person("sun"), assignment_id=ended.pk)
        Event.objects.filter(kind=ITEMS_ASSIGNED.name).delete()
        assign_to_new_halls([village, north])
        drain_events()
        assert set(HallItem.objects.values_list("hall_id", "item_id")) == {
            (village.pk, first.item_id),
            (village.pk, third.item_id),
        }


class TestPreview:
    def test_counts_halls_items_and_what_is_there(self, village: Hall) -> None:
        version, other = make_published(), make_published(make_item(1))
        adopt_in_village(village, version)
        found = preview_assignment(COUNTY, ["village"], [version.item_id, other.item_id])
        assert (found.halls, found.items, found.known, found.new) == (1, 2, 1, 1)
        assert kinds_below(COUNTY) == [(HallKind.VILLAGE, 1)]
        assert kinds_below("420582103200") == []

    def test_offers_what_the_hall_shows_or_what_goes_with_a_kind(self, north: Hall) -> None:
        version = make_published()
        item = Item.objects.get()
        for village_level in (make_published(make_item(1, levels=["4", "6"])), make_published(make_item(2))):
            assert village_level
        make_shown(north, version)
        with inside(north):
            assert [one.code for one in offers(source=OWN)] == [item.basic_code]
            assert [one.code for one in offers(source="village")] == ["420131001000"]
            assert [one.is_own for one in offers(source="county", words="420131000")] == [True]
            assert offers(family="service") == []
            assert offers(department="民政局") == []
            assert hall_guides_to_hand_down([]) == {}

    def test_lists_earlier_ones_the_latest_first(self, north: Hall) -> None:
        version = make_published()
        first, second = down(north, version), down(north, version)
        assert list(assignments_of(COUNTY)) == [second, first]


def adopt_in_village(village: Hall, version: ItemVersion) -> None:
    with inside(village):
        adopt_items(by=system_actor(), hall=village, item_ids=[version.item_id], reason="上级委托")
        save_hall_defaults(by=system_actor(), hall=village, department_id=None, values={"complaints": "12345"})


def post(username: str, role: OwnRole, hall: Hall, reach: Reach) -> None:
    give_position(
        by=person("zhao"),
        account=account(username),
        role=role,
        hall_id=hall.pk,
        reach_prefix=hall.prefixes[-1],
        reach=reach,
    )


def _assigning() -> OwnRole:
    return make_role("下发专员", ["catalogue.assign", "catalogue.read", "portal.write", "services.adopt"])
