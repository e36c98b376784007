"""A hall's items over HTTP for programs: /api/hall/v1/services."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from province.catalogue.models import Item, ItemVersion
from province.halls.models import Hall
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from tenants.services.models import Adoption
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, make_shown, save, submit
from tests.factories.catalogue import make_item, make_published
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db
ROOT = "/api/hall/v1/services"
SCOPES = ("services.adopt", "services.review")


class _Program:
    """A program with a key of one of the cast, on a hall's host."""

    def __init__(self, username: str, *scopes: str, host: str = "north.yizhan.localhost") -> None:
        account = Account.objects.get(username=username)
        key = issue_token(by=person(username), account=account, name="测试", scopes=scopes or SCOPES)
        self.client = Client(headers={"host": host, "authorization": f"Bearer {key}"})

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"{ROOT}{path}", query)

    def send(self, method: str, path: str, data: object = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.generic(
            method, f"{ROOT}{path}", json.dumps(data or {}), content_type="application/json", headers=headers
        )


@pytest.fixture
def sun() -> _Program:
    return _Program("sun")


@pytest.fixture
def li() -> _Program:
    return _Program("li")


class TestItemsApi:
    def test_leads_from_an_offer_to_the_citizens_and_back(self, sun: _Program, li: _Program) -> None:
        version = make_published()
        offers = sun.get("/items/offered", choice="ready").json()["items"]
        assert [(one["item_id"], one["number"]) for one in offers] == [(str(version.item_id), 1)]
        made = sun.send("POST", "/items", {"item_ids": [str(version.item_id)]}, key="a")
        counts = {name: number for name, number in made.json().items() if name != "outcomes"}
        assert (made.status_code, counts) == (201, {"added": 1, "complete": 0, "known": 0})
        assert [one["is_done"] for one in made.json()["outcomes"]] == [True]
        assert sun.send("POST", "/items", {"item_ids": [str(version.item_id)]}, key="a").json()["added"] == 1
        again = sun.send("POST", "/items", {"item_ids": [str(version.item_id)]}).json()
        assert again["known"] == 1
        assert again["outcomes"] == [
            {
                "id": str(version.item_id),
                "name": version.name,
                "is_done": False,
                "reason": "本厅已经认领过，没有改动。",
            }
        ]
        assert sun.get("/items/offered").json()["items"] == []
        line = sun.get("/items", state="filling").json()["items"][0]
        path = f"/items/{line['id']}"
        assert "缺少「实施主体」。" in sun.get(path).json()["missing"]
        part = {"revision": 0, "values": hall_guide_for(version.item)}
        saved = sun.send("PUT", f"{path}/hall-guide", part).json()
        assert (saved["revision"], saved["score"], saved["missing"]) == (1, 100, [])
        assert sun.send("PUT", f"{path}/hall-guide", part).status_code == 409
        assert sun.send("POST", f"{path}/submit", key="b").json()["number"] == 1
        assert sun.send("POST", f"{path}/recall").json()["guide_state"] == "filling"
        assert sun.send("POST", f"{path}/submit", key="c").json()["number"] == 2
        assert sun.send("POST", f"{path}/hall-guides/2/pass").status_code == 403
        assert (
            li.send("POST", f"{path}/hall-guides/2/return", {"reason": "窗口号不对"}).json()["guide_state"]
            == "returned"
        )
        assert sun.send("POST", f"{path}/submit").status_code == 201
        assert li.send("POST", f"{path}/hall-guides/3/pass").json()["state"] == "published"
        assert [one["is_passed"] for one in sun.get(f"{path}/hall-guides").json()] == [True, False, None]
        assert li.send("POST", f"{path}/stop", {"reason": "窗口装修"}).json()["stop_reason"] == "窗口装修"
        assert li.send("POST", f"{path}/resume").json()["state"] == "published"
        assert sun.send("DELETE", path).status_code == 409
        acts = [one["act"] for one in sun.get(f"{path}/history").json()]
        assert acts[0] == "services.resume_adoption"

    def test_says_what_a_new_version_changes_and_accepts_it(self, north: Hall, sun: _Program, li: _Program) -> None:
        adoption = make_shown(north)
        path = f"/items/{adoption.pk}"
        assert sun.get(f"{path}/newest").status_code == 404
        make_published(Item.objects.get(pk=adoption.item_id), conditions="有场所。")
        newest = sun.get(f"{path}/newest").json()
        assert (newest["number"], newest["refused"]) == (2, [])
        assert "有场所" in newest["changes"][0]["sentence"]
        assert sun.get("/items", state="newer").json()["items"][0]["newest_number"] == 2
        assert li.send("POST", f"{path}/versions/2/accept").json()["version_number"] == 2
        assert li.send("POST", f"{path}/versions/2/accept").status_code == 409

    def test_drops_what_nobody_has_seen(self, north: Hall, sun: _Program) -> None:
        adoption = adopt(north)
        assert sun.send("DELETE", f"/items/{adoption.pk}").status_code == 204
        assert sun.get(f"/items/{adoption.pk}").status_code == 404

    def test_keeps_to_its_hall_and_to_what_the_key_may(self, north: Hall, south: Hall, sun: _Program) -> None:
        adoption = submit(south, save(south, adopt(south, by="zhou"), by="zhou"), by="zhou")
        for path in (f"/items/{adoption.pk}", f"/items/{adoption.pk}/hall-guides", f"/items/{uuid4()}"):
            assert sun.get(path).status_code == 404
        assert sun.send("POST", f"/items/{adoption.pk}/recall").status_code == 404
        for other in (_Program("zhou"), _Program("sun", "portal.write"), _Program("hua", "citizens.check")):
            assert other.get("/items").status_code == 403
        own = submit(north, save(north, adopt(north, make_published(make_item(5)))))
        writer = _Program("li", "services.adopt")
        assert writer.send("POST", f"/items/{own.pk}/hall-guides/1/pass").status_code == 403
        with inside(north):
            assert Adoption.objects.get(pk=own.pk).guide_state == "submitted"


class TestHallDefaultsApi:
    def test_saves_lists_and_fills(self, north: Hall, sun: _Program) -> None:
        adoption = adopt(north)
        department = str(ItemVersion.objects.get(item=adoption.item_id).department_id)
        own = {"department_id": department, "values": {"body_name": "当阳市市场监督管理局"}}
        assert sun.send("PUT", "/hall-defaults", own).status_code == 200
        assert sun.send("PUT", "/hall-defaults", {"values": {"complaints": "12345"}}).status_code == 200
        listed = sun.get("/hall-defaults").json()
        assert [one["department_id"] for one in listed] == [None, department]
        assert sun.send("PUT", "/hall-defaults", {"values": {"task_code": "1"}}).status_code == 422
        assert sun.send("POST", "/hall-defaults/fill").json() == {"changed": 1}
        assert sun.get(f"/items/{adoption.pk}").json()["values"]["complaints"] == "12345"


class TestManyItems:
    """What the desk's table does with its ticked rows."""

    def test_are_submitted_passed_and_accepted_each_with_its_outcome(
        self, sun: _Program, li: _Program, north: Hall
    ) -> None:
        ready = [save(north, adopt(north, make_published(make_item(number)))) for number in (1, 2)]
        gaping = adopt(north, make_published(make_item(3)))
        ids = [str(one.pk) for one in (*ready, gaping)]
        answers = [sun.send("POST", "/items/submit", {"ids": ids}, key="many").json() for _ in range(2)]
        assert answers[0] == answers[1]
        assert [(one["id"], one["is_done"]) for one in answers[0]] == [(ids[0], True), (ids[1], True), (ids[2], False)]
        assert "要补充或修改" in answers[0][2]["reason"]
        assert answers[0][2]["name"]
        rows = [{"id": ids[0], "number": 1}, {"id": ids[1], "number": 7}]
        passed = li.send("POST", "/items/pass", {"rows": rows}).json()
        assert [one["is_done"] for one in passed] == [True, False]
        assert "已由他人处理" in passed[1]["reason"]
        [accepted] = li.send("POST", "/items/accept", {"rows": [{"id": ids[0], "number": 1}]}).json()
        assert accepted["reason"] == "本厅已经接受了这一版。"
        given = sun.send("POST", "/items/unit", {"adoption_ids": ids, "unit_id": None}).json()
        assert [(one["id"], one["is_done"]) for one in given] == [(one, True) for one in ids]

    def test_are_this_halls_alone_and_not_too_many(self, sun: _Program, north: Hall, south: Hall) -> None:
        own = save(north, adopt(north, make_published(make_item(1))))
        other = adopt(south, make_published(make_item(2)), by="zhou")
        assert sun.send("POST", "/items/submit", {"ids": [str(own.pk), str(other.pk)]}).status_code == 404
        assert sun.get("/items", state="review").json()["items"] == []
        assert sun.send("POST", "/items/submit", {"ids": [str(own.pk)] * 201}).status_code == 422
