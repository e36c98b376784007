"""Handing down over HTTP for programs, /api/hall/v1/lower_halls, and how items stand in a place."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from foundation.events.operations import drain_events
from province.catalogue.models import Assignment
from province.halls.models import Hall
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_published
from tests.factories.people import account
from tests.isolation.asking import PROVINCE

pytestmark = pytest.mark.django_db
ROOT = "/api/hall/v1/lower_halls/assignments"
MATRIX = "/api/province/v1/catalogue/matrix"


def program(username: str, *scopes: str, host: str) -> Client:
    key = issue_token(by=person(username), account=account(username), name="测试", scopes=scopes)
    return Client(headers={"host": host, "authorization": f"Bearer {key}"})


class TestAssignmentsApi:
    def test_hands_down_once_for_a_key_and_says_what_came_of_it(self, north: Hall) -> None:
        version = make_published()
        make_shown(north, version)
        scopes = ("catalogue.assign", "services.adopt")
        sun = program("sun", *scopes, host="north.yizhan.localhost")
        asked = {"item_ids": [str(version.item_id)], "kinds": ["village"]}
        made: list[dict[str, Any]] = [
            sun.post(ROOT, asked, content_type="application/json", headers={"Idempotency-Key": "a"}).json()
            for _ in range(2)
        ]
        assert made[0] == made[1]
        assert made[0]["progress"] == {"done": 0, "waiting": 1, "failed": 0}
        drain_events()
        own = f"{ROOT}/{Assignment.objects.get().pk}"
        assert sun.get(own).json()["progress"]["done"] == 1
        assert [one["by_name"] for one in sun.get(ROOT).json()["items"]] == [made[0]["by_name"]]
        assert sun.post(f"{own}/retry").json() == {"halls": 0}
        assert sun.post(f"{own}/end").json()["ended_at"]
        assert sun.post(f"{own}/end").status_code == 409
        # a key without the scope, and another hall
        adopter = program("sun", "services.adopt", host="north.yizhan.localhost")
        assert adopter.post(ROOT, asked, content_type="application/json").status_code == 403
        south = program("zhou", *scopes, host="south.yizhan.localhost")
        assert south.get(own).status_code == 404
        assert south.get(f"{ROOT}/{uuid4()}").status_code == 404


class TestMatrixApi:
    def test_is_of_the_place_that_is_within_reach(self, north: Hall) -> None:
        make_shown(north)
        sun = program("sun", "catalogue.read", host=PROVINCE)
        found = sun.get(MATRIX).json()
        assert [one["code"] for one in found["halls"]] == ["420582000000", "420582103200"]
        [row] = found["items"]
        assert row["shown"] == 1
        assert row["states"][0] == "p"
        assert {one["state"]: one["number"] for one in found["counts"]}["p"] == 1
        assert sun.get(MATRIX, {"under": "420583000000"}).status_code == 404
        assert sun.get(MATRIX, {"state": "p"}).json()["items"]
        assert program("sun", "content.read", host=PROVINCE).get(MATRIX).status_code == 403
