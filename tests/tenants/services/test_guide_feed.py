"""What others read of the guides of halls: every change once, in the order of the commits, without a gap."""

import json
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest

from province.catalogue.models import GuideChange, HallItem
from province.halls.models import Hall
from standards.items.exchange.national_rows import JSON_SCHEMA
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import resume_adoption, stop_adoption
from tenants.services.operations.hall_guides import pass_hall_guide
from tenants.services.operations.reports import report_again
from tests.conftest import person
from tests.factories.adoptions import adopt, make_shown, save, show, submit
from tests.factories.catalogue import make_item, make_published
from tests.factories.services import make_shown_at
from tests.factories.sites import inside
from tests.province.catalogue.test_api import client_of
from tests.races import at_once

FEED = "/api/province/v1/catalogue/guide-changes"


def read(hall: Hall, **query: Any) -> Any:
    answer = client_of("zhao").get(FEED, {"hall": hall.division.code, **query})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def kinds(hall: Hall) -> list[tuple[int, str]]:
    return list(GuideChange.objects.filter(hall_id=hall.pk).order_by("position").values_list("position", "kind"))


@pytest.mark.django_db
class TestFeed:
    def test_tells_each_change_of_what_citizens_read_and_nothing_else(self, north: Hall, south: Hall) -> None:
        version = make_published()
        adoption = adopt(north, version)
        save(north, adoption)
        assert kinds(north) == []
        show(north, adoption)
        save(north, adoption, part=adoption.values | {"consult": "96-1"})
        assert kinds(north) == [(1, "shown")]
        show(north, adoption)
        with inside(north):
            stop_adoption(by=person("li"), hall=north, adoption_id=adoption.pk, reason="窗口搬迁")
            resume_adoption(by=person("li"), hall=north, adoption_id=adoption.pk)
        make_shown_at(south, version, editor="zhou")
        assert kinds(north) == [(1, "shown"), (2, "changed"), (3, "removed"), (4, "shown")]
        assert kinds(south) == [(1, "shown")]

    def test_hands_over_every_guide_in_its_national_form(self, north: Hall) -> None:
        for number in (1, 2, 3):
            make_shown(north, make_published(make_item(number)), consult=f"96-{number}")
        first = read(north, limit=2)
        assert (first["cursor"], first["has_more"]) == (2, True)
        rest = read(north, after=first["cursor"])
        assert (rest["cursor"], rest["has_more"]) == (3, False)
        changes = [*first["changes"], *rest["changes"]]
        assert [one["position"] for one in changes] == [1, 2, 3]
        document = {"format": "yizhan-up-task", "version": 1, "items": [one["national"] for one in changes]}
        validator = jsonschema_rs.validator_for(json.loads(JSON_SCHEMA.read_bytes()))
        assert list(validator.iter_errors(document)) == []
        basics = [one["national"]["up_task_general_basic"][0] for one in changes]
        assert [one["link_way"] for one in basics] == ["96-1", "96-2", "96-3"]
        assert {(one["task_state"], one["task_version"]) for one in basics} == {("1", "1")}
        assert read(north, after=3) == {"changes": [], "cursor": 3, "has_more": False}
        (head,) = client_of("zhao").get(f"{FEED}/heads").json()
        assert (head["hall_code"], head["position"]) == (north.division.code, 3)
        assert client_of("zhao").get(f"{FEED}/heads", {"since": "2099-01-01T00:00:00Z"}).json() == []
        assert client_of("zhao").get(FEED, {"hall": "999999999999"}).status_code == 404

    def test_says_after_a_restore_what_is_gone(self, north: Hall) -> None:
        kept, lost = (make_shown(north, make_published(make_item(number))) for number in (1, 2))
        with inside(north):
            Adoption.objects.filter(pk=lost.pk).update(published=None)
            Adoption.objects.get(pk=lost.pk).delete()
            report_again(north)
            report_again(north)
        assert kinds(north) == [(1, "shown"), (2, "shown"), (3, "removed")]
        assert GuideChange.objects.get(position=3).item_id == lost.item_id
        assert list(HallItem.objects.filter(hall_id=north.pk).values_list("item_id", flat=True)) == [kept.item_id]


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_leave_no_gap_and_tell_each_once(self, north: Hall) -> None:
        ids: list[UUID] = []
        for number in (1, 2):
            adoption = adopt(north, make_published(make_item(number)))
            submit(north, save(north, adoption))
            ids.append(adoption.pk)

        def passes(adoption_id: UUID) -> None:
            with inside(north):
                pass_hall_guide(by=person("li"), hall=north, adoption_id=adoption_id, number=1)

        at_once(*(lambda adoption_id=one: passes(adoption_id) for one in ids))
        assert kinds(north) == [(1, "shown"), (2, "shown")]
