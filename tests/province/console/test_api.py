"""The audit and the wall's links over HTTP for programs: /api/province/v1/console."""

from typing import Any

import pytest
from django.test import Client

from province.audit.models import AuditEntry
from province.audit.operations import record_act
from province.halls.models import Hall
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.people import account
from tests.isolation.asking import PROVINCE

pytestmark = pytest.mark.django_db
ROOT = "/api/province/v1/console"


def program(username: str, *scopes: str) -> Client:
    key = issue_token(by=person(username), account=account(username), name="测试", scopes=scopes)
    return Client(headers={"host": PROVINCE, "authorization": f"Bearer {key}"})


def leave(hall: Hall, reason: str) -> AuditEntry:
    facts = {"object_type": "hall", "object_id": hall.pk, "hall_id": hall.pk}
    record_act(by=person("sun"), act="halls.update", reason=reason, **facts)
    return AuditEntry.objects.get(reason=reason)


class TestAuditApi:
    def test_lists_within_reach_the_newest_first_page_by_page(self, north: Hall, south: Hall) -> None:
        theirs, first, second = leave(south, "别处"), leave(north, "先"), leave(north, "后")
        he = program("he", "audit.read")
        found: dict[str, Any] = he.get(f"{ROOT}/audit", {"act": "halls.update", "limit": 1}).json()
        assert [(one["reason"], one["hall"], one["act_label"]) for one in found["items"]] == [
            ("后", north.name, "修改资料")
        ]
        further = he.get(f"{ROOT}/audit", {"act": "halls.update", "cursor": found["next_cursor"]}).json()
        assert [one["id"] for one in further["items"]] == [str(first.pk)]
        assert he.get(f"{ROOT}/audit/{second.pk}").json()["position"] is None
        assert he.get(f"{ROOT}/audit/{theirs.pk}").status_code == 404
        assert program("sun", "audit.read").get(f"{ROOT}/audit").status_code == 403

    def test_takes_a_table_away_and_leaves_an_entry(self, north: Hall) -> None:
        leave(north, "改地址")
        zhao = program("zhao", "audit.read")
        table = zhao.post(f"{ROOT}/audit/export", {"until": "9999-12-31"}, content_type="application/json")
        assert table["Content-Type"].startswith("text/csv")
        assert "改地址" in table.content.decode()
        assert AuditEntry.objects.filter(act="audit.export").count() == 1
        assert zhao.get(f"{ROOT}/audit", {"act": "halls.nonsense"}).status_code == 422


class TestWallLinksApi:
    def test_makes_an_address_that_is_shown_once_and_ends(self) -> None:
        zhao = program("zhao", "console.wall")
        made = zhao.post(f"{ROOT}/wall-links", {"name": "东侧屏幕"}, content_type="application/json")
        assert made.status_code == 201, made.content.decode()
        wall = made.json()["address"].partition("/wall/")[2]
        assert Client().get(f"/wall/{wall}", headers={"host": PROVINCE}).status_code == 200
        assert "address" not in zhao.get(f"{ROOT}/wall-links").json()["items"][0]
        link = f"{ROOT}/wall-links/{made.json()['id']}"
        assert program("sun", "console.wall").delete(link).status_code == 403
        ended = [zhao.delete(link, headers={"Idempotency-Key": "a"}).json()["revoked_at"] for _ in range(2)]
        assert ended[0] is not None
        assert ended[0] == ended[1]
        assert Client().get(f"/wall/{wall}", headers={"host": PROVINCE}).status_code == 404
