"""Adoption of items: taken up, filled in, decided on by somebody else, shown, stopped."""

from typing import Any

import pytest

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.catalogue.models import HallItem, Item
from province.catalogue.states import AdoptionState, HallGuideState
from province.halls.models import Hall, HallGeneration
from province.rights.queries import system_actor
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.operations.adoptions import adopt_items, drop_adoption, resume_adoption, stop_adoption
from tenants.services.operations.hall_defaults import fill_gaps, save_hall_defaults
from tenants.services.operations.hall_guides import (
    pass_hall_guide,
    recall_hall_guide,
    return_hall_guide,
    save_hall_guide,
    submit_hall_guide,
)
from tenants.services.queries.shown import shown_item, shown_version_ids
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, make_shown, save, show, submit
from tests.factories.catalogue import REASON, make_department, make_published, suspend
from tests.factories.items import BODY, whole_hall_guide
from tests.factories.sites import change_hall, inside

pytestmark = pytest.mark.django_db

USUAL = {"task_code", "level"}


def reported(hall: Hall, item_id: Any) -> tuple[str, str, int, int]:
    found = HallItem.objects.get(hall_id=hall.pk, item_id=item_id)
    return found.state, found.guide_state, found.score, found.version_number


def shows(hall: Hall) -> list[Any]:
    with schemas.enter(hall.schema_name):
        return shown_version_ids()


class TestAdoption:
    def test_begins_with_what_is_known_of_the_hall(self, north: Hall) -> None:
        hours = [{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"}]
        change_hall(north, address="子龙路 8 号", phone="0717-3251234", opening_hours=hours)
        north.refresh_from_db()
        adoption = adopt(north)
        assert adoption.values["consult"] == "0717-3251234"
        assert adoption.values["windows"] == [
            {
                "window": "当阳市县政务服务中心",
                "address": "子龙路 8 号",
                "hours": "周一至周五 08:30–12:00",
                "phone": "0717-3251234",
            }
        ]
        assert adoption.values["level"] == "4"
        assert reported(north, adoption.item_id) == ("adopted", "filling", adoption.score, 1)
        assert 0 < adoption.score < 100

    def test_takes_what_the_hall_says_once_and_puts_the_code_together(self, north: Hall) -> None:
        version = make_published()
        with inside(north):
            usual = {name: one for name, one in whole_hall_guide().items() if name not in {"task_code", "level"}}
            save_hall_defaults(by=person("sun"), hall=north, department_id=version.department_id, values=usual)
            save_hall_defaults(by=person("sun"), hall=north, department_id=None, values={"complaints": "12388"})
        adoption = adopt(north, version)
        assert adoption.values["task_code"] == f"{BODY}4{version.item.basic_code}"
        assert adoption.values["complaints"] == "12345"
        assert adoption.score == 100

    def test_is_made_once(self, north: Hall) -> None:
        adoption = adopt(north)
        with inside(north):
            again = adopt_items(by=person("sun"), hall=north, item_ids=[adoption.item_id])
            assert (again.added, again.known) == (0, 1)
            assert Adoption.objects.count() == 1
        assert HallItem.objects.count() == 1
        assert AuditEntry.objects.filter(act="services.adopt_items").count() == 1

    def test_is_refused_for_what_is_suspended(self, north: Hall) -> None:
        version = make_published()
        suspend(version.item, reason=REASON)
        with inside(north), pytest.raises(Invalid):
            adopt_items(by=person("sun"), hall=north, item_ids=[version.item_id])

    def test_asks_for_a_reason_where_another_level_does_it(self) -> None:
        version = make_published()
        village = Hall.objects.get(slug="village")
        with inside(village):
            with pytest.raises(Invalid, match="不由本级行使"):
                adopt_items(by=system_actor(), hall=village, item_ids=[version.item_id])
            assert not Adoption.objects.exists()
            adopt_items(by=system_actor(), hall=village, item_ids=[version.item_id], reason="市局委托代办")
            # what the hall has already needs no further reason
            assert adopt_items(by=system_actor(), hall=village, item_ids=[version.item_id]).known == 1
        assert AuditEntry.objects.get(act="services.adopt_items").reason == "市局委托代办"

    @pytest.mark.parametrize("who", ["zhou", "hua", "lu", "wu"])
    def test_is_for_the_halls_own_people(self, north: Hall, who: str) -> None:
        version = make_published()
        with inside(north), pytest.raises(NotAllowed):
            adopt_items(by=person(who), hall=north, item_ids=[version.item_id])

    def test_is_invisible_to_another_hall(self, north: Hall, south: Hall) -> None:
        adoption = make_shown(north)
        with inside(south):
            assert not Adoption.objects.exists()
            with pytest.raises(NotFound):
                stop_adoption(by=person("zhou"), hall=south, adoption_id=adoption.pk, reason=REASON)
            with pytest.raises(NotFound):
                shown_item(adoption.item_id)

    def test_can_be_dropped_until_it_was_shown(self, north: Hall) -> None:
        adoption = adopt(north)
        with inside(north):
            drop_adoption(by=person("sun"), hall=north, adoption_id=adoption.pk)
        assert not HallItem.objects.exists()
        shown = make_shown(north, make_published(Item.objects.get(pk=adoption.item_id), promised_days=9))
        with inside(north), pytest.raises(Conflict):
            drop_adoption(by=person("sun"), hall=north, adoption_id=shown.pk)


class TestPart:
    def test_is_shown_once_somebody_else_has_passed_it(self, north: Hall) -> None:
        adoption = save(north, adopt(north))
        assert adoption.score == 100
        assert shows(north) == []
        submit(north, adoption)
        with inside(north):
            with pytest.raises(NotAllowed):
                pass_hall_guide(by=person("sun"), hall=north, adoption_id=adoption.pk, number=1)
            pass_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=1)
            item = shown_item(adoption.item_id)
        assert item.values["body_name"] == "北安县市场监督管理局"
        assert item.values["promised_days"] == 10
        assert reported(north, adoption.item_id) == ("published", "done", 100, 1)

    def test_makes_the_halls_pages_stale(self, north: Hall) -> None:
        adoption = submit(north, save(north, adopt(north)))
        before = HallGeneration.objects.get(hall=north).generation
        with schemas.enter(north.schema_name):
            pass_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=1)
        assert HallGeneration.objects.get(hall=north).generation > before

    def test_may_have_gaps_and_no_faults(self, north: Hall) -> None:
        adoption = adopt(north)
        saved = save(north, adoption, part={"consult": "0717-1"})
        assert 0 < saved.score < 100
        with pytest.raises(Invalid) as refusal:
            save(north, adoption, part={"promised_days": 30, "promised_unit": "1"})
        assert "不得超过省里规定" in refusal.value.message
        with pytest.raises(Invalid) as refusal:
            submit(north, adoption)
        assert {"body_name", "windows"} <= {fault.where for fault in refusal.value.faults}

    def test_is_not_saved_over_a_newer_draft(self, north: Hall) -> None:
        adoption = adopt(north)
        save(north, adoption)
        with inside(north), pytest.raises(Conflict) as refusal:
            save_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, values={}, revision=0)
        assert "孙*" in refusal.value.message

    def test_comes_back_with_a_reason(self, north: Hall) -> None:
        adoption = submit(north, save(north, adopt(north)))
        with inside(north):
            with pytest.raises(Conflict):
                submit_hall_guide(by=person("sun"), hall=north, adoption_id=adoption.pk)
            with pytest.raises(Invalid):
                return_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=1, reason=" ")
            return_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=1, reason="窗口号不对")
        assert reported(north, adoption.item_id)[1] == HallGuideState.RETURNED
        show(north, save(north, adoption))
        with inside(north):
            assert shown_item(adoption.item_id).hall_guide.number == 2
            assert HallGuideVersion.objects.get(number=1).reason == "窗口号不对"

    def test_can_be_taken_back_and_is_decided_on_once(self, north: Hall) -> None:
        adoption = submit(north, save(north, adopt(north)))
        with inside(north):
            recall_hall_guide(by=person("sun"), hall=north, adoption_id=adoption.pk)
            with pytest.raises(Conflict):
                pass_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=1)
        submit(north, adoption)
        with inside(north):
            with pytest.raises(Conflict):
                pass_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=1)
            pass_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=2)
            with pytest.raises(Conflict):
                pass_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=2)

    def test_is_read_as_it_was_while_it_changes(self, north: Hall) -> None:
        adoption = make_shown(north)
        item = Item.objects.get(pk=adoption.item_id)
        save(north, adoption, part=hall_guide_for(item, consult="0700-9999999"))
        with inside(north):
            assert shown_item(item.pk).values["consult"] == "0700-1234567"
        assert reported(north, item.pk)[:2] == ("published", "filling")
        show(north, adoption)
        with inside(north):
            assert shown_item(item.pk).values["consult"] == "0700-9999999"


class TestStopping:
    def test_takes_the_item_off_and_back(self, north: Hall) -> None:
        adoption = make_shown(north)
        with inside(north):
            with pytest.raises(Invalid):
                stop_adoption(by=person("li"), hall=north, adoption_id=adoption.pk, reason="")
            stop_adoption(by=person("li"), hall=north, adoption_id=adoption.pk, reason="窗口装修")
        assert shows(north) == []
        assert reported(north, adoption.item_id)[0] == AdoptionState.STOPPED
        with inside(north):
            resume_adoption(by=person("li"), hall=north, adoption_id=adoption.pk)
            with pytest.raises(Conflict):
                resume_adoption(by=person("li"), hall=north, adoption_id=adoption.pk)
        assert len(shows(north)) == 1


class TestHallDefaults:
    def test_fill_gaps_alone(self, north: Hall) -> None:
        adoption = adopt(north)
        save(north, adoption, part={"consult": "0717-1111111"})
        with inside(north):
            save_hall_defaults(
                by=person("sun"),
                hall=north,
                department_id=None,
                values={"consult": "0717-2222222", "complaints": "12345"},
            )
            assert fill_gaps(by=person("li"), hall=north) == 1
            assert fill_gaps(by=person("li"), hall=north) == 0
            adoption.refresh_from_db()
        assert adoption.values["consult"] == "0717-1111111"
        assert adoption.values["complaints"] == "12345"

    def test_are_checked(self, north: Hall) -> None:
        with inside(north):
            for values in ({"body_code": f"{BODY[:-1]}X"}, {"task_code": "1"}, {"level": "9"}, {"nothing": "1"}):
                with pytest.raises(Invalid):
                    save_hall_defaults(by=person("sun"), hall=north, department_id=None, values=values)
            with pytest.raises(Invalid):
                save_hall_defaults(by=person("sun"), hall=north, department_id=north.pk, values={})
            with pytest.raises(NotAllowed):
                save_hall_defaults(by=person("zhou"), hall=north, department_id=None, values={})
        make_department()
